#include <cstring>

#include "essential.h"
#include "roots.h"

namespace spaceport {

namespace {

constexpr int kTerms = 20;

// Exponents of x, y, z in Nister's order: the ten that are eliminated, then those of x, of y and of 1, each by falling power of z.
constexpr int kPowers[kTerms][3] = {{3, 0, 0}, {0, 3, 0}, {2, 1, 0}, {1, 2, 0}, {2, 0, 1}, {2, 0, 0}, {0, 2, 1}, {0, 2, 0}, {1, 1, 1}, {1, 1, 0},
                                    {1, 0, 2}, {1, 0, 1}, {1, 0, 0}, {0, 1, 2}, {0, 1, 1}, {0, 1, 0}, {0, 0, 3}, {0, 0, 2}, {0, 0, 1}, {0, 0, 0}};

struct Products {
  int at[kTerms][kTerms];
  Products() {
    for (int i = 0; i < kTerms; i++)
      for (int j = 0; j < kTerms; j++) {
        at[i][j] = -1;
        for (int k = 0; k < kTerms; k++) {
          bool same = true;
          for (int d = 0; d < 3; d++) same = same && kPowers[i][d] + kPowers[j][d] == kPowers[k][d];
          if (same) at[i][j] = k;
        }
      }
  }
};

struct Poly {
  double c[kTerms] = {};
};

// sum += scale * a * b; terms that are zero cost nothing.
void addProduct(const Poly& a, const Poly& b, double scale, Poly& sum) {
  static const Products products;
  for (int i = 0; i < kTerms; i++) {
    if (a.c[i] == 0) continue;
    for (int j = 0; j < kTerms; j++)
      if (b.c[j] != 0 && products.at[i][j] >= 0) sum.c[products.at[i][j]] += scale * a.c[i] * b.c[j];
  }
}

// The ten cubic constraints on E = x X + y Y + z Z + W: det E = 0 and 2 E E^T E - trace(E E^T) E = 0.
void constraints(const Poly e[9], double m[10][kTerms]) {
  Poly square[9], trace, row;
  for (int i = 0; i < 3; i++)
    for (int j = 0; j < 3; j++)
      for (int k = 0; k < 3; k++) addProduct(e[3 * i + k], e[3 * j + k], 1, square[3 * i + j]);
  for (int i = 0; i < 3; i++)
    for (int t = 0; t < kTerms; t++) trace.c[t] += square[4 * i].c[t];
  for (int i = 0; i < 3; i++)
    for (int j = 0; j < 3; j++) {
      row = Poly();
      for (int k = 0; k < 3; k++) addProduct(square[3 * i + k], e[3 * k + j], 2, row);
      addProduct(trace, e[3 * i + j], -1, row);
      std::memcpy(m[3 * i + j], row.c, sizeof row.c);
    }
  row = Poly();
  for (int i = 0; i < 3; i++) {
    Poly minor;
    const int j = (i + 1) % 3, k = (i + 2) % 3;
    addProduct(e[3 + j], e[6 + k], 1, minor);
    addProduct(e[3 + k], e[6 + j], -1, minor);
    addProduct(e[i], minor, 1, row);
  }
  std::memcpy(m[9], row.c, sizeof row.c);
}

bool reduce(double m[10][kTerms]) {
  for (int c = 0; c < 10; c++) {
    int pivot = c;
    for (int r = c + 1; r < 10; r++)
      if (std::abs(m[r][c]) > std::abs(m[pivot][c])) pivot = r;
    if (std::abs(m[pivot][c]) < 1e-13) return false;
    for (int k = 0; k < kTerms; k++) std::swap(m[c][k], m[pivot][k]);
    const double inverse = 1 / m[c][c];
    for (int k = c; k < kTerms; k++) m[c][k] *= inverse;
    for (int r = 0; r < 10; r++) {
      if (r == c || m[r][c] == 0) continue;
      const double f = m[r][c];
      for (int k = c; k < kTerms; k++) m[r][k] -= f * m[c][k];
    }
  }
  return true;
}

// A polynomial in z, rising powers.
using InZ = std::array<double, 11>;

InZ multiply(const InZ& a, const InZ& b) {
  InZ c{};
  for (int i = 0; i < 11; i++)
    for (int j = 0; i + j < 11; j++) c[i + j] += a[i] * b[j];
  return c;
}

// upper - z * lower over `count` coefficients that begin at column `first` (falling powers of z).
InZ difference(const double* upper, const double* lower, int first, int count) {
  InZ p{};
  for (int k = 0; k < count; k++) {
    p[count - 1 - k] += upper[first + k];
    p[count - k] -= lower[first + k];
  }
  return p;
}

double valueAt(const InZ& p, double z) {
  double v = 0;
  for (int k = 10; k >= 0; k--) v = v * z + p[k];
  return v;
}

}  // namespace

std::vector<Mat3> fivePoint(const double a[5][2], const double b[5][2]) {
  double m[5][9];
  for (int i = 0; i < 5; i++) {
    const double row[9] = {b[i][0] * a[i][0], b[i][0] * a[i][1], b[i][0], b[i][1] * a[i][0], b[i][1] * a[i][1], b[i][1], a[i][0], a[i][1], 1};
    std::copy(row, row + 9, m[i]);
  }
  int order[9];
  std::vector<Mat3> found;
  if (!eliminate<5, 9>(m, order)) return found;
  Mat3 base[4];
  for (int k = 0; k < 4; k++) {
    base[k].fill(0);
    for (int r = 0; r < 5; r++) base[k][order[r]] = -m[r][5 + k];
    base[k][order[5 + k]] = 1;
  }
  constexpr int kX = 12, kY = 15, kZ = 18, kOne = 19;
  Poly e[9];
  for (int i = 0; i < 9; i++) e[i].c[kX] = base[0][i], e[i].c[kY] = base[1][i], e[i].c[kZ] = base[2][i], e[i].c[kOne] = base[3][i];
  double cubic[10][kTerms];
  constraints(e, cubic);
  if (!reduce(cubic)) return found;
  InZ rows[3][3];
  for (int r = 0; r < 3; r++) {
    const double *upper = cubic[4 + 2 * r], *lower = cubic[5 + 2 * r];
    rows[r][0] = difference(upper, lower, 10, 3);
    rows[r][1] = difference(upper, lower, 13, 3);
    rows[r][2] = difference(upper, lower, 16, 4);
  }
  InZ det{};
  for (int i = 0; i < 3; i++) {
    const int j = (i + 1) % 3, k = (i + 2) % 3;
    const InZ p = multiply(rows[1][j], rows[2][k]), q = multiply(rows[1][k], rows[2][j]);
    InZ minor;
    for (int t = 0; t < 11; t++) minor[t] = p[t] - q[t];
    const InZ part = multiply(rows[0][i], minor);
    for (int t = 0; t < 11; t++) det[t] += part[t];
  }
  for (double z : realRoots(det.data(), 10)) {
    // (x, y, 1) is orthogonal to all three rows: the longest of their cross products gives it best.
    Vec3 at[3], best{};
    for (int r = 0; r < 3; r++) at[r] = {valueAt(rows[r][0], z), valueAt(rows[r][1], z), valueAt(rows[r][2], z)};
    for (int r = 0; r < 3; r++) {
      const Vec3 c = cross(at[r], at[(r + 1) % 3]);
      if (std::abs(c[2]) > std::abs(best[2])) best = c;
    }
    if (std::abs(best[2]) < 1e-12) continue;
    Mat3 solution;
    for (int i = 0; i < 9; i++) solution[i] = best[0] / best[2] * base[0][i] + best[1] / best[2] * base[1][i] + z * base[2][i] + base[3][i];
    found.push_back(solution);
  }
  return found;
}

}  // namespace spaceport
