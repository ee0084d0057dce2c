#include "sift_orientation.h"

#include <algorithm>
#include <cmath>

#include "target.h"

namespace spaceport {

namespace {

constexpr int kBins = 36, kPaddedBins = kBins + 2, kHistograms = 4;

typedef float Lanes __attribute__((vector_size(32)));
typedef int Numbers __attribute__((vector_size(32)));

SPACEPORT_INLINE Lanes load(const float* p) {
  Lanes v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}

// Adds `count` pixels of a row to the histograms, whose first bin is -1 and whose last is kBins. Neighbours have much the same angle: each pixel in turn
// has its own histogram, so that an addition does not wait for the one before.
SPACEPORT_INLINE void addRowBody(const float* magnitude, const float* angle, const float* weightX, float weightY, int count, float* bins) {
  for (int x = 0; x < count; x += 8) {
    const Lanes f = load(angle + x) * float(kBins / (2 * M_PI)) - 0.5f;
    const Numbers bin = __builtin_convertvector(f + 1.f, Numbers);
    const Lanes part = f - __builtin_convertvector(bin - 1, Lanes), w = load(magnitude + x) * load(weightX + x) * weightY;
    const Lanes low = (1.f - part) * w, high = part * w;
    for (int k = 0; k < 8 && x + k < count; k++) {
      float* own = bins + (k % kHistograms) * kPaddedBins + bin[k];
      own[0] += low[k];
      own[1] += high[k];
    }
  }
}
SPACEPORT_KERNEL(addRow, (const float* magnitude, const float* angle, const float* weightX, float weightY, int count, float* bins), (magnitude, angle, weightX, weightY, count, bins))

}  // namespace

int nearestLevel(const Extremum& e) { return std::clamp(int(std::lround(e.level)), 1, kScales) - 1; }

int orientations(const Gradients& gradients, const Extremum& e, float angles[2]) {
  const int level = nearestLevel(e);
  const Image &magnitude = gradients.magnitude[level], &angle = gradients.angle[level];
  const float sigma = float(1.5 * levelSigma(e.level));
  const int radius = std::max(1, int(3 * sigma)), cx = int(e.x + 0.5f), cy = int(e.y + 0.5f);
  float padded[kHistograms * kPaddedBins] = {};
  // exp(-r^2 / 2 sigma^2) from the product of one table in each direction.
  const float fx = e.x - cx, fy = e.y - cy;
  float weightX[64] = {}, weightY[64];
  for (int d = -radius; d <= radius; d++) {
    weightX[d + radius] = std::exp(-(d - fx) * (d - fx) / (2 * sigma * sigma));
    weightY[d + radius] = std::exp(-(d - fy) * (d - fy) / (2 * sigma * sigma));
  }
  for (int dy = -radius; dy <= radius; dy++) {
    const int y = cy + dy;
    if (y < 1 || y >= magnitude.height - 1) continue;
    const int reach = int(std::sqrt(float(radius * radius - dy * dy)) + 0.5f);
    const int from = std::max(1, cx - reach), to = std::min(magnitude.width - 2, cx + reach);
    addRow(magnitude.row(y) + from, angle.row(y) + from, weightX + (from - cx + radius), weightY[dy + radius], to - from + 1, padded);
  }
  for (int i = 0; i < kPaddedBins; i++) padded[i] = (padded[i] + padded[kPaddedBins + i]) + (padded[2 * kPaddedBins + i] + padded[3 * kPaddedBins + i]);
  float* bins = padded + 1;
  bins[kBins - 1] += padded[0];
  bins[0] += padded[kBins + 1];
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
