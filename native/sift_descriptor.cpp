#include "sift_descriptor.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "sift_orientation.h"
#include "target.h"

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

typedef float Lanes __attribute__((vector_size(32)));
typedef int Numbers __attribute__((vector_size(32)));

SPACEPORT_INLINE Lanes load(const float* p) {
  Lanes v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}

// Cells stand in rows of six, because a cell's tent reaches half a cell beyond the 4x4 block on each side: a sample's four cells are then
// the numbers 0, 1, 6 and 7 from its first, and one lane of eight adds them all.
constexpr int kWideCells = 6, kCellNumbers = kWideCells * kWideCells + 8;
constexpr int kSide = 20, kSamples = kSide * kSide, kStride = 107;

// The samples of the fast descriptor: where each lies in cells, its first cell, and what share of it each of the four takes. Those that follow each
// other lie in different cells, so that an addition does not wait for the one before.
struct Grid {
  float u[kSamples], v[kSamples];
  int first[kSamples];
  float share[kSamples][8] = {};

  Grid() {
    for (int n = 0; n < kSamples; n++) {
      const int at = n * kStride % kSamples;
      u[n] = (at % kSide + 0.5f) * 5 / kSide - 2.5f;
      v[n] = (at / kSide + 0.5f) * 5 / kSide - 2.5f;
      const float weight = std::exp(-(u[n] * u[n] + v[n] * v[n]) / (2 * kWindow * kWindow));
      const float fu = u[n] + 1.5f, fv = v[n] + 1.5f;
      const int iu = int(std::floor(fu)), iv = int(std::floor(fv));
      first[n] = (iv + 1) * kWideCells + iu + 1;
      for (int k = 0; k < 4; k++) {
        const int cu = iu + (k & 1), cv = iv + (k >> 1);
        share[n][(k >> 1) * kWideCells + (k & 1)] = weight * (1 - std::abs(fu - cu)) * (1 - std::abs(fv - cv));
      }
    }
  }
};

// Where the descriptor lies: centre, and the turned side of a cell, in pixels.
struct Frame {
  float x, y, c, s, angle;
};

// Adds the samples to kBins + 2 layers of cells; the last layers are the twins of the first.
SPACEPORT_INLINE void gatherBody(const Grid& grid, const float* magnitude, const float* direction, int width, int height, int stride, const Frame& at, float* layers) {
  const float toBin = float(kBins / (2 * M_PI));
  for (int n = 0; n < kSamples; n += 8) {
    const Lanes u = load(grid.u + n), v = load(grid.v + n);
    const Numbers x = __builtin_convertvector(at.x + at.c * u - at.s * v + 0.5f, Numbers);
    const Numbers y = __builtin_convertvector(at.y + at.s * u + at.c * v + 0.5f, Numbers);
    const Numbers inside = (x >= 1) & (y >= 1) & (x < width - 1) & (y < height - 1);
    const Numbers pixel = (y * stride + x) & inside;
    Lanes m, d;
    for (int k = 0; k < 8; k++) m[k] = magnitude[pixel[k]], d[k] = direction[pixel[k]];
    // Outside stands what the memory held before: any number, and none that may name a bin.
    m = inside ? m : Lanes{};
    d = inside ? d : Lanes{};
    Lanes f = (d - at.angle) * toBin;
    f = f < 0 ? f + float(kBins) : f;
    Numbers bin = __builtin_convertvector(f, Numbers);
    bin = bin > kBins ? Numbers{} + kBins : bin;
    const Lanes part = f - __builtin_convertvector(bin, Lanes), low = m * (1 - part), high = m * part;
    for (int k = 0; k < 8; k++) {
      float* cells = layers + bin[k] * kCellNumbers + grid.first[n + k];
      const Lanes share = load(grid.share[n + k]), a = load(cells) + share * low[k], b = load(cells + kCellNumbers) + share * high[k];
      __builtin_memcpy(cells, &a, sizeof a);
      __builtin_memcpy(cells + kCellNumbers, &b, sizeof b);
    }
  }
}
SPACEPORT_KERNEL(gather, (const Grid& grid, const float* magnitude, const float* direction, int width, int height, int stride, const Frame& at, float* layers), (grid, magnitude, direction, width, height, stride, at, layers))

}  // namespace

void describe(const Gradients& gradients, const Extremum& e, float angle, uint8_t out[128]) {
  static const Grid grid;
  const int level = nearestLevel(e);
  const Image &magnitude = gradients.magnitude[level], &direction = gradients.angle[level];
  const float cell = float(kMagnification * levelSigma(e.level));
  float layers[(kBins + 2) * kCellNumbers] = {};
  gather(grid, magnitude.row(0), direction.row(0), magnitude.width, magnitude.height, magnitude.stride, {e.x, e.y, std::cos(angle) * cell, std::sin(angle) * cell, angle}, layers);
  float flat[128];
  for (int k = 0; k < 16; k++)
    for (int b = 0; b < kBins; b++) {
      const float* at = layers + b * kCellNumbers + (k / kCells + 1) * kWideCells + k % kCells + 1;
      flat[k * kBins + b] = b < 2 ? at[0] + at[kBins * kCellNumbers] : at[0];
    }
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
