// What the RANSACs share: the matched points, how many trials are enough, and how a model is scored.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "linear.h"
#include "random.h"

namespace spaceport {

// Matched places of two photos in pixels, as four plain arrays for the scoring kernels.
struct Places {
  std::vector<float> ax, ay, bx, by;
  int size() const { return int(ax.size()); }
  void add(float x, float y, float u, float v) {
    ax.push_back(x), ay.push_back(y), bx.push_back(u), by.push_back(v);
  }
};

// A model of two views and which matches fit it.
struct Fit {
  Mat3 model{};
  int inliers = 0;
  std::vector<uint8_t> mask;
};

constexpr double kConfidence = 0.999;  // that one sample was free of outliers

// Trials needed so that one sample of `size` is all inliers with kConfidence.
inline int trialsFor(int inliers, int total, int size, int most) {
  const double share = std::pow(double(inliers) / total, size);
  if (share <= 0) return most;
  if (share >= 1) return 1;
  return std::min(double(most), std::ceil(std::log(1 - kConfidence) / std::log(1 - share)));
}

// Shift and scale that bring a photo's places to mean 0 and mean distance sqrt 2 (Hartley 1997).
struct Norm {
  double x = 0, y = 0, scale = 1;
  Norm(const std::vector<float>& px, const std::vector<float>& py) {
    const int n = int(px.size());
    for (int i = 0; i < n; i++) x += px[i] / n, y += py[i] / n;
    double spread = 0;
    for (int i = 0; i < n; i++) spread += std::sqrt((px[i] - x) * (px[i] - x) + (py[i] - y) * (py[i] - y)) / n;
    scale = std::sqrt(2.0) / std::max(1e-9, spread);
  }
  Mat3 matrix() const { return {scale, 0, -scale * x, 0, scale, -scale * y, 0, 0, 1}; }
  Mat3 inverse() const { return {1 / scale, 0, x, 0, 1 / scale, y, 0, 0, 1}; }
};

}  // namespace spaceport
