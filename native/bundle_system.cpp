#include "bundle_system.h"

#include <algorithm>

#include "target.h"

namespace spaceport {

namespace {

constexpr double kHuber1600 = 2;  // px at 1600: errors beyond count linearly

typedef double Quad __attribute__((vector_size(32)));

SPACEPORT_INLINE Quad load(const double* p) {
  Quad v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}

// A pose's share of the point's equations, times the inverse of the point's own.
struct Weighted {
  double pose[kPoseSize][3];
};

// Takes W_a V^-1 W_b^T off the block of every two poses of a track; `ties` stand by ascending place. Eight columns are written where six are
// meant: the last two get nothing taken off.
SPACEPORT_INLINE void takeOffBody(const Tie* ties, const Weighted* weighted, int n, double* matrix, int stride) {
  for (int b = 0; b < n; b++) {
    if (ties[b].pose < 0) continue;
    const Quad low[3] = {load(ties[b].byPose[0]), load(ties[b].byPose[1]), load(ties[b].byPose[2])};
    const Quad high[3] = {load(ties[b].byPose[0] + 4), load(ties[b].byPose[1] + 4), load(ties[b].byPose[2] + 4)};
    for (int a = b; a < n; a++) {
      double* line = matrix + size_t(ties[a].pose) * stride + ties[b].pose;
      for (int i = 0; i < kPoseSize; i++, line += stride) {
        const double* w = weighted[a].pose[i];
        const Quad x = load(line) - (low[0] * w[0] + low[1] * w[1] + low[2] * w[2]);
        const Quad y = load(line + 4) - (high[0] * w[0] + high[1] * w[1] + high[2] * w[2]);
        __builtin_memcpy(line, &x, sizeof x);
        __builtin_memcpy(line + 4, &y, sizeof y);
      }
    }
  }
}
SPACEPORT_KERNEL(takeOff, (const Tie* ties, const Weighted* weighted, int n, double* matrix, int stride), (ties, weighted, n, matrix, stride))

// All sights of one lens in a track, summed: what they do to the lens's rows they do together.
struct LensSum {
  int lens;
  double slopes[3][kLensSize] = {}, weighted[kLensSize][3] = {};
};

Tie tieOf(const Slopes& s) {
  Tie tie{s.pose, s.lens, {}, {}};
  for (int k = 0; k < 3; k++) {
    for (int i = 0; i < kPoseLanes; i++) tie.byPose[k][i] = s.byPose[0][i] * s.byPoint[0][k] + s.byPose[1][i] * s.byPoint[1][k];
    for (int i = 0; i < kLensSize; i++) tie.byLens[k][i] = s.byLens[0][i] * s.byPoint[0][k] + s.byLens[1][i] * s.byPoint[1][k];
  }
  return tie;
}

// The sight's own squares, before the point is taken out. Whole lanes: what falls above the diagonal is not read, the rest of it is zeros.
void addSquares(const Slopes& s, Normals& normals) {
  for (int i = 0; i < kPoseSize && s.pose >= 0; i++) {
    double* row = normals.matrix.row(s.pose + i) + s.pose;
    for (int j = 0; j < kPoseLanes; j++) row[j] += s.byPose[0][i] * s.byPose[0][j] + s.byPose[1][i] * s.byPose[1][j];
    normals.right[s.pose + i] -= s.byPose[0][i] * s.error[0] + s.byPose[1][i] * s.error[1];
  }
  for (int i = 0; i < kLensSize && s.lens >= 0; i++) {
    double* row = normals.matrix.row(s.lens + i);
    for (int j = 0; j < kPoseSize && s.pose >= 0; j++) row[s.pose + j] += s.byLens[0][i] * s.byPose[0][j] + s.byLens[1][i] * s.byPose[1][j];
    for (int j = 0; j <= i; j++) row[s.lens + j] += s.byLens[0][i] * s.byLens[0][j] + s.byLens[1][i] * s.byLens[1][j];
    normals.right[s.lens + i] -= s.byLens[0][i] * s.error[0] + s.byLens[1][i] * s.error[1];
  }
}

std::vector<LensSum> lensSums(const Tie* ties, int n, const Mat3& inverse) {
  std::vector<LensSum> sums;
  for (int a = 0; a < n; a++) {
    if (ties[a].lens < 0) continue;
    size_t at = 0;
    while (at < sums.size() && sums[at].lens != ties[a].lens) at++;
    if (at == sums.size()) sums.push_back({ties[a].lens});
    for (int k = 0; k < 3; k++)
      for (int i = 0; i < kLensSize; i++) sums[at].slopes[k][i] += ties[a].byLens[k][i];
  }
  for (LensSum& sum : sums)
    for (int i = 0; i < kLensSize; i++)
      for (int k = 0; k < 3; k++)
        sum.weighted[i][k] = sum.slopes[0][i] * inverse[k] + sum.slopes[1][i] * inverse[3 + k] + sum.slopes[2][i] * inverse[6 + k];
  return sums;
}

void takeOffLenses(const Tie* ties, int n, const Eliminated& point, Normals& normals) {
  const std::vector<LensSum> sums = lensSums(ties, n, point.inverse);
  for (const LensSum& sum : sums)
    for (int i = 0; i < kLensSize; i++) {
      const double* w = sum.weighted[i];
      double* row = normals.matrix.row(sum.lens + i);
      for (int b = 0; b < n; b++)
        for (int j = 0; j < kPoseSize && ties[b].pose >= 0; j++)
          row[ties[b].pose + j] -= w[0] * ties[b].byPose[0][j] + w[1] * ties[b].byPose[1][j] + w[2] * ties[b].byPose[2][j];
      for (const LensSum& other : sums)
        for (int j = 0; j < kLensSize && other.lens <= sum.lens; j++)
          row[other.lens + j] -= w[0] * other.slopes[0][j] + w[1] * other.slopes[1][j] + w[2] * other.slopes[2][j];
      normals.right[sum.lens + i] -= w[0] * point.right[0] + w[1] * point.right[1] + w[2] * point.right[2];
    }
}

}  // namespace

Mat3 inverse3(const Mat3& m) {
  const double d = 1 / determinant(m);
  return {d * (m[4] * m[8] - m[5] * m[7]), d * (m[2] * m[7] - m[1] * m[8]), d * (m[1] * m[5] - m[2] * m[4]),
          d * (m[5] * m[6] - m[3] * m[8]), d * (m[0] * m[8] - m[2] * m[6]), d * (m[2] * m[3] - m[0] * m[5]),
          d * (m[3] * m[7] - m[4] * m[6]), d * (m[1] * m[6] - m[0] * m[7]), d * (m[0] * m[4] - m[1] * m[3])};
}

bool slopesOf(const Scene& scene, const Layout& at, const Track& track, const Sight& sight, Slopes& s) {
  const Pose& pose = scene.poses[sight.photo];
  const Lens& lens = scene.lens(sight.photo);
  const Vec3 r = times(pose.rotation, track.point), c = r + pose.translation;
  if (c[2] <= 1e-9) return false;
  const double near = 1 / c[2], u = c[0] * near, v = c[1] * near, rr = u * u + v * v, d = 1 + lens.k * rr, f = lens.focal;
  s.error[0] = f * d * u - sight.x, s.error[1] = f * d * v - sight.y;
  const double huber = scene.pixels(sight.photo, kHuber1600), squared = s.error[0] * s.error[0] + s.error[1] * s.error[1];
  const double w = squared <= huber * huber ? 1 : std::sqrt(huber / std::sqrt(squared));
  const double uu = f * (d + 2 * lens.k * u * u), uv = f * 2 * lens.k * u * v, vv = f * (d + 2 * lens.k * v * v);
  const double toCamera[2][3] = {{w * uu * near, w * uv * near, -w * (uu * u + uv * v) * near}, {w * uv * near, w * vv * near, -w * (uv * u + vv * v) * near}};
  for (int e = 0; e < 2; e++) {
    const double *j = toCamera[e], along = w * f * (e ? v : u);
    const double row[kPoseLanes] = {j[2] * r[1] - j[1] * r[2], j[0] * r[2] - j[2] * r[0], j[1] * r[0] - j[0] * r[1], j[0], j[1], j[2], 0, 0};
    for (int k = 0; k < kPoseLanes; k++) s.byPose[e][k] = row[k];
    s.byLens[e][0] = along * d, s.byLens[e][1] = along * rr;
    for (int k = 0; k < 3; k++) s.byPoint[e][k] = j[0] * pose.rotation[k] + j[1] * pose.rotation[3 + k] + j[2] * pose.rotation[6 + k];
    s.error[e] *= w;
  }
  s.pose = at.pose[sight.photo], s.lens = at.lens[scene.lensOf[sight.photo]];
  return true;
}

void Normals::clear() {
  std::fill(matrix.numbers.begin(), matrix.numbers.end(), 0.0);
  std::fill(right.begin(), right.end(), 0.0);
  ties.clear();
}

Eliminated Normals::add(const std::vector<Slopes>& sights, double damping) {
  Eliminated out;
  Mat3 v{};
  for (const Slopes& s : sights)
    for (int e = 0; e < 2; e++)
      for (int i = 0; i < 3; i++) {
        out.right[i] -= s.byPoint[e][i] * s.error[e];
        for (int j = 0; j < 3; j++) v[3 * i + j] += s.byPoint[e][i] * s.byPoint[e][j];
      }
  for (int i = 0; i < 3; i++) v[4 * i] = v[4 * i] * (1 + damping) + 1e-12;
  out.inverse = inverse3(v);
  const int n = int(sights.size());
  out.firstTie = ties.size(), out.ties = sights.size();
  static thread_local std::vector<Weighted> weighted;
  weighted.resize(n);
  for (int a = 0; a < n; a++) {
    ties.push_back(tieOf(sights[a]));
    addSquares(sights[a], *this);
    const Tie& tie = ties.back();
    for (int i = 0; i < kPoseSize && tie.pose >= 0; i++) {
      double* w = weighted[a].pose[i];
      for (int k = 0; k < 3; k++) w[k] = tie.byPose[0][i] * out.inverse[k] + tie.byPose[1][i] * out.inverse[3 + k] + tie.byPose[2][i] * out.inverse[6 + k];
      right[tie.pose + i] -= w[0] * out.right[0] + w[1] * out.right[1] + w[2] * out.right[2];
    }
  }
  const Tie* own = &ties[out.firstTie];
  takeOff(own, weighted.data(), n, matrix.row(0), matrix.stride);
  takeOffLenses(own, n, out, *this);
  return out;
}

}  // namespace spaceport
