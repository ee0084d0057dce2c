#include "fundamental.h"

#include "target.h"

namespace spaceport {

namespace {

constexpr int kMostTrials = 1200;

SPACEPORT_INLINE void sampsonBody(const float* ax, const float* ay, const float* bx, const float* by, int n, const float* f, float limit, uint8_t* mask) {
  for (int i = 0; i < n; i++) {
    const float lx = f[0] * ax[i] + f[1] * ay[i] + f[2], ly = f[3] * ax[i] + f[4] * ay[i] + f[5], lz = f[6] * ax[i] + f[7] * ay[i] + f[8];
    const float kx = f[0] * bx[i] + f[3] * by[i] + f[6], ky = f[1] * bx[i] + f[4] * by[i] + f[7];
    const float e = bx[i] * lx + by[i] * ly + lz;
    mask[i] = e * e <= limit * (lx * lx + ly * ly + kx * kx + ky * ky);
  }
}
SPACEPORT_KERNEL(sampson, (const float* ax, const float* ay, const float* bx, const float* by, int n, const float* f, float limit, uint8_t* mask), (ax, ay, bx, by, n, f, limit, mask))

// The nearest matrix of rank two.
Mat3 rankTwo(const Mat3& f) {
  Mat3 u, v;
  Vec3 s;
  svd3(f, u, s, v);
  Mat3 out = f;
  for (int i = 0; i < 3; i++)
    for (int j = 0; j < 3; j++) out[3 * i + j] -= s[2] * u[3 * i + 2] * v[3 * j + 2];
  return out;
}

// Real roots of c3 x^3 + c2 x^2 + c1 x + c0 (Cardano; trigonometric where there are three).
int cubicRoots(double c3, double c2, double c1, double c0, double roots[3]) {
  if (std::abs(c3) < 1e-14) {
    if (std::abs(c2) < 1e-14) return 0;
    const double d = c1 * c1 - 4 * c2 * c0;
    if (d < 0) return 0;
    roots[0] = (-c1 + std::sqrt(d)) / (2 * c2), roots[1] = (-c1 - std::sqrt(d)) / (2 * c2);
    return 2;
  }
  const double a = c2 / c3, b = c1 / c3, c = c0 / c3, q = (a * a - 3 * b) / 9, r = (2 * a * a * a - 9 * a * b + 27 * c) / 54;
  if (r * r < q * q * q) {
    const double t = std::acos(std::clamp(r / std::sqrt(q * q * q), -1.0, 1.0)), m = -2 * std::sqrt(q);
    for (int k = 0; k < 3; k++) roots[k] = m * std::cos((t + 2 * M_PI * (k - 1)) / 3) - a / 3;
    return 3;
  }
  const double e = -(r < 0 ? -1 : 1) * std::cbrt(std::abs(r) + std::sqrt(r * r - q * q * q));
  roots[0] = e + (e == 0 ? 0 : q / e) - a / 3;
  return 1;
}

}  // namespace

int scoreFundamental(const Places& p, const Mat3& f, double threshold, uint8_t* mask) {
  float m[9];
  // Scaled so that the squares stay in a float's comfortable range.
  double most = 1e-300;
  for (double v : f) most = std::max(most, std::abs(v));
  for (int i = 0; i < 9; i++) m[i] = float(f[i] / most);
  sampson(p.ax.data(), p.ay.data(), p.bx.data(), p.by.data(), p.size(), m, float(threshold * threshold), mask);
  int count = 0;
  for (int i = 0; i < p.size(); i++) count += mask[i];
  return count;
}

int sevenPoint(const double a[7][2], const double b[7][2], Mat3 out[3]) {
  double m[7][9];
  for (int i = 0; i < 7; i++) {
    const double row[9] = {b[i][0] * a[i][0], b[i][0] * a[i][1], b[i][0], b[i][1] * a[i][0], b[i][1] * a[i][1], b[i][1], a[i][0], a[i][1], 1};
    std::copy(row, row + 9, m[i]);
  }
  int order[9];
  if (!eliminate<7, 9>(m, order)) return 0;
  Mat3 base[2];
  for (int k = 0; k < 2; k++) {
    base[k].fill(0);
    for (int r = 0; r < 7; r++) base[k][order[r]] = -m[r][7 + k];
    base[k][order[7 + k]] = 1;
  }
  // det(x * base0 + base1) is a cubic in x: from its values at four places.
  const auto det = [&](double x) {
    Mat3 f;
    for (int i = 0; i < 9; i++) f[i] = x * base[0][i] + base[1][i];
    return determinant(f);
  };
  const double d0 = det(0), d1 = det(1), dm = det(-1), c3 = determinant(base[0]);
  const double c2 = 0.5 * (d1 + dm) - d0, c1 = 0.5 * (d1 - dm) - c3;
  double roots[3];
  const int count = cubicRoots(c3, c2, c1, d0, roots);
  for (int k = 0; k < count; k++)
    for (int i = 0; i < 9; i++) out[k][i] = roots[k] * base[0][i] + base[1][i];
  return count;
}

bool eightPoint(const Places& p, const uint8_t* mask, Mat3& f) {
  Places chosen;
  for (int i = 0; i < p.size(); i++)
    if (!mask || mask[i]) chosen.add(p.ax[i], p.ay[i], p.bx[i], p.by[i]);
  if (chosen.size() < 8) return false;
  const Norm na(chosen.ax, chosen.ay), nb(chosen.bx, chosen.by);
  std::array<double, 81> normal{};
  for (int i = 0; i < chosen.size(); i++) {
    const double x = (chosen.ax[i] - na.x) * na.scale, y = (chosen.ay[i] - na.y) * na.scale;
    const double u = (chosen.bx[i] - nb.x) * nb.scale, v = (chosen.by[i] - nb.y) * nb.scale;
    const double row[9] = {u * x, u * y, u, v * x, v * y, v, x, y, 1};
    for (int r = 0; r < 9; r++)
      for (int c = r; c < 9; c++) normal[r * 9 + c] += row[r] * row[c];
  }
  for (int r = 0; r < 9; r++)
    for (int c = 0; c < r; c++) normal[r * 9 + c] = normal[c * 9 + r];
  std::array<double, 9> values;
  std::array<double, 81> vectors;
  eigenSymmetric<9>(normal, values, vectors);
  Mat3 solution;
  for (int i = 0; i < 9; i++) solution[i] = vectors[i * 9];
  f = times(transpose(nb.matrix()), times(rankTwo(solution), na.matrix()));
  return true;
}

Fit fitFundamental(const Places& p, double threshold, uint64_t seed) {
  const int n = p.size();
  Fit best;
  best.mask.assign(n, 0);
  if (n < 8) return best;
  Random random(seed);
  const Norm na(p.ax, p.ay), nb(p.bx, p.by);
  const Mat3 left = transpose(nb.matrix()), right = na.matrix();
  std::vector<uint8_t> mask(n);
  const auto offer = [&](const Mat3& f) {
    const int count = scoreFundamental(p, f, threshold, mask.data());
    if (count <= best.inliers) return false;
    best.inliers = count, best.model = f, best.mask = mask;
    return true;
  };
  for (int trial = 0, needed = kMostTrials; trial < needed; trial++) {
    int pick[7];
    random.choose(n, 7, pick);
    double a[7][2], b[7][2];
    for (int i = 0; i < 7; i++) {
      a[i][0] = (p.ax[pick[i]] - na.x) * na.scale, a[i][1] = (p.ay[pick[i]] - na.y) * na.scale;
      b[i][0] = (p.bx[pick[i]] - nb.x) * nb.scale, b[i][1] = (p.by[pick[i]] - nb.y) * nb.scale;
    }
    Mat3 found[3];
    const int count = sevenPoint(a, b, found);
    bool better = false;
    for (int k = 0; k < count; k++) better = offer(times(left, times(found[k], right))) || better;
    if (!better) continue;
    Mat3 f;
    for (int turn = 0; turn < 4 && best.inliers >= 8; turn++)
      if (!eightPoint(p, best.mask.data(), f) || !offer(f)) break;
    needed = trialsFor(best.inliers, n, 7, kMostTrials);
  }
  return best;
}

}  // namespace spaceport
