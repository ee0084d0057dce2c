#include "resection.h"

#include "ransac.h"
#include "roots.h"

namespace spaceport {

namespace {

constexpr int kMostTrials = 500;

// The motion that takes three world points to three camera points of the same shape: both triangles span a frame.
Pose alignTriangles(const Vec3 world[3], const Vec3 camera[3]) {
  const auto frame = [](const Vec3 p[3]) {
    const Vec3 x = unit(p[1] - p[0]), z = unit(cross(x, p[2] - p[0])), y = cross(z, x);
    return Mat3{x[0], y[0], z[0], x[1], y[1], z[1], x[2], y[2], z[2]};
  };
  Pose pose;
  pose.rotation = times(frame(camera), transpose(frame(world)));
  pose.translation = camera[0] - times(pose.rotation, world[0]);
  return pose;
}

int score(const Lens& lens, const Pose& pose, const std::vector<Known>& known, double threshold, std::vector<uint8_t>& mask) {
  int count = 0;
  for (size_t i = 0; i < known.size(); i++) {
    mask[i] = errorSquared(lens, pose, known[i].point, known[i].x, known[i].y) <= threshold * threshold;
    count += mask[i];
  }
  return count;
}

// Solves a symmetric positive 6x6 system by Cholesky; false where it is not positive.
bool solve6(std::array<double, 36>& a, std::array<double, 6>& b) {
  for (int i = 0; i < 6; i++)
    for (int j = 0; j <= i; j++) {
      double s = a[i * 6 + j];
      for (int k = 0; k < j; k++) s -= a[i * 6 + k] * a[j * 6 + k];
      if (i == j && s <= 0) return false;
      a[i * 6 + j] = i == j ? std::sqrt(s) : s / a[j * 6 + j];
    }
  for (int i = 0; i < 6; i++) {
    for (int k = 0; k < i; k++) b[i] -= a[i * 6 + k] * b[k];
    b[i] /= a[i * 6 + i];
  }
  for (int i = 5; i >= 0; i--) {
    for (int k = i + 1; k < 6; k++) b[i] -= a[k * 6 + i] * b[k];
    b[i] /= a[i * 6 + i];
  }
  return true;
}

Pose polish(const Lens& lens, Pose pose, const std::vector<Known>& known, const std::vector<uint8_t>& mask) {
  for (int turn = 0; turn < 5; turn++) {
    std::array<double, 36> normal{};
    std::array<double, 6> right{};
    for (size_t i = 0; i < known.size(); i++) {
      if (!mask[i]) continue;
      const Vec3 r = times(pose.rotation, known[i].point), c = r + pose.translation;
      if (c[2] <= 1e-9) continue;
      const double u = c[0] / c[2], v = c[1] / c[2], d = 1 + lens.k * (u * u + v * v), f = lens.focal / c[2];
      // d(pixel)/d(camera point), the distortion's own slope left out: it moves the step, not the minimum, by a per cent.
      const double jx[3] = {f * d, 0, -f * d * u}, jy[3] = {0, f * d, -f * d * v};
      const double px = lens.focal * d * u - known[i].x, py = lens.focal * d * v - known[i].y;
      const double rows[2][6] = {{jx[2] * r[1] - jx[1] * r[2], jx[0] * r[2] - jx[2] * r[0], jx[1] * r[0] - jx[0] * r[1], jx[0], jx[1], jx[2]},
                                 {jy[2] * r[1] - jy[1] * r[2], jy[0] * r[2] - jy[2] * r[0], jy[1] * r[0] - jy[0] * r[1], jy[0], jy[1], jy[2]}};
      for (int a = 0; a < 6; a++) {
        right[a] -= rows[0][a] * px + rows[1][a] * py;
        for (int b = 0; b < 6; b++) normal[a * 6 + b] += rows[0][a] * rows[0][b] + rows[1][a] * rows[1][b];
      }
    }
    for (int a = 0; a < 6; a++) normal[a * 7] *= 1 + 1e-6;
    if (!solve6(normal, right)) break;
    pose.rotation = times(rotationBy({right[0], right[1], right[2]}), pose.rotation);
    pose.translation = pose.translation + Vec3{right[3], right[4], right[5]};
  }
  return pose;
}

}  // namespace

std::vector<Pose> threePoint(const Vec3 points[3], const Vec3 rays[3]) {
  std::vector<Pose> poses;
  const Vec3 j[3] = {unit(rays[0]), unit(rays[1]), unit(rays[2])};
  const Vec3 sideA = points[1] - points[2], sideB = points[0] - points[2], sideC = points[0] - points[1];
  const double a = dot(sideA, sideA), b = dot(sideB, sideB), c = dot(sideC, sideC);
  if (std::min({a, b, c}) < 1e-18 || length(cross(sideB, sideC)) < 1e-9 * b) return poses;
  const double ca = dot(j[1], j[2]), cb = dot(j[0], j[2]), cc = dot(j[0], j[1]), q = (a - c) / b, s = (a + c) / b;
  const double quartic[5] = {
      (1 + q) * (1 + q) - 4 * a / b * cc * cc,
      4 * (-q * (1 + q) * cb + 2 * a / b * cc * cc * cb - (1 - s) * ca * cc),
      2 * (q * q - 1 + 2 * q * q * cb * cb + 2 * (b - c) / b * ca * ca - 4 * s * ca * cb * cc + 2 * (b - a) / b * cc * cc),
      4 * (q * (1 - q) * cb - (1 - s) * ca * cc + 2 * c / b * ca * ca * cb),
      (q - 1) * (q - 1) - 4 * c / b * ca * ca};
  for (double v : realRoots(quartic, 4)) {
    const double below = 2 * (cc - v * ca), whole = 1 + v * v - 2 * v * cb;
    if (v <= 0 || std::abs(below) < 1e-12 || whole <= 0) continue;
    const double u = ((q - 1) * v * v - 2 * q * cb * v + 1 + q) / below, s1 = std::sqrt(b / whole);
    if (u <= 0) continue;
    const Vec3 camera[3] = {s1 * j[0], u * s1 * j[1], v * s1 * j[2]};
    poses.push_back(alignTriangles(points, camera));
  }
  return poses;
}

Resection resect(const Lens& lens, const std::vector<Known>& known, double threshold, uint64_t seed) {
  Resection best;
  const int n = int(known.size());
  best.mask.assign(n, 0);
  if (n < 4) return best;
  Random random(seed);
  std::vector<Vec3> rays;
  for (const Known& k : known) rays.push_back(rayOf(lens, k.x, k.y));
  std::vector<uint8_t> mask(n);
  const auto offer = [&](const Pose& pose) {
    const int count = score(lens, pose, known, threshold, mask);
    if (count <= best.inliers) return false;
    best.pose = pose, best.inliers = count, best.mask = mask;
    return true;
  };
  for (int trial = 0, needed = kMostTrials; trial < needed; trial++) {
    int pick[3];
    random.choose(n, 3, pick);
    const Vec3 points[3] = {known[pick[0]].point, known[pick[1]].point, known[pick[2]].point};
    const Vec3 three[3] = {rays[pick[0]], rays[pick[1]], rays[pick[2]]};
    for (const Pose& pose : threePoint(points, three))
      if (offer(pose)) needed = trialsFor(best.inliers, n, 3, kMostTrials);
  }
  for (int turn = 0; turn < 3 && best.inliers >= 6; turn++)
    if (!offer(polish(lens, best.pose, known, best.mask))) break;
  return best;
}

}  // namespace spaceport
