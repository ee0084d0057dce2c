#include "sift_orientation.h"

#include <algorithm>
#include <cmath>

namespace spaceport {

int nearestLevel(const Extremum& e) { return std::clamp(int(std::lround(e.level)), 1, kScales) - 1; }

int orientations(const Gradients& gradients, const Extremum& e, float angles[2]) {
  constexpr int kBins = 36;
  const int level = nearestLevel(e);
  const Image &magnitude = gradients.magnitude[level], &angle = gradients.angle[level];
  const float sigma = float(1.5 * levelSigma(e.level));
  const int radius = std::max(1, int(3 * sigma)), cx = int(e.x + 0.5f), cy = int(e.y + 0.5f);
  float bins[kBins] = {};
  // exp(-r^2 / 2 sigma^2) from the product of one table in each direction.
  const float fx = e.x - cx, fy = e.y - cy;
  float weightX[64], weightY[64];
  for (int d = -radius; d <= radius; d++) {
    weightX[d + radius] = std::exp(-(d - fx) * (d - fx) / (2 * sigma * sigma));
    weightY[d + radius] = std::exp(-(d - fy) * (d - fy) / (2 * sigma * sigma));
  }
  for (int dy = -radius; dy <= radius; dy++) {
    const int y = cy + dy;
    if (y < 1 || y >= magnitude.height - 1) continue;
    const int reach = int(std::sqrt(float(radius * radius - dy * dy)) + 0.5f);
    for (int x = std::max(1, cx - reach); x <= std::min(magnitude.width - 2, cx + reach); x++) {
      const float f = angle.row(y)[x] * float(kBins / (2 * M_PI)) - 0.5f;
      const int bin = int(f + 1) - 1;
      const float part = f - bin, w = magnitude.row(y)[x] * weightX[x - cx + radius] * weightY[dy + radius];
      bins[(bin + kBins) % kBins] += (1 - part) * w;
      bins[(bin + 1) % kBins] += part * w;
    }
  }
  for (int turn = 0; turn < 6; turn++) {
    float before = bins[kBins - 1], first = bins[0];
    for (int i = 0; i < kBins; i++) {
      const float mean = (before + bins[i] + (i + 1 < kBins ? bins[i + 1] : first)) / 3;
      before = bins[i];
      bins[i] = mean;
    }
  }
  const float peak = *std::max_element(bins, bins + kBins);
  int count = 0;
  for (int i = 0; i < kBins && count < 2; i++) {
    const float l = bins[(i + kBins - 1) % kBins], c = bins[i], r = bins[(i + 1) % kBins];
    if (c <= 0.8f * peak || c <= l || c <= r) continue;
    const float shift = -0.5f * (r - l) / (r + l - 2 * c);
    angles[count++] = float((i + shift + 0.5) * 2 * M_PI / kBins);
  }
  return count;
}

}  // namespace spaceport
