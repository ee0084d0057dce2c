// Real roots of a polynomial.
#pragma once
#include <complex>
#include <vector>

namespace spaceport {

// All roots at once by Durand and Kerner's iteration, the real ones polished by Newton's. `c[i]` belongs to x^i; c[degree] != 0.
inline std::vector<double> realRoots(const double* c, int degree) {
  using Complex = std::complex<double>;
  std::vector<double> real;
  while (degree > 0 && std::abs(c[degree]) < 1e-14) degree--;
  if (degree == 0) return real;
  double bound = 0;
  for (int i = 0; i < degree; i++) bound = std::max(bound, std::pow(std::abs(c[i] / c[degree]), 1.0 / (degree - i)));
  std::vector<Complex> z(degree);
  for (int i = 0; i < degree; i++) z[i] = std::polar(std::max(1e-6, bound), 2 * M_PI * i / degree + 0.4);
  for (int turn = 0; turn < 60; turn++) {
    double moved = 0;
    for (int i = 0; i < degree; i++) {
      // Plain arithmetic: std::complex checks every product for infinities.
      double vr = c[degree], vi = 0, pr = c[degree], pi = 0;
      const double x = z[i].real(), y = z[i].imag();
      for (int k = degree - 1; k >= 0; k--) {
        const double r = vr * x - vi * y + c[k];
        vi = vr * y + vi * x, vr = r;
      }
      for (int k = 0; k < degree; k++) {
        if (k == i) continue;
        const double dx = x - z[k].real(), dy = y - z[k].imag(), r = pr * dx - pi * dy;
        pi = pr * dy + pi * dx, pr = r;
      }
      const double norm = pr * pr + pi * pi;
      if (norm < 1e-300) continue;
      const double sx = (vr * pr + vi * pi) / norm, sy = (vi * pr - vr * pi) / norm;
      z[i] -= Complex(sx, sy);
      moved = std::max(moved, (std::abs(sx) + std::abs(sy)) / (1e-9 + std::abs(x) + std::abs(y)));
    }
    if (moved < 1e-10) break;
  }
  for (const Complex& root : z) {
    if (std::abs(root.imag()) > 1e-5 * (1e-3 + std::abs(root))) continue;
    double x = root.real();
    for (int turn = 0; turn < 2; turn++) {
      double value = c[degree], slope = 0;
      for (int k = degree - 1; k >= 0; k--) slope = slope * x + value, value = value * x + c[k];
      if (slope != 0) x -= value / slope;
    }
    real.push_back(x);
  }
  return real;
}

}  // namespace spaceport
