// Loss l1 |x - y| + ssim (1 - SSIM), means over pixels and channels, and its gradient by the picture x.
// SSIM: Wang et al. 2004, 11 x 11 Gaussian window of 1.5 px, zeros outside the picture (as 3DGS does).
// Works in blocks that stay in cache, in two passes: four blurs (x, y, x^2 + y^2, x y) give SSIM and its derivatives by the
// blurred values, three blurs of those give the gradient (the window is symmetric, so it is its own transpose).
#include <algorithm>
#include <cmath>
#include "frame.h"

namespace splat {
namespace {

constexpr int RADIUS = 5, TAPS = 2 * RADIUS + 1;
constexpr int BLOCK_X = 128, BLOCK_Y = 64;
constexpr int HALO = 8;  // RADIUS in whole vectors
constexpr int WIDE = BLOCK_X + 2 * MARGIN;
constexpr float C1 = 0.01f * 0.01f, C2 = 0.03f * 0.03f;

struct Window {
  vf tap[RADIUS + 1];  // centre first
  Window() {
    double w[RADIUS + 1], sum = 0;
    for (int i = 0; i <= RADIUS; ++i) {
      w[i] = std::exp(-i * i / (2 * 1.5 * 1.5));
      sum += i ? 2 * w[i] : w[i];
    }
    for (int i = 0; i <= RADIUS; ++i) tap[i] = all((float)(w[i] / sum));
  }
};
const Window window;

struct Block {
  int channel, x0, y0, x1, y1;
};

struct Blocks {
  int across, down;
  explicit Blocks(const Frame& f) : across((f.width + BLOCK_X - 1) / BLOCK_X), down((f.height + BLOCK_Y - 1) / BLOCK_Y) {}
  int count() const { return across * down * 3; }
  Block at(const Frame& f, int index) const {
    const int tile = index / 3, x0 = tile % across * BLOCK_X, y0 = tile / across * BLOCK_Y;
    return {index % 3, x0, y0, std::min(x0 + BLOCK_X, f.width), std::min(y0 + BLOCK_Y, f.height)};
  }
};

SPLAT_INLINE vf across_at(const float* p) {
  vf sum = window.tap[0] * load(p);
  for (int i = 1; i <= RADIUS; ++i) sum += window.tap[i] * (load(p - i) + load(p + i));
  return sum;
}

// A ring of the last TAPS rows of MAPS maps, each already blurred along x.
template <int MAPS>
struct Ring {
  alignas(64) float rows[TAPS][MAPS][BLOCK_X];
  float* at(int y, int map) { return rows[(y + TAPS) % TAPS][map]; }
  vf down_at(int y, int map, int x) {
    vf sum = window.tap[0] * load(at(y, map) + x);
    for (int i = 1; i <= RADIUS; ++i) sum += window.tap[i] * (load(at(y - i, map) + x) + load(at(y + i, map) + x));
    return sum;
  }
};

// Row y of a plane from column x0, zeros above and below the picture; the plane's margins give the halo.
const float* row_of(Frame& f, Floats& planes, int channel, int y, int x0) {
  alignas(64) static const float zeros[WIDE] = {};
  return y < 0 || y >= f.height ? zeros + MARGIN : f.pixel(planes, channel, y, x0);
}

// Row y of the photo as floats 0 .. 1, with MARGIN floats before x0; zeros outside the picture.
const float* photo_row(const uint8_t* plane, const Frame& f, int y, int x0, float* out) {
  std::fill_n(out, WIDE, 0.0f);
  if (y < 0 || y >= f.height) return out + MARGIN;
  const int from = std::max(x0 - RADIUS, 0), to = std::min(x0 + BLOCK_X + RADIUS, f.width);
  const uint8_t* in = plane + (size_t)y * f.width;
  float* o = out + MARGIN - x0;
  for (int x = from; x < to; ++x) o[x] = in[x] * (1.0f / 255.0f);
  return out + MARGIN;
}

double ssim_block(Frame& f, const uint8_t* target, const Block& b, float factor) {
  static thread_local Ring<4> ring;
  alignas(64) float y_wide[WIDE], square[WIDE], product[WIDE];
  const uint8_t* wanted = target + (size_t)b.channel * f.width * f.height;
  double total = 0;
  for (int y = b.y0 - RADIUS; y < b.y1 + RADIUS; ++y) {
    const float *x_row = row_of(f, f.image, b.channel, y, b.x0), *y_row = photo_row(wanted, f, y, b.x0, y_wide);
    for (int i = -HALO; i < BLOCK_X + HALO; i += LANES) {
      const vf p = load(x_row + i), t = load(y_row + i);
      store(square + MARGIN + i, p * p + t * t), store(product + MARGIN + i, p * t);
    }
    for (int x = 0; x < b.x1 - b.x0; x += LANES) {
      store(ring.at(y, 0) + x, across_at(x_row + x)), store(ring.at(y, 1) + x, across_at(y_row + x));
      store(ring.at(y, 2) + x, across_at(square + MARGIN + x)), store(ring.at(y, 3) + x, across_at(product + MARGIN + x));
    }
    const int mid = y - RADIUS;
    if (mid < b.y0) continue;
    vf row_sum = all(0.0f);
    for (int x = 0; x < b.x1 - b.x0; x += LANES) {
      const vf mx = ring.down_at(mid, 0, x), my = ring.down_at(mid, 1, x), two = all(2.0f);
      const vf mxx = mx * mx, myy = my * my, mxy = mx * my;
      const vf s = ring.down_at(mid, 2, x) - mxx - myy + all(C2), c = two * (ring.down_at(mid, 3, x) - mxy) + all(C2);
      const vf a = two * mxy + all(C1), d = mxx + myy + all(C1);
      const vf r = all(1.0f) / (d * s), ssim = a * c * r;
      const vi inside = lane_index() < all((float)(b.x1 - b.x0 - x));
      row_sum += keep(inside, ssim);
      const vf scale = keep(inside, all(factor)), w = scale * r;
      float* out = f.pixel(f.maps, 3 * b.channel, mid, b.x0 + x);
      store(out, two * (my * (c - a) * w - scale * ssim * mx * r * (s - d)));
      store(out + f.plane, -scale * ssim * d * r);
      store(out + 2 * (size_t)f.plane, two * a * w);
    }
    total += sum_of(row_sum);
  }
  return total;
}

double gradient_block(Frame& f, const uint8_t* target, const Block& b, float l1, bool with_ssim) {
  static thread_local Ring<3> ring;
  alignas(64) float wide[WIDE];
  const uint8_t* wanted = target + (size_t)b.channel * f.width * f.height;
  double total = 0;
  for (int y = with_ssim ? b.y0 - RADIUS : b.y0 + RADIUS; y < b.y1 + RADIUS; ++y) {
    for (int map = 0; with_ssim && map < 3; ++map) {
      const float* row = row_of(f, f.maps, 3 * b.channel + map, y, b.x0);
      for (int x = 0; x < b.x1 - b.x0; x += LANES) store(ring.at(y, map) + x, across_at(row + x));
    }
    const int mid = y - RADIUS;
    if (mid < b.y0) continue;
    const float *t_row = photo_row(wanted, f, mid, b.x0, wide), *p_row = row_of(f, f.image, b.channel, mid, b.x0);
    float* gradient = f.pixel(f.gradient, b.channel, mid, b.x0);
    vf row_sum = all(0.0f);
    for (int x = 0; x < b.x1 - b.x0; x += LANES) {
      const vf p = load(p_row + x), t = load(t_row + x), error = p - t;
      const vi inside = lane_index() < all((float)(b.x1 - b.x0 - x));
      row_sum += keep(inside, larger(error, -error));
      vf g = keep(error > all(0.0f), all(l1)) - keep(error < all(0.0f), all(l1));
      if (with_ssim) g += ring.down_at(mid, 0, x) + all(2.0f) * p * ring.down_at(mid, 1, x) + t * ring.down_at(mid, 2, x);
      store(gradient + x, keep(inside, g));
    }
    total += sum_of(row_sum);
  }
  return total;
}

}  // namespace

Loss compare(Frame& f, const uint8_t* target, LossWeights weights, Pool& pool) {
  const Blocks blocks(f);
  const double pixels = 3.0 * f.width * f.height;
  const bool with_ssim = weights.ssim > 0;
  double ssim = 0, l1 = 0;
  f.partial.assign(blocks.count(), 0.0);
  if (with_ssim) {
    pool.run(blocks.count(), [&](int i, int) {
      f.partial[i] = ssim_block(f, target, blocks.at(f, i), (float)(-weights.ssim / pixels));
    });
    for (double p : f.partial) ssim += p;
  }
  pool.run(blocks.count(), [&](int i, int) {
    f.partial[i] = gradient_block(f, target, blocks.at(f, i), (float)(weights.l1 / pixels), with_ssim);
  });
  for (double p : f.partial) l1 += p;
  l1 /= pixels, ssim /= pixels;
  return {weights.l1 * l1 + (with_ssim ? weights.ssim * (1 - ssim) : 0.0), l1, ssim};
}

}  // namespace splat
