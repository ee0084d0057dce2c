#include "image.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "failure.h"
#include "target.h"

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace spaceport {

namespace {

// Large pages where the system lends them: a pyramid is 60 MB, and clearing it page by page cost a third of the time.
float* take(size_t bytes) {
  [[maybe_unused]] constexpr size_t kPage = size_t(1) << 21;
#if defined(__linux__)
  void* memory = nullptr;
  if (posix_memalign(&memory, bytes >= kPage ? kPage : 64, std::max<size_t>(64, bytes)) != 0) fail(std::bad_alloc());
  if (bytes >= kPage) madvise(memory, bytes, MADV_HUGEPAGE);
  return static_cast<float*>(memory);
#else
  void* memory = std::malloc(std::max<size_t>(64, bytes));
  if (!memory) fail(std::bad_alloc());
  return static_cast<float*>(memory);
#endif
}

// Memory that a thread has used and will use again for its next photo: the system clears every page that it hands out, which was a
// quarter of a photo's time. At most kShelf bytes wait, a pyramid's worth.
constexpr size_t kShelf = size_t(80) << 20;

struct Shelf {
  std::multimap<size_t, float*> waiting;
  size_t bytes = 0;
  ~Shelf() {
    for (const auto& each : waiting) std::free(each.second);
  }
};

thread_local Shelf shelf;

float* takeOrFind(size_t bytes) {
  const auto found = shelf.waiting.find(bytes);
  if (found == shelf.waiting.end()) return take(bytes);
  float* memory = found->second;
  shelf.bytes -= bytes;
  shelf.waiting.erase(found);
  return memory;
}

// SPACEPORT_POISON=1, for tests: pictures begin full of NaN, so that a number that is read without having been written shows. WebAssembly's module
// has no environment, and asking for it ends the module.
float* lend(size_t bytes) {
  float* memory = takeOrFind(bytes);
#if !defined(__wasm__)
  static const bool poisoned = std::getenv("SPACEPORT_POISON") != nullptr;
  if (poisoned) std::memset(memory, 0xff, bytes);
#endif
  return memory;
}

// Rounded up by at most an eighth, so that photos of slightly other shapes (turned, cropped) find the memory of the one before.
size_t bytesOf(int stride, int height) {
  const size_t bytes = size_t(stride) * height * sizeof(float);
  size_t step = 64;
  while (step * 16 <= bytes) step *= 2;
  return (bytes + step - 1) / step * step;
}

}  // namespace

void GiveBack::operator()(float* memory) const {
  if (shelf.bytes + bytes > kShelf) return std::free(memory);
  shelf.bytes += bytes;
  shelf.waiting.emplace(bytes, memory);
}

Image::Image(int w, int h) : width(w), height(h), stride((w + 15) / 16 * 16), pixels(lend(bytesOf(stride, h)), GiveBack{bytesOf(stride, h)}) {}

namespace {

// Weights of the source samples for each target sample: a tent of the target's or the source's pixel size, whichever is larger.
struct Taps {
  int first;
  std::vector<float> weights;
};

std::vector<Taps> tents(int from, int to) {
  const double ratio = double(from) / to, reach = std::max(1.0, ratio);
  std::vector<Taps> all(to);
  for (int i = 0; i < to; i++) {
    const double centre = (i + 0.5) * ratio - 0.5;
    const int first = int(std::floor(centre - reach)) + 1, last = int(std::ceil(centre + reach)) - 1;
    Taps& taps = all[i];
    taps.first = std::clamp(first, 0, from - 1);
    taps.weights.assign(std::clamp(last, 0, from - 1) - taps.first + 1, 0.f);
    double sum = 0;
    for (int k = first; k <= last; k++) {
      const double w = std::max(0.0, 1 - std::abs(k - centre) / reach);
      taps.weights[std::clamp(k, 0, from - 1) - taps.first] += float(w);
      sum += w;
    }
    for (float& w : taps.weights) w /= float(sum);
  }
  return all;
}

std::vector<float> gaussian(double sigma) {
  const int radius = std::max(1, int(std::ceil(4 * sigma)));
  std::vector<double> half(radius + 1);
  double sum = 0;
  for (int i = 0; i <= radius; i++) {
    half[i] = std::exp(-0.5 * i * i / (sigma * sigma));
    sum += i == 0 ? half[i] : 2 * half[i];
  }
  std::vector<float> weights(radius + 1);
  for (int i = 0; i <= radius; i++) weights[i] = float(half[i] / sum);
  return weights;
}

typedef float Lanes __attribute__((vector_size(32)));

SPACEPORT_INLINE Lanes load(const float* p) {
  Lanes v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}

// out[x] = w[0] * mid[x] + sum of w[k] * (before[k][x] + after[k][x]); `count` is padded to whole lanes.
SPACEPORT_INLINE void symmetricSumBody(const float* const* before, const float* const* after, const float* weights, int radius, int count, float* out) {
  for (int x = 0; x < count; x += 16) {
    Lanes a = load(before[0] + x) * weights[0], b = load(before[0] + x + 8) * weights[0];
    for (int k = 1; k <= radius; k++) {
      a += (load(before[k] + x) + load(after[k] + x)) * weights[k];
      b += (load(before[k] + x + 8) + load(after[k] + x + 8)) * weights[k];
    }
    __builtin_memcpy(out + x, &a, sizeof a);
    __builtin_memcpy(out + x + 8, &b, sizeof b);
  }
}
SPACEPORT_KERNEL(symmetricSum, (const float* const* before, const float* const* after, const float* weights, int radius, int count, float* out), (before, after, weights, radius, count, out))

// The same for two rows that follow each other, of which all but two of the pictures' rows are the same: each is read once.
// `low[k]` is the k-th row above the first, `high[k]` the k-th below the second.
SPACEPORT_INLINE void twoRowsBody(const float* const* low, const float* const* high, const float* weights, int radius, int count, float* first, float* second) {
  for (int x = 0; x < count; x += 8) {
    Lanes above = load(low[0] + x), below = load(high[0] + x), a = above * weights[0], b = below * weights[0];
    for (int k = 1; k <= radius; k++) {
      const Lanes up = load(low[k] + x), down = load(high[k] + x);
      a += (up + below) * weights[k];
      b += (above + down) * weights[k];
      above = up, below = down;
    }
    __builtin_memcpy(first + x, &a, sizeof a);
    __builtin_memcpy(second + x, &b, sizeof b);
  }
}
SPACEPORT_KERNEL(twoRows, (const float* const* low, const float* const* high, const float* weights, int radius, int count, float* first, float* second), (low, high, weights, radius, count, first, second))

SPACEPORT_INLINE void subtractBody(const float* from, const float* what, int count, float* out) {
  for (int x = 0; x < count; x++) out[x] = from[x] - what[x];
}
SPACEPORT_KERNEL(subtract, (const float* from, const float* what, int count, float* out), (from, what, count, out))

}  // namespace

Image resample(const uint8_t* grey, int width, int height, int newWidth, int newHeight) {
  const std::vector<Taps> across = tents(width, newWidth), down = tents(height, newHeight);
  Image wide(newWidth, height), out(newWidth, newHeight);
  for (int y = 0; y < height; y++) {
    const uint8_t* in = grey + size_t(y) * width;
    float* to = wide.row(y);
    std::fill(to + newWidth, to + wide.stride, 0.f);
    for (int x = 0; x < newWidth; x++) {
      float sum = 0;
      for (size_t k = 0; k < across[x].weights.size(); k++) sum += across[x].weights[k] * in[across[x].first + k];
      to[x] = sum * (1 / 255.f);
    }
  }
  for (int y = 0; y < newHeight; y++) {
    float* to = out.row(y);
    std::fill(to, to + out.stride, 0.f);
    for (size_t k = 0; k < down[y].weights.size(); k++) {
      const float w = down[y].weights[k];
      const float* from = wide.row(down[y].first + int(k));
      for (int x = 0; x < newWidth; x++) to[x] += w * from[x];
    }
  }
  return out;
}

void blur(const Image& in, Image& out, double sigma, Image* difference) {
  const std::vector<float> weights = gaussian(sigma);
  const int radius = int(weights.size()) - 1, w = in.width, h = in.height;
  const int padded = in.stride;
  // The lines between the passes have a margin of `radius`, so that the second reads whole lanes without a test.
  std::vector<float> lines[2];
  for (auto& line : lines) line.resize(padded + 2 * radius + 16);
  std::vector<const float*> before(radius + 1), after(radius + 1);
  if (out.width != w || out.height != h) out = Image(w, h);
  if (difference) *difference = Image(w, h);
  for (int y = 0; y < h; y += 2) {
    for (int k = 0; k <= radius; k++) {
      before[k] = in.row(std::max(0, y - k));
      after[k] = in.row(std::min(h - 1, y + 1 + k));
    }
    twoRows(before.data(), after.data(), weights.data(), radius, padded, lines[0].data() + radius, lines[1].data() + radius);
    for (int half = 0; half < 2 && y + half < h; half++) {
      std::vector<float>& line = lines[half];
      float* middle = line.data() + radius;
      std::fill(line.begin(), line.begin() + radius, middle[0]);
      std::fill(middle + w, line.data() + line.size(), middle[w - 1]);
      for (int k = 0; k <= radius; k++) {
        before[k] = middle - k;
        after[k] = middle + k;
      }
      symmetricSum(before.data(), after.data(), weights.data(), radius, padded, out.row(y + half));
      // While both lines are near: the differences alone are as many bytes as the blurred pictures.
      if (difference) subtract(out.row(y + half), in.row(y + half), padded, difference->row(y + half));
    }
  }
}

Image halve(const Image& in) {
  Image out(in.width / 2, in.height / 2);
  for (int y = 0; y < out.height; y++)
    for (int x = 0; x < out.width; x++) out.row(y)[x] = in.row(2 * y)[2 * x];
  return out;
}

}  // namespace spaceport
