// Small dense linear algebra, in double, for matrices of fixed size. Row by row.
#pragma once
#include <algorithm>
#include <array>
#include <cmath>

namespace spaceport {

using Vec3 = std::array<double, 3>;
using Mat3 = std::array<double, 9>;

inline double dot(const Vec3& a, const Vec3& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }
inline Vec3 cross(const Vec3& a, const Vec3& b) { return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]}; }
inline Vec3 operator+(const Vec3& a, const Vec3& b) { return {a[0] + b[0], a[1] + b[1], a[2] + b[2]}; }
inline Vec3 operator-(const Vec3& a, const Vec3& b) { return {a[0] - b[0], a[1] - b[1], a[2] - b[2]}; }
inline Vec3 operator*(double s, const Vec3& a) { return {s * a[0], s * a[1], s * a[2]}; }
inline double length(const Vec3& a) { return std::sqrt(dot(a, a)); }
inline Vec3 unit(const Vec3& a) { return (1 / std::max(1e-300, length(a))) * a; }

inline Vec3 times(const Mat3& m, const Vec3& v) {
  return {m[0] * v[0] + m[1] * v[1] + m[2] * v[2], m[3] * v[0] + m[4] * v[1] + m[5] * v[2], m[6] * v[0] + m[7] * v[1] + m[8] * v[2]};
}
inline Mat3 transpose(const Mat3& m) { return {m[0], m[3], m[6], m[1], m[4], m[7], m[2], m[5], m[8]}; }
inline Mat3 times(const Mat3& a, const Mat3& b) {
  Mat3 c{};
  for (int i = 0; i < 3; i++)
    for (int j = 0; j < 3; j++)
      for (int k = 0; k < 3; k++) c[3 * i + j] += a[3 * i + k] * b[3 * k + j];
  return c;
}
inline double determinant(const Mat3& m) {
  return m[0] * (m[4] * m[8] - m[5] * m[7]) - m[1] * (m[3] * m[8] - m[5] * m[6]) + m[2] * (m[3] * m[7] - m[4] * m[6]);
}

// Eigenvalues (ascending) and eigenvectors (columns) of a symmetric matrix, by cyclic Jacobi rotations.
template <int N>
void eigenSymmetric(std::array<double, N * N> a, std::array<double, N>& values, std::array<double, N * N>& vectors) {
  vectors.fill(0);
  for (int i = 0; i < N; i++) vectors[i * N + i] = 1;
  for (int sweep = 0; sweep < 30; sweep++) {
    double off = 0, diagonal = 0;
    for (int i = 0; i < N; i++) {
      diagonal += a[i * N + i] * a[i * N + i];
      for (int j = i + 1; j < N; j++) off += a[i * N + j] * a[i * N + j];
    }
    if (off <= 1e-26 * diagonal || off == 0) break;
    for (int p = 0; p < N; p++)
      for (int q = p + 1; q < N; q++) {
        if (a[p * N + q] == 0) continue;
        const double theta = (a[q * N + q] - a[p * N + p]) / (2 * a[p * N + q]);
        const double t = (theta >= 0 ? 1 : -1) / (std::abs(theta) + std::sqrt(theta * theta + 1));
        const double c = 1 / std::sqrt(t * t + 1), s = t * c;
        for (int k = 0; k < N; k++) {
          const double kp = a[k * N + p], kq = a[k * N + q];
          a[k * N + p] = c * kp - s * kq;
          a[k * N + q] = s * kp + c * kq;
        }
        for (int k = 0; k < N; k++) {
          const double pk = a[p * N + k], qk = a[q * N + k];
          a[p * N + k] = c * pk - s * qk;
          a[q * N + k] = s * pk + c * qk;
        }
        for (int k = 0; k < N; k++) {
          const double kp = vectors[k * N + p], kq = vectors[k * N + q];
          vectors[k * N + p] = c * kp - s * kq;
          vectors[k * N + q] = s * kp + c * kq;
        }
      }
  }
  std::array<int, N> order;
  for (int i = 0; i < N; i++) order[i] = i;
  std::sort(order.begin(), order.end(), [&](int i, int j) { return a[i * N + i] < a[j * N + j]; });
  const std::array<double, N * N> unsorted = vectors;
  for (int i = 0; i < N; i++) {
    values[i] = a[order[i] * N + order[i]];
    for (int k = 0; k < N; k++) vectors[k * N + i] = unsorted[k * N + order[i]];
  }
}

// A = U diag(s) V^T with s descending and U, V rotations or reflections, through the eigenvectors of A^T A.
inline void svd3(const Mat3& a, Mat3& u, Vec3& s, Mat3& v) {
  Mat3 vectors;
  Vec3 values;
  eigenSymmetric<3>(times(transpose(a), a), values, vectors);
  for (int i = 0; i < 3; i++)
    for (int k = 0; k < 3; k++) v[3 * k + i] = vectors[3 * k + 2 - i];
  Vec3 columns[3];
  for (int i = 0; i < 3; i++) {
    const Vec3 av = times(a, Vec3{v[i], v[3 + i], v[6 + i]});
    s[i] = length(av);
    columns[i] = unit(av);
  }
  // The smallest direction (and the second, of a rank-one matrix) follows from the others, since dividing by zero gives none.
  if (s[1] < 1e-12 * s[0]) {
    const Vec3 any = std::abs(columns[0][0]) < 0.9 ? Vec3{1, 0, 0} : Vec3{0, 1, 0};
    columns[1] = unit(cross(columns[0], any));
  }
  if (s[2] < 1e-7 * s[0]) columns[2] = cross(columns[0], columns[1]);
  for (int i = 0; i < 3; i++)
    for (int k = 0; k < 3; k++) u[3 * k + i] = columns[i][k];
}

// Gauss-Jordan elimination with full pivoting of a Rows x Columns matrix (Rows < Columns). Returns false where the rank is lower than Rows.
// After it, unknown `order[r]` equals minus the sum over the free columns c >= Rows of m[r][c] times unknown order[c].
template <int Rows, int Columns>
bool eliminate(double m[Rows][Columns], int order[Columns]) {
  for (int c = 0; c < Columns; c++) order[c] = c;
  for (int step = 0; step < Rows; step++) {
    int row = step, column = step;
    for (int r = step; r < Rows; r++)
      for (int c = step; c < Columns; c++)
        if (std::abs(m[r][c]) > std::abs(m[row][column])) row = r, column = c;
    if (std::abs(m[row][column]) < 1e-12) return false;
    for (int c = 0; c < Columns; c++) std::swap(m[step][c], m[row][c]);
    for (int r = 0; r < Rows; r++) std::swap(m[r][step], m[r][column]);
    std::swap(order[step], order[column]);
    const double inverse = 1 / m[step][step];
    for (int c = step; c < Columns; c++) m[step][c] *= inverse;
    for (int r = 0; r < Rows; r++) {
      if (r == step || m[r][step] == 0) continue;
      const double f = m[r][step];
      for (int c = step; c < Columns; c++) m[r][c] -= f * m[step][c];
    }
  }
  return true;
}

}  // namespace spaceport
