#include "cholesky.h"

#include <cmath>

#include "target.h"

namespace spaceport {

namespace {

typedef double Quad __attribute__((vector_size(32)));

constexpr int kPanel = 8;  // rows that go through the finished ones together, so that each of those is read once for all eight

SPACEPORT_INLINE Quad load(const double* p) {
  Quad v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}

SPACEPORT_INLINE double sumOf(Quad v) { return (v[0] + v[1]) + (v[2] + v[3]); }

// Columns 0..first-1 of `rows` rows that begin at `first`: forward substitution against the finished rows above.
template <int rows>
SPACEPORT_INLINE void substitute(double* a, int stride, int first, const double* inverse) {
  double* own = a + size_t(first) * stride;
  for (int j = 0; j < first; j++) {
    const double* done = a + size_t(j) * stride;
    Quad sum[rows] = {};
    int k = 0;
    for (; k + 4 <= j; k += 4) {
      const Quad v = load(done + k);
      for (int r = 0; r < rows; r++) sum[r] += load(own + size_t(r) * stride + k) * v;
    }
    for (int r = 0; r < rows; r++) {
      double* row = own + size_t(r) * stride;
      double s = row[j] - sumOf(sum[r]);
      for (int t = k; t < j; t++) s -= row[t] * done[t];
      row[j] = s * inverse[j];
    }
  }
}

SPACEPORT_INLINE void substituteEightBody(double* a, int stride, int first, const double* inverse) { substitute<kPanel>(a, stride, first, inverse); }
SPACEPORT_KERNEL(substituteEight, (double* a, int stride, int first, const double* inverse), (a, stride, first, inverse))

SPACEPORT_INLINE void substituteOneBody(double* a, int stride, int first, const double* inverse) { substitute<1>(a, stride, first, inverse); }
SPACEPORT_KERNEL(substituteOne, (double* a, int stride, int first, const double* inverse), (a, stride, first, inverse))

double dot(const double* a, const double* b, int n) {
  double s = 0;
  for (int k = 0; k < n; k++) s += a[k] * b[k];
  return s;
}

// The triangle of a panel whose columns before `first` are done.
bool finish(SymmetricMatrix& a, int first, int rows, std::vector<double>& inverse) {
  for (int i = first; i < first + rows; i++) {
    double* row = a.row(i);
    for (int j = first; j < i; j++) row[j] = (row[j] - dot(row + first, a.row(j) + first, j - first)) * inverse[j];
    double rest = row[i];
    for (int k = 0; k < i; k++) rest -= row[k] * row[k];
    if (!(rest > 0)) return false;
    row[i] = std::sqrt(rest);
    inverse[i] = 1 / row[i];
  }
  return true;
}

}  // namespace

bool solve(SymmetricMatrix& a, std::vector<double>& b) {
  const int n = a.size;
  std::vector<double> inverse(n);
  for (int first = 0; first < n;) {
    const int rows = first + kPanel <= n ? kPanel : 1;
    (rows == kPanel ? substituteEight : substituteOne)(a.row(0), a.stride, first, inverse.data());
    // What a panel's triangle needs of the columns before it has to be taken off first.
    for (int i = first; i < first + rows; i++)
      for (int j = first; j < i; j++) a.row(i)[j] -= dot(a.row(i), a.row(j), first);
    if (!finish(a, first, rows, inverse)) return false;
    first += rows;
  }
  for (int i = 0; i < n; i++) b[i] = (b[i] - dot(a.row(i), b.data(), i)) * inverse[i];
  for (int i = n - 1; i >= 0; i--) {
    b[i] *= inverse[i];
    const double* row = a.row(i);
    for (int k = 0; k < i; k++) b[k] -= row[k] * b[i];
  }
  return true;
}

}  // namespace spaceport
