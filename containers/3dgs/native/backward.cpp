// Gradient of the blending, front to back like the drawing: `remaining` holds, for each pixel, (light still to come) . gradient,
// which starts as image . gradient, so no list of alphas is kept and nothing is divided by a small transmittance.
//   d loss / d alpha_i = T_i (c_i . g) - remaining_after_i / (1 - alpha_i)
// Each entry owns a slot of SLOT floats, written once, so the sums do not depend on threads:
//   0 v   1 v dx   2 v dy   3 v dx^2   4 v dx dy   5 v dy^2   6 red   7 green   8 blue        (v = alpha d loss / d alpha)
#include "tile.h"

namespace splat {
namespace {

constexpr int SUMS = 9;

#if SPLAT_LANES == 8
// Sums of eight vectors at once: pairs are interleaved and added, three times.
SPLAT_INLINE void sums_of(const vf* q, float* out) {
  __m256 t[4];
  for (int i = 0; i < 4; ++i) {
    const __m256 a = (__m256)q[2 * i], b = (__m256)q[2 * i + 1];
    t[i] = _mm256_add_ps(_mm256_unpacklo_ps(a, b), _mm256_unpackhi_ps(a, b));
  }
  __m256 u[2];
  for (int i = 0; i < 2; ++i) {
    const __m256 a = t[2 * i], b = t[2 * i + 1];
    u[i] = _mm256_add_ps(_mm256_shuffle_ps(a, b, 0x44), _mm256_shuffle_ps(a, b, 0xEE));
  }
  _mm256_storeu_ps(out, _mm256_add_ps(_mm256_permute2f128_ps(u[0], u[1], 0x20), _mm256_permute2f128_ps(u[0], u[1], 0x31)));
  out[8] = sum_of(q[8]);
}
#elif defined(__SSE2__)
SPLAT_INLINE void sums_of(const vf* q, float* out) {
  for (int h = 0; h < 8; h += 4) {
    __m128 a = (__m128)q[h], b = (__m128)q[h + 1], c = (__m128)q[h + 2], d = (__m128)q[h + 3];
    _MM_TRANSPOSE4_PS(a, b, c, d);
    _mm_storeu_ps(out + h, _mm_add_ps(_mm_add_ps(a, b), _mm_add_ps(c, d)));
  }
  out[8] = sum_of(q[8]);
}
#else
SPLAT_INLINE void sums_of(const vf* q, float* out) {
  for (int k = 0; k < SUMS; ++k) out[k] = sum_of(q[k]);
}
#endif

struct Pixels {
  vf light[COLUMNS][TILE], remaining[COLUMNS][TILE];
  vf red[COLUMNS][TILE], green[COLUMNS][TILE], blue[COLUMNS][TILE];  // gradient by the picture
};

void open(Frame& f, const Tile& tile, Pixels& p) {
  open_pixels(f, tile, p.light);
  const size_t plane = f.plane;
  for (int c = 0; c < COLUMNS; ++c)
    for (int y = 0; y < TILE; ++y) {
      const vi inside = p.light[c][y] > all(0.0f);
      const int x = tile.x0 + c * LANES;
      const float *g = f.pixel(f.gradient, 0, tile.y0 + y, x), *image = f.pixel(f.image, 0, tile.y0 + y, x);
      p.red[c][y] = keep(inside, load(g));
      p.green[c][y] = keep(inside, load(g + plane));
      p.blue[c][y] = keep(inside, load(g + 2 * plane));
      p.remaining[c][y] = p.red[c][y] * load(image) + p.green[c][y] * load(image + plane) + p.blue[c][y] * load(image + 2 * plane);
    }
}

void tile_backward(Frame& f, int index) {
  const Tile tile = tile_at(f, index);
  Pixels p;
  open(f, tile, p);
  vf pixel_y[TILE], pixel_x[COLUMNS];
  for (int y = 0; y < TILE; ++y) pixel_y[y] = all(tile.y0 + y + 0.5f);
  for (int c = 0; c < COLUMNS; ++c) pixel_x[c] = lane_index() + all(tile.x0 + c * LANES + 0.5f);

  const uint32_t used = tile.begin + f.tile_used[index];
  for (uint32_t at = tile.begin; at < used; ++at) {
    const Splat& s = f.splats[f.entries[at]];
    const Rows* rows = &f.entry_rows[(size_t)at * COLUMNS];
    const Brush brush = brush_of(s);
    vf q[SUMS] = {};
    for (int c = 0; c < COLUMNS; ++c) {
      if (rows[c].from >= rows[c].to) continue;
      const Column column = column_of(s, pixel_x[c]);
      vf v0 = all(0.0f), v1 = v0, v2 = v0, red = v0, green = v0, blue = v0;
      for (int y = rows[c].from; y < rows[c].to; ++y) {
        const vf dy = pixel_y[y] - brush.y;
        vf raw;
        const vf alpha = alpha_of(brush, column, dy, raw);
        const vf weight = alpha * p.light[c][y];
        p.light[c][y] -= weight;
        const vf gr = p.red[c][y], gg = p.green[c][y], gb = p.blue[c][y];
        const vf shade = weight * (brush.red * gr + brush.green * gg + brush.blue * gb);
        const vf after = p.remaining[c][y] - shade;
        p.remaining[c][y] = after;
        red += weight * gr, green += weight * gg, blue += weight * gb;
        const vf v = keep(raw <= all(ALPHA_MAX), shade - after * alpha * reciprocal(all(1.0f) - alpha));
        const vf vy = v * dy;
        v0 += v, v1 += vy, v2 += vy * dy;
      }
      const vf vx = v0 * column.dx;
      q[0] += v0, q[1] += vx, q[2] += v1, q[3] += vx * column.dx, q[4] += v1 * column.dx, q[5] += v2;
      q[6] += red, q[7] += green, q[8] += blue;
    }
    sums_of(q, f.slots.data() + (size_t)f.entry_slot[at] * SLOT);
  }
  for (uint32_t at = used; at < tile.end; ++at)
    std::fill_n(f.slots.data() + (size_t)f.entry_slot[at] * SLOT, SUMS, 0.0f);
}

}  // namespace

void draw_backward(Frame& f, Pool& pool) {
  pool.run(f.tiles_x * f.tiles_y, [&](int index, int) { tile_backward(f, index); });
}

}  // namespace splat
