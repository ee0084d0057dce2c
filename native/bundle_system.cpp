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

// The normal equations' numbers, as kernels take them.
struct Equations {
  double* matrix;
  int stride;
  double* right;
};

SPACEPORT_INLINE void tieOf(const Slopes& s, Tie& tie) {
  tie.pose = s.pose, tie.lens = s.lens;
  for (int k = 0; k < 3; k++) {
    for (int i = 0; i < kPoseLanes; i++) tie.byPose[k][i] = s.byPose[0][i] * s.byPoint[0][k] + s.byPose[1][i] * s.byPoint[1][k];
    for (int i = 0; i < kLensSize; i++) tie.byLens[k][i] = s.byLens[0][i] * s.byPoint[0][k] + s.byLens[1][i] * s.byPoint[1][k];
  }
}

// The sight's own squares, before the point is taken out. Whole lanes: what falls above the diagonal is not read, the rest of it is zeros.
SPACEPORT_INLINE void addSquares(const Slopes& s, const Equations& to) {
  for (int i = 0; i < kPoseSize && s.pose >= 0; i++) {
    double* row = to.matrix + size_t(s.pose + i) * to.stride + s.pose;
    for (int j = 0; j < kPoseLanes; j += 4) {
      const Quad sum = load(row + j) + (s.byPose[0][i] * load(s.byPose[0] + j) + s.byPose[1][i] * load(s.byPose[1] + j));
      __builtin_memcpy(row + j, &sum, sizeof sum);
    }
    to.right[s.pose + i] -= s.byPose[0][i] * s.error[0] + s.byPose[1][i] * s.error[1];
  }
  for (int i = 0; i < kLensSize && s.lens >= 0; i++) {
    double* row = to.matrix + size_t(s.lens + i) * to.stride;
    for (int j = 0; j < kPoseSize && s.pose >= 0; j++) row[s.pose + j] += s.byLens[0][i] * s.byPose[0][j] + s.byLens[1][i] * s.byPose[1][j];
    for (int j = 0; j <= i; j++) row[s.lens + j] += s.byLens[0][i] * s.byLens[0][j] + s.byLens[1][i] * s.byLens[1][j];
    to.right[s.lens + i] -= s.byLens[0][i] * s.error[0] + s.byLens[1][i] * s.error[1];
  }
}

// A track's sights, and what they leave behind for the point's own step.
SPACEPORT_INLINE void addSightsBody(const Slopes* sights, int n, const Mat3& inverse, const Vec3& right, const Equations& to, Tie* ties, Weighted* weighted) {
  for (int a = 0; a < n; a++) {
    Tie& tie = ties[a];
    tieOf(sights[a], tie);
    addSquares(sights[a], to);
    for (int i = 0; i < kPoseSize && tie.pose >= 0; i++) {
      double* w = weighted[a].pose[i];
      for (int k = 0; k < 3; k++) w[k] = tie.byPose[0][i] * inverse[k] + tie.byPose[1][i] * inverse[3 + k] + tie.byPose[2][i] * inverse[6 + k];
      to.right[tie.pose + i] -= w[0] * right[0] + w[1] * right[1] + w[2] * right[2];
    }
  }
}
SPACEPORT_KERNEL(addSights, (const Slopes* sights, int n, const Mat3& inverse, const Vec3& right, const Equations& to, Tie* ties, Weighted* weighted), (sights, n, inverse, right, to, ties, weighted))

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

// What a lens's rows lose in the columns of the poses; eight are written where six are meant, as above.
SPACEPORT_INLINE void takeOffLensBody(const Tie* ties, int n, const double (*weighted)[3], double* rows, int stride) {
  for (int i = 0; i < kLensSize; i++)
    for (int b = 0; b < n; b++) {
      if (ties[b].pose < 0) continue;
      const double* w = weighted[i];
      double* line = rows + size_t(i) * stride + ties[b].pose;
      for (int j = 0; j < kPoseLanes; j += 4) {
        const Quad rest = load(line + j) - (w[0] * load(ties[b].byPose[0] + j) + w[1] * load(ties[b].byPose[1] + j) + w[2] * load(ties[b].byPose[2] + j));
        __builtin_memcpy(line + j, &rest, sizeof rest);
      }
    }
}
SPACEPORT_KERNEL(takeOffLens, (const Tie* ties, int n, const double (*weighted)[3], double* rows, int stride), (ties, n, weighted, rows, stride))

void takeOffLenses(const Tie* ties, int n, const Eliminated& point, Normals& normals) {
  const std::vector<LensSum> sums = lensSums(ties, n, point.inverse);
  for (const LensSum& sum : sums) {
    takeOffLens(ties, n, sum.weighted, normals.matrix.row(sum.lens), normals.matrix.stride);
    for (int i = 0; i < kLensSize; i++) {
      const double* w = sum.weighted[i];
      double* row = normals.matrix.row(sum.lens + i);
      for (const LensSum& other : sums)
        for (int j = 0; j < kLensSize && other.lens <= sum.lens; j++)
          row[other.lens + j] -= w[0] * other.slopes[0][j] + w[1] * other.slopes[1][j] + w[2] * other.slopes[2][j];
      normals.right[sum.lens + i] -= w[0] * point.right[0] + w[1] * point.right[1] + w[2] * point.right[2];
    }
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
  used = 0;
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
  out.firstTie = used, out.ties = sights.size();
  static thread_local std::vector<Weighted> weighted;
  weighted.resize(n);
  used += n;
  if (ties.size() < used) ties.resize(2 * used);
  addSights(sights.data(), n, out.inverse, out.right, {matrix.row(0), matrix.stride, right.data()}, &ties[out.firstTie], weighted.data());
  const Tie* own = &ties[out.firstTie];
  takeOff(own, weighted.data(), n, matrix.row(0), matrix.stride);
  takeOffLenses(own, n, out, *this);
  return out;
}

}  // namespace spaceport
