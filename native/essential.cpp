#include "essential.h"

#include "fundamental.h"

namespace spaceport {

namespace {

constexpr int kMostTrials = 300;

Mat3 toPixels(const Mat3& e, double focalA, double focalB) {
  Mat3 f = e;
  const double a[3] = {1 / focalA, 1 / focalA, 1}, b[3] = {1 / focalB, 1 / focalB, 1};
  for (int i = 0; i < 3; i++)
    for (int j = 0; j < 3; j++) f[3 * i + j] *= b[i] * a[j];
  return f;
}

// The four poses that one essential matrix stands for (Hartley and Zisserman, result 9.19).
void decompose(const Mat3& e, Mat3 rotations[2], Vec3& translation) {
  Mat3 u, v;
  Vec3 s;
  svd3(e, u, s, v);
  if (determinant(u) < 0) for (double& x : u) x = -x;
  if (determinant(v) < 0) for (double& x : v) x = -x;
  const Mat3 w = {0, -1, 0, 1, 0, 0, 0, 0, 1};
  rotations[0] = times(u, times(w, transpose(v)));
  rotations[1] = times(u, times(transpose(w), transpose(v)));
  translation = {u[2], u[5], u[8]};
}

double degreesBetween(const Vec3& a, const Vec3& b) {
  return std::acos(std::clamp(dot(a, b) / (length(a) * length(b)), -1.0, 1.0)) * 180 / M_PI;
}

}  // namespace

Vec3 triangulatePair(const Mat3& rotation, const Vec3& translation, const Vec3& a, const Vec3& b) {
  // Depths along both rays by least squares of s a + t' = u b' in a's frame; the midpoint of the two ends.
  const Vec3 back = times(transpose(rotation), b), centre = -1.0 * times(transpose(rotation), translation);
  const double aa = dot(a, a), ab = dot(a, back), bb = dot(back, back), det = aa * bb - ab * ab;
  if (det < 1e-15 * aa * bb) return 1e9 * a;
  const double ca = dot(centre, a), cb = dot(centre, back);
  const double s = (ca * bb - cb * ab) / det, u = (ca * ab - cb * aa) / det;
  return 0.5 * (s * a + (centre + u * back));
}

RelativePose fitRelativePose(const Places& p, double focalA, double focalB, double threshold, uint64_t seed) {
  RelativePose pose;
  const int n = p.size();
  pose.mask.assign(n, 0);
  if (n < 8) return pose;
  Random random(seed);
  std::vector<uint8_t> mask(n), best(n, 0);
  Mat3 essential{};
  int most = 0;
  for (int trial = 0, needed = kMostTrials; trial < needed; trial++) {
    int pick[5];
    random.choose(n, 5, pick);
    double a[5][2], b[5][2];
    for (int i = 0; i < 5; i++) {
      a[i][0] = p.ax[pick[i]] / focalA, a[i][1] = p.ay[pick[i]] / focalA;
      b[i][0] = p.bx[pick[i]] / focalB, b[i][1] = p.by[pick[i]] / focalB;
    }
    for (const Mat3& e : fivePoint(a, b)) {
      const int count = scoreFundamental(p, toPixels(e, focalA, focalB), threshold, mask.data());
      if (count > most) most = count, essential = e, best = mask;
    }
    needed = trialsFor(most, n, 5, kMostTrials);
  }
  if (most < 8) return pose;
  Mat3 rotations[2];
  Vec3 translation;
  decompose(essential, rotations, translation);
  for (int choice = 0; choice < 4; choice++) {
    const Mat3& r = rotations[choice / 2];
    const Vec3 t = (choice % 2 ? -1.0 : 1.0) * translation;
    const Vec3 centre = -1.0 * times(transpose(r), t);
    std::vector<double> angles;
    std::fill(mask.begin(), mask.end(), 0);
    for (int i = 0; i < n; i++) {
      if (!best[i]) continue;
      const Vec3 x = triangulatePair(r, t, {p.ax[i] / focalA, p.ay[i] / focalA, 1}, {p.bx[i] / focalB, p.by[i] / focalB, 1});
      if (x[2] <= 0 || (times(r, x) + t)[2] <= 0) continue;
      mask[i] = 1;
      angles.push_back(degreesBetween(x, x - centre));
    }
    if (int(angles.size()) <= pose.inliers) continue;
    std::nth_element(angles.begin(), angles.begin() + angles.size() / 2, angles.end());
    pose.rotation = r, pose.translation = t, pose.mask = mask;
    pose.inliers = int(angles.size()), pose.medianAngleDeg = angles[angles.size() / 2];
  }
  return pose;
}

}  // namespace spaceport
