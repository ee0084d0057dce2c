#include "bundle.h"

#include <algorithm>

#include "bundle_system.h"
#include "structure.h"

namespace spaceport {

namespace {

constexpr double kHuber1600 = 2;   // px at 1600: errors beyond count linearly

Layout layOut(const Scene& scene, const BundleOptions& options) {
  Layout at;
  at.pose.assign(scene.poses.size(), -1);
  at.lens.assign(scene.lenses.size(), -1);
  for (int photo : options.photos) {
    at.pose[photo] = at.size;
    at.size += kPoseSize;
  }
  if (!options.refineLens) return at;
  for (int photo : options.photos)
    if (at.lens[scene.lensOf[photo]] < 0) {
      at.lens[scene.lensOf[photo]] = at.size;
      at.size += kLensSize;
    }
  return at;
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
          right[i] -= s.byPoint[e][i] * s.error[e];
          for (int j = 0; j < 3; j++) v[3 * i + j] += s.byPoint[e][i] * s.byPoint[e][j];
        }
    }
    for (int i = 0; i < 3; i++) v[4 * i] = v[4 * i] * (1 + 1e-6) + 1e-12;
    track.point = track.point + times(inverse3(v), right);
  }
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

void movePoint(Track& track, const Eliminated& part, const Tie* ties, const std::vector<double>& step) {
  Vec3 right = part.right;
  for (size_t a = 0; a < part.ties; a++) {
    const Tie& tie = ties[part.firstTie + a];
    for (int i = 0; i < kPoseSize && tie.pose >= 0; i++)
      for (int k = 0; k < 3; k++) right[k] -= tie.byPose[k][i] * step[tie.pose + i];
    for (int i = 0; i < kLensSize && tie.lens >= 0; i++)
      for (int k = 0; k < 3; k++) right[k] -= tie.byLens[k][i] * step[tie.lens + i];
  }
  track.point = track.point + times(part.inverse, right);
}

// The sights of each track that count, by ascending place of their pose.
std::vector<std::vector<const Sight*>> usedSights(const Scene& scene, const Layout& at, const std::vector<int>& tracks) {
  std::vector<std::vector<const Sight*>> used(tracks.size());
  for (size_t i = 0; i < tracks.size(); i++) {
    for (const Sight& sight : scene.tracks[tracks[i]].sights)
      if (sight.used) used[i].push_back(&sight);
    std::stable_sort(used[i].begin(), used[i].end(), [&](const Sight* a, const Sight* b) { return at.pose[a->photo] < at.pose[b->photo]; });
  }
  return used;
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
  const std::vector<std::vector<const Sight*>> used = usedSights(scene, at, tracks);
  std::vector<Slopes> slopes;
  std::vector<Eliminated> parts(tracks.size());
  Normals normals(at.size);
  double damping = 1e-3, cost = costOf(scene, tracks);
  for (int turn = 0; turn < options.iterations; turn++) {
    normals.clear();
    for (size_t i = 0; i < tracks.size(); i++) {
      slopes.clear();
      for (const Sight* sight : used[i]) {
        slopes.emplace_back();
        if (!slopesOf(scene, at, scene.tracks[tracks[i]], *sight, slopes.back())) slopes.pop_back();
      }
      parts[i] = normals.add(slopes, damping);
    }
    // Damping by the diagonal, with a floor: the gauge and a lens that nothing fixes would make it singular.
    for (int i = 0; i < at.size; i++) normals.matrix.row(i)[i] = normals.matrix.row(i)[i] * (1 + damping) + 1e-6;
    Saved saved{{}, scene.lenses, {}};
    for (int photo : options.photos) saved.poses.push_back(scene.poses[photo]);
    for (int t : tracks) saved.points.push_back(scene.tracks[t].point);
    double after = 1e300;
    if (solve(normals.matrix, normals.right)) {
      moveCameras(scene, options.photos, at, normals.right);
      for (size_t i = 0; i < tracks.size(); i++) movePoint(scene.tracks[tracks[i]], parts[i], normals.ties.data(), normals.right);
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
