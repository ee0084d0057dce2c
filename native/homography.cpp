#include "homography.h"

#include "target.h"

namespace spaceport {

namespace {

constexpr int kMostTrials = 400;

SPACEPORT_INLINE void transferBody(const float* ax, const float* ay, const float* bx, const float* by, int n, const float* h, float limit, uint8_t* mask) {
  for (int i = 0; i < n; i++) {
    const float w = h[6] * ax[i] + h[7] * ay[i] + h[8];
    const float dx = h[0] * ax[i] + h[1] * ay[i] + h[2] - bx[i] * w, dy = h[3] * ax[i] + h[4] * ay[i] + h[5] - by[i] * w;
    mask[i] = dx * dx + dy * dy <= limit * w * w;
  }
}
SPACEPORT_KERNEL(transfer, (const float* ax, const float* ay, const float* bx, const float* by, int n, const float* h, float limit, uint8_t* mask), (ax, ay, bx, by, n, h, limit, mask))

int score(const Places& p, const Mat3& h, double threshold, uint8_t* mask) {
  float m[9];
  double most = 1e-300;
  for (double v : h) most = std::max(most, std::abs(v));
  for (int i = 0; i < 9; i++) m[i] = float(h[i] / most);
  transfer(p.ax.data(), p.ay.data(), p.bx.data(), p.by.data(), p.size(), m, float(threshold * threshold), mask);
  int count = 0;
  for (int i = 0; i < p.size(); i++) count += mask[i];
  return count;
}

// Exactly four places: eight equations, one free number.
bool fourPoint(const double a[4][2], const double b[4][2], Mat3& h) {
  double m[8][9];
  for (int i = 0; i < 4; i++) {
    const double x = a[i][0], y = a[i][1], u = b[i][0], v = b[i][1];
    const double first[9] = {x, y, 1, 0, 0, 0, -u * x, -u * y, -u}, second[9] = {0, 0, 0, x, y, 1, -v * x, -v * y, -v};
    std::copy(first, first + 9, m[2 * i]);
    std::copy(second, second + 9, m[2 * i + 1]);
  }
  int order[9];
  if (!eliminate<8, 9>(m, order)) return false;
  for (int r = 0; r < 8; r++) h[order[r]] = -m[r][8];
  h[order[8]] = 1;
  return true;
}

// A sample that turns a triangle over (a mirror) is no photo of the same thing.
bool sameOrientation(const double a[4][2], const double b[4][2]) {
  const auto side = [](const double p[4][2], int i, int j, int k) {
    return (p[j][0] - p[i][0]) * (p[k][1] - p[i][1]) - (p[j][1] - p[i][1]) * (p[k][0] - p[i][0]) > 0;
  };
  return side(a, 0, 1, 2) == side(b, 0, 1, 2) && side(a, 1, 2, 3) == side(b, 1, 2, 3);
}

}  // namespace

bool directLinear(const Places& p, const uint8_t* mask, Mat3& h) {
  Places chosen;
  for (int i = 0; i < p.size(); i++)
    if (!mask || mask[i]) chosen.add(p.ax[i], p.ay[i], p.bx[i], p.by[i]);
  if (chosen.size() < 4) return false;
  const Norm na(chosen.ax, chosen.ay), nb(chosen.bx, chosen.by);
  std::array<double, 81> normal{};
  for (int i = 0; i < chosen.size(); i++) {
    const double x = (chosen.ax[i] - na.x) * na.scale, y = (chosen.ay[i] - na.y) * na.scale;
    const double u = (chosen.bx[i] - nb.x) * nb.scale, v = (chosen.by[i] - nb.y) * nb.scale;
    const double rows[2][9] = {{x, y, 1, 0, 0, 0, -u * x, -u * y, -u}, {0, 0, 0, x, y, 1, -v * x, -v * y, -v}};
    for (const auto& row : rows)
      for (int r = 0; r < 9; r++)
        for (int c = 0; c < 9; c++) normal[r * 9 + c] += row[r] * row[c];
  }
  std::array<double, 9> values;
  std::array<double, 81> vectors;
  eigenSymmetric<9>(normal, values, vectors);
  Mat3 solution;
  for (int i = 0; i < 9; i++) solution[i] = vectors[i * 9];
  h = times(nb.inverse(), times(solution, na.matrix()));
  return true;
}

Fit fitHomography(const Places& p, double threshold, uint64_t seed) {
  const int n = p.size();
  Fit best;
  best.mask.assign(n, 0);
  if (n < 4) return best;
  Random random(seed);
  const Norm na(p.ax, p.ay), nb(p.bx, p.by);
  std::vector<uint8_t> mask(n);
  const auto offer = [&](const Mat3& h) {
    const int count = score(p, h, threshold, mask.data());
    if (count <= best.inliers) return false;
    best.inliers = count, best.model = h, best.mask = mask;
    return true;
  };
  for (int trial = 0, needed = kMostTrials; trial < needed; trial++) {
    int pick[4];
    random.choose(n, 4, pick);
    double a[4][2], b[4][2];
    for (int i = 0; i < 4; i++) {
      a[i][0] = (p.ax[pick[i]] - na.x) * na.scale, a[i][1] = (p.ay[pick[i]] - na.y) * na.scale;
      b[i][0] = (p.bx[pick[i]] - nb.x) * nb.scale, b[i][1] = (p.by[pick[i]] - nb.y) * nb.scale;
    }
    Mat3 h;
    if (!sameOrientation(a, b) || !fourPoint(a, b, h)) continue;
    if (!offer(times(nb.inverse(), times(h, na.matrix())))) continue;
    for (int turn = 0; turn < 4; turn++)
      if (!directLinear(p, best.mask.data(), h) || !offer(h)) break;
    needed = trialsFor(best.inliers, n, 4, kMostTrials);
  }
  return best;
}

}  // namespace spaceport
