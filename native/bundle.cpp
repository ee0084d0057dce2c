#include "bundle.h"

#include "structure.h"

#include <algorithm>

namespace spaceport {

namespace {

constexpr int kPose = 6, kLens = 2, kCamera = kPose + kLens;
constexpr double kHuber1600 = 2;   // px at 1600: errors beyond count linearly

// Where each photo's numbers stand in the reduced system; -1: held still.
struct Layout {
  std::vector<int> pose, lens;
  int size = 0;
};

Layout layOut(const Scene& scene, const BundleOptions& options) {
  Layout at;
  at.pose.assign(scene.poses.size(), -1);
  at.lens.assign(scene.lenses.size(), -1);
  for (int photo : options.photos) {
    at.pose[photo] = at.size;
    at.size += kPose;
  }
  if (!options.refineLens) return at;
  for (int photo : options.photos)
    if (at.lens[scene.lensOf[photo]] < 0) {
      at.lens[scene.lensOf[photo]] = at.size;
      at.size += kLens;
    }
  return at;
}

// One sight's residual (px) and slopes: by pose (turn, shift) and lens (log focal, k), and by the point.
struct Slopes {
  int index[kCamera];
  double camera[2][kCamera], point[2][3], error[2];
};

bool slopesOf(const Scene& scene, const Layout& at, const Track& track, const Sight& sight, Slopes& s) {
  const Pose& pose = scene.poses[sight.photo];
  const Lens& lens = scene.lens(sight.photo);
  const Vec3 r = times(pose.rotation, track.point), c = r + pose.translation;
  if (c[2] <= 1e-9) return false;
  const double u = c[0] / c[2], v = c[1] / c[2], rr = u * u + v * v, d = 1 + lens.k * rr, f = lens.focal;
  s.error[0] = f * d * u - sight.x, s.error[1] = f * d * v - sight.y;
  const double huber = scene.pixels(sight.photo, kHuber1600), size = std::hypot(s.error[0], s.error[1]);
  const double w = size <= huber ? 1 : std::sqrt(huber / size);
  const double uu = f * (d + 2 * lens.k * u * u), uv = f * 2 * lens.k * u * v, vv = f * (d + 2 * lens.k * v * v);
  const double toCamera[2][3] = {{uu / c[2], uv / c[2], -(uu * u + uv * v) / c[2]}, {uv / c[2], vv / c[2], -(uv * u + vv * v) / c[2]}};
  for (int e = 0; e < 2; e++) {
    const double* j = toCamera[e];
    const double row[kCamera] = {j[2] * r[1] - j[1] * r[2], j[0] * r[2] - j[2] * r[0], j[1] * r[0] - j[0] * r[1], j[0], j[1], j[2], f * d * (e ? v : u), f * rr * (e ? v : u)};
    for (int k = 0; k < kCamera; k++) s.camera[e][k] = w * row[k];
    for (int k = 0; k < 3; k++) s.point[e][k] = w * (j[0] * pose.rotation[k] + j[1] * pose.rotation[3 + k] + j[2] * pose.rotation[6 + k]);
    s.error[e] *= w;
  }
  const int p = at.pose[sight.photo], l = at.lens[scene.lensOf[sight.photo]];
  for (int k = 0; k < kPose; k++) s.index[k] = p < 0 ? -1 : p + k;
  for (int k = 0; k < kLens; k++) s.index[kPose + k] = l < 0 ? -1 : l + k;
  return true;
}

double costOf(const Scene& scene, const std::vector<int>& tracks) {
  double cost = 0;
  for (int t : tracks)
    for (const Sight& sight : scene.tracks[t].sights) {
      if (!sight.used) continue;
      const double huber = scene.pixels(sight.photo, kHuber1600);
      const double e = std::min(1e12, errorSquared(scene.lens(sight.photo), scene.poses[sight.photo], scene.tracks[t].point, sight.x, sight.y));
      cost += e <= huber * huber ? e : 2 * huber * std::sqrt(e) - huber * huber;
    }
  return cost;
}

Mat3 inverse3(const Mat3& m) {
  const double d = 1 / determinant(m);
  return {d * (m[4] * m[8] - m[5] * m[7]), d * (m[2] * m[7] - m[1] * m[8]), d * (m[1] * m[5] - m[2] * m[4]),
          d * (m[5] * m[6] - m[3] * m[8]), d * (m[0] * m[8] - m[2] * m[6]), d * (m[2] * m[3] - m[0] * m[5]),
          d * (m[3] * m[7] - m[4] * m[6]), d * (m[1] * m[6] - m[0] * m[7]), d * (m[0] * m[4] - m[1] * m[3])};
}

// A track's share of the normal equations, kept to find its point's step once the cameras' is known.
struct Eliminated {
  Mat3 inverse;
  Vec3 right{};
  std::vector<Slopes> slopes;
};

// Adds a track to the reduced system: U - W V^-1 W^T and its right side.
void eliminatePoint(const std::vector<Slopes>& slopes, double damping, int size, std::vector<double>& system, std::vector<double>& right, Eliminated& out) {
  Mat3 v{};
  for (const Slopes& s : slopes)
    for (int e = 0; e < 2; e++)
      for (int i = 0; i < 3; i++) {
        out.right[i] -= s.point[e][i] * s.error[e];
        for (int j = 0; j < 3; j++) v[3 * i + j] += s.point[e][i] * s.point[e][j];
      }
  for (int i = 0; i < 3; i++) v[4 * i] = v[4 * i] * (1 + damping) + 1e-12;
  out.inverse = inverse3(v);
  const int n = int(slopes.size());
  std::vector<std::array<double, kCamera * 3>> w(n), wv(n);
  for (int a = 0; a < n; a++)
    for (int i = 0; i < kCamera; i++) {
      for (int k = 0; k < 3; k++) w[a][i * 3 + k] = slopes[a].camera[0][i] * slopes[a].point[0][k] + slopes[a].camera[1][i] * slopes[a].point[1][k];
      for (int k = 0; k < 3; k++) wv[a][i * 3 + k] = w[a][i * 3] * out.inverse[k] + w[a][i * 3 + 1] * out.inverse[3 + k] + w[a][i * 3 + 2] * out.inverse[6 + k];
    }
  // Only the lower triangle is filled, which is all that `solve` reads: lenses stand behind poses, so a pose's row ends with poses.
  for (int a = 0; a < n; a++)
    for (int i = 0; i < kCamera; i++) {
      const int row = slopes[a].index[i];
      if (row < 0) continue;
      const double* l = &wv[a][i * 3];
      right[row] -= slopes[a].camera[0][i] * slopes[a].error[0] + slopes[a].camera[1][i] * slopes[a].error[1];
      right[row] -= l[0] * out.right[0] + l[1] * out.right[1] + l[2] * out.right[2];
      double* line = &system[size_t(row) * size];
      const int last = i < kPose ? kPose : kCamera;
      for (int j = 0; j < last; j++)
        if (slopes[a].index[j] >= 0) line[slopes[a].index[j]] += slopes[a].camera[0][i] * slopes[a].camera[0][j] + slopes[a].camera[1][i] * slopes[a].camera[1][j];
      for (int b = 0; b < n; b++) {
        const int p = slopes[b].index[0], lens = slopes[b].index[kPose];
        if (p >= 0 && (i >= kPose || p <= slopes[a].index[0]))
          for (int j = 0; j < kPose; j++) line[p + j] -= l[0] * w[b][j * 3] + l[1] * w[b][j * 3 + 1] + l[2] * w[b][j * 3 + 2];
        if (lens >= 0 && i >= kPose)
          for (int j = kPose; j < kCamera; j++) line[lens + j - kPose] -= l[0] * w[b][j * 3] + l[1] * w[b][j * 3 + 1] + l[2] * w[b][j * 3 + 2];
      }
    }
}

// Of the tracks, those that tie the cameras best, until each free photo has `most`: a point seen from many sides fixes as much as
// several seen from two. The rest follow when the cameras stand.
std::vector<int> tightest(const Scene& scene, const Layout& at, const std::vector<int>& tracks, int most) {
  std::vector<std::pair<int, int>> order;
  for (int t : tracks) {
    int used = 0;
    for (const Sight& s : scene.tracks[t].sights) used += s.used;
    order.push_back({-used, t});
  }
  std::sort(order.begin(), order.end());
  std::vector<int> has(scene.poses.size(), 0), chosen;
  for (const auto& [used, t] : order) {
    bool wanted = false;
    for (const Sight& s : scene.tracks[t].sights) wanted = wanted || (s.used && at.pose[s.photo] >= 0 && has[s.photo] < most);
    if (!wanted) continue;
    for (const Sight& s : scene.tracks[t].sights) has[s.photo] += s.used;
    chosen.push_back(t);
  }
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

// Moves one point to where its sights want it, the cameras held still.
void settle(Scene& scene, const Layout& still, Track& track) {
  for (int turn = 0; turn < 2; turn++) {
    Mat3 v{};
    Vec3 right{};
    Slopes s;
    for (const Sight& sight : track.sights) {
      if (!sight.used || !slopesOf(scene, still, track, sight, s)) continue;
      for (int e = 0; e < 2; e++)
        for (int i = 0; i < 3; i++) {
          right[i] -= s.point[e][i] * s.error[e];
          for (int j = 0; j < 3; j++) v[3 * i + j] += s.point[e][i] * s.point[e][j];
        }
    }
    for (int i = 0; i < 3; i++) v[4 * i] = v[4 * i] * (1 + 1e-6) + 1e-12;
    track.point = track.point + times(inverse3(v), right);
  }
}

// Cholesky in place on the lower triangle; false where the system is not positive definite.
bool solve(std::vector<double>& a, std::vector<double>& b, int n) {
  for (int i = 0; i < n; i++)
    for (int j = 0; j <= i; j++) {
      const double *ri = &a[size_t(i) * n], *rj = &a[size_t(j) * n];
      double s = ri[j];
      for (int k = 0; k < j; k++) s -= ri[k] * rj[k];
      if (i == j && s <= 0) return false;
      a[size_t(i) * n + j] = i == j ? std::sqrt(s) : s / rj[j];
    }
  for (int i = 0; i < n; i++) {
    for (int k = 0; k < i; k++) b[i] -= a[size_t(i) * n + k] * b[k];
    b[i] /= a[size_t(i) * n + i];
  }
  for (int i = n - 1; i >= 0; i--) {
    for (int k = i + 1; k < n; k++) b[i] -= a[size_t(k) * n + i] * b[k];
    b[i] /= a[size_t(i) * n + i];
  }
  return true;
}

// The scene's moving parts, to go back to after a step that made it worse.
struct Saved {
  std::vector<Pose> poses;
  std::vector<Lens> lenses;
  std::vector<Vec3> points;
};

void moveCameras(Scene& scene, const std::vector<int>& photos, const Layout& at, const std::vector<double>& step) {
  for (int photo : photos) {
    const int p = at.pose[photo];
    scene.poses[photo].rotation = times(rotationBy({step[p], step[p + 1], step[p + 2]}), scene.poses[photo].rotation);
    scene.poses[photo].translation = scene.poses[photo].translation + Vec3{step[p + 3], step[p + 4], step[p + 5]};
  }
  for (size_t lens = 0; lens < scene.lenses.size(); lens++) {
    const int l = at.lens[lens];
    if (l < 0) continue;
    scene.lenses[lens].focal *= std::exp(std::clamp(step[l], -0.5, 0.5));
    scene.lenses[lens].k = std::clamp(scene.lenses[lens].k + step[l + 1], -1.0, 1.0);
  }
}

void movePoint(Track& track, const Eliminated& part, const std::vector<double>& step) {
  Vec3 right = part.right;
  for (const Slopes& s : part.slopes)
    for (int i = 0; i < kCamera; i++) {
      if (s.index[i] < 0) continue;
      for (int k = 0; k < 3; k++) right[k] -= (s.camera[0][i] * s.point[0][k] + s.camera[1][i] * s.point[1][k]) * step[s.index[i]];
    }
  track.point = track.point + times(part.inverse, right);
}

}  // namespace

void adjust(Scene& scene, const BundleOptions& options) {
  const Layout at = layOut(scene, options);
  std::vector<int> tracks;
  for (int t : tracksOf(scene, options.photos)) {
    bool seen = false;
    for (const Sight& s : scene.tracks[t].sights) seen = seen || (s.used && at.pose[s.photo] >= 0);
    if (scene.tracks[t].made && seen) tracks.push_back(t);
  }
  if (tracks.empty() || at.size == 0) return;
  const std::vector<int> all = tracks;
  if (options.mostTracks > 0) tracks = tightest(scene, at, all, options.mostTracks);
  double damping = 1e-3, cost = costOf(scene, tracks);
  for (int turn = 0; turn < options.iterations; turn++) {
    std::vector<double> system(size_t(at.size) * at.size, 0), step(at.size, 0);
    std::vector<Eliminated> parts(tracks.size());
    for (size_t i = 0; i < tracks.size(); i++) {
      const Track& track = scene.tracks[tracks[i]];
      Slopes s;
      for (const Sight& sight : track.sights)
        if (sight.used && slopesOf(scene, at, track, sight, s)) parts[i].slopes.push_back(s);
      eliminatePoint(parts[i].slopes, damping, at.size, system, step, parts[i]);
    }
    // Damping by the diagonal, with a floor: the gauge and a lens that nothing fixes would make it singular.
    for (int i = 0; i < at.size; i++) system[size_t(i) * at.size + i] = system[size_t(i) * at.size + i] * (1 + damping) + 1e-6;
    Saved saved{{}, scene.lenses, {}};
    for (int photo : options.photos) saved.poses.push_back(scene.poses[photo]);
    for (int t : tracks) saved.points.push_back(scene.tracks[t].point);
    double after = 1e300;
    if (solve(system, step, at.size)) {
      moveCameras(scene, options.photos, at, step);
      for (size_t i = 0; i < tracks.size(); i++) movePoint(scene.tracks[tracks[i]], parts[i], step);
      after = costOf(scene, tracks);
    }
    if (!(after < cost)) {
      for (size_t i = 0; i < options.photos.size(); i++) scene.poses[options.photos[i]] = saved.poses[i];
      scene.lenses = saved.lenses;
      for (size_t i = 0; i < tracks.size(); i++) scene.tracks[tracks[i]].point = saved.points[i];
      damping *= 10;
      if (damping > 1e4) break;
      continue;
    }
    const bool done = cost - after < 1e-4 * cost;
    cost = after, damping = std::max(1e-6, damping * 0.2);
    if (done) break;
  }
  if (tracks.size() == all.size()) return;
  const Layout still{std::vector<int>(scene.poses.size(), -1), std::vector<int>(scene.lenses.size(), -1), 0};
  for (size_t i = 0, k = 0; i < all.size(); i++) {
    if (k < tracks.size() && tracks[k] == all[i])
      k++;
    else
      settle(scene, still, scene.tracks[all[i]]);
  }
}

}  // namespace spaceport
