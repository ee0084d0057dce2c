#include "sift_descriptor.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "sift_orientation.h"

namespace spaceport {

namespace {

constexpr int kCells = 4, kBins = 8;
constexpr float kMagnification = 3;  // a cell's side in units of sigma
constexpr float kWindow = 2;         // the window's sigma in cells

// Euclidean norm, clip at 0.2, norm again; then the square root of the L1-normalised vector, times 512, in 8 bits.
void quantise(float bins[128], uint8_t out[128]) {
  for (int turn = 0; turn < 2; turn++) {
    float norm = 0;
    for (int i = 0; i < 128; i++) norm += bins[i] * bins[i];
    const float scale = 1 / (std::sqrt(norm) + 1e-12f);
    for (int i = 0; i < 128; i++) bins[i] = turn == 0 ? std::min(0.2f, bins[i] * scale) : bins[i] * scale;
  }
  float sum = 1e-12f;
  for (int i = 0; i < 128; i++) sum += bins[i];
  for (int i = 0; i < 128; i++) out[i] = uint8_t(std::min(255.f, 512 * std::sqrt(bins[i] / sum) + 0.5f));
}

// One sample of the fast descriptor's grid: where it lies in cells, and what share of it each of four cells takes.
struct Sample {
  float u, v;
  int cell[4];
  float share[4];
};

// Five cells wide, because a cell's tent reaches half a cell beyond the 4x4 block on each side.
std::vector<Sample> makeGrid() {
  constexpr int kSide = 20;
  std::vector<Sample> grid;
  for (int j = 0; j < kSide; j++)
    for (int i = 0; i < kSide; i++) {
      Sample s;
      s.u = (i + 0.5f) * 5 / kSide - 2.5f;
      s.v = (j + 0.5f) * 5 / kSide - 2.5f;
      const float weight = std::exp(-(s.u * s.u + s.v * s.v) / (2 * kWindow * kWindow));
      const float fu = s.u + 1.5f, fv = s.v + 1.5f;
      const int iu = int(std::floor(fu)), iv = int(std::floor(fv));
      for (int k = 0; k < 4; k++) {
        const int cu = iu + (k & 1), cv = iv + (k >> 1);
        const bool inside = cu >= 0 && cu < kCells && cv >= 0 && cv < kCells;
        s.cell[k] = inside ? cv * kCells + cu : 0;
        s.share[k] = inside ? weight * (1 - std::abs(fu - cu)) * (1 - std::abs(fv - cv)) : 0;
      }
      grid.push_back(s);
    }
  return grid;
}

}  // namespace

void describe(const Gradients& gradients, const Extremum& e, float angle, uint8_t out[128]) {
  static const std::vector<Sample> grid = makeGrid();
  const int level = nearestLevel(e);
  const Image &magnitude = gradients.magnitude[level], &direction = gradients.angle[level];
  const float cell = float(kMagnification * levelSigma(e.level)), c = std::cos(angle) * cell, s = std::sin(angle) * cell;
  const float toBin = float(kBins / (2 * M_PI));
  float bins[16][16] = {};  // 8 bins a cell, and their wrapped twins behind them
  for (const Sample& at : grid) {
    const int x = int(e.x + c * at.u - s * at.v + 0.5f), y = int(e.y + s * at.u + c * at.v + 0.5f);
    if (x < 1 || y < 1 || x >= magnitude.width - 1 || y >= magnitude.height - 1) continue;
    const size_t pixel = size_t(y) * magnitude.stride + x;
    const float m = magnitude.row(0)[pixel];
    float f = (direction.row(0)[pixel] - angle) * toBin;
    f = f < 0 ? f + kBins : f;
    const int bin = std::min(int(f), kBins);
    const float part = f - bin, low = m * (1 - part), high = m * part;
    for (int k = 0; k < 4; k++) {
      bins[at.cell[k]][bin] += at.share[k] * low;
      bins[at.cell[k]][bin + 1] += at.share[k] * high;
    }
  }
  float flat[128];
  for (int k = 0; k < 16; k++)
    for (int b = 0; b < kBins; b++) flat[k * kBins + b] = bins[k][b] + bins[k][b + kBins];
  quantise(flat, out);
}

void describeEveryPixel(const Gradients& gradients, const Extremum& e, float angle, uint8_t out[128]) {
  const int level = nearestLevel(e);
  const Image &magnitude = gradients.magnitude[level], &direction = gradients.angle[level];
  const double cell = kMagnification * levelSigma(e.level), c = std::cos(angle), s = std::sin(angle);
  const int reach = int(std::ceil(cell * 2.5 * std::sqrt(2.0)));
  float bins[128] = {};
  for (int y = std::max(1, int(e.y) - reach); y <= std::min(magnitude.height - 2, int(e.y) + reach); y++)
    for (int x = std::max(1, int(e.x) - reach); x <= std::min(magnitude.width - 2, int(e.x) + reach); x++) {
      const double dx = x - e.x, dy = y - e.y, u = (c * dx + s * dy) / cell, v = (c * dy - s * dx) / cell;
      const double weight = magnitude.row(y)[x] * std::exp(-(u * u + v * v) / (2 * kWindow * kWindow));
      double f = (direction.row(y)[x] - angle) * kBins / (2 * M_PI);
      while (f < 0) f += kBins;
      for (int cv = 0; cv < kCells; cv++)
        for (int cu = 0; cu < kCells; cu++) {
          const double tent = std::max(0.0, 1 - std::abs(u + 1.5 - cu)) * std::max(0.0, 1 - std::abs(v + 1.5 - cv));
          if (tent == 0) continue;
          const int b = int(f);
          bins[(cv * kCells + cu) * kBins + b % kBins] += float(weight * tent * (1 - (f - b)));
          bins[(cv * kCells + cu) * kBins + (b + 1) % kBins] += float(weight * tent * (f - b));
        }
    }
  quantise(bins, out);
}

}  // namespace spaceport
