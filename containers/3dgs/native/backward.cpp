// Gradient of the blending, front to back like the drawing: `remaining` holds, for each pixel, (light still to come) . gradient,
// which starts as image . gradient, so no list of alphas is kept and nothing is divided by a small transmittance.
//   d loss / d alpha_i = T_i (c_i . g) - remaining_after_i / (1 - alpha_i)
// Each entry owns a slot of SLOT floats, written once, so the sums do not depend on threads:
//   0 v   1 v dx   2 v dy   3 v dx^2   4 v dx dy   5 v dy^2   6 red   7 green   8 blue        (v = alpha d loss / d alpha)
#include "tile.h"

namespace splat {
namespace {

constexpr int SUMS = 9;
// Entries to fetch ahead: neither splat nor slot stands where the last one stood, and a third of the time was waiting for them.
constexpr uint32_t AHEAD = 4;

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

// A row of LANES px.
struct Pixels {
  vf light, remaining;
  vf red, green, blue;  // gradient by the picture
};

void open(Frame& f, const Tile& tile, Pixels (*rows)[TILE]) {
  const size_t plane = f.plane;
  for (int c = 0; c < COLUMNS; ++c)
    for (int y = 0; y < TILE; ++y) {
      Pixels& p = rows[c][y];
      p.light = light_at(f, tile, c, y);
      const vi inside = p.light > all(0.0f);
      const int x = tile.x0 + c * LANES;
      const float *g = f.pixel(f.gradient, 0, tile.y0 + y, x), *image = f.pixel(f.image, 0, tile.y0 + y, x);
      p.red = keep(inside, load(g));
      p.green = keep(inside, load(g + plane));
      p.blue = keep(inside, load(g + 2 * plane));
      p.remaining = p.red * load(image) + p.green * load(image + plane) + p.blue * load(image + 2 * plane);
    }
}

// One splat over the rows of one column; adds to the sums of its slot.
SPLAT_INLINE void column_backward(const Brush& brush, const Column& column, Rows rows, const vf* pixel_y, Pixels* pixels, vf* q) {
  vf alphas[TILE + GROUP];
  alphas_of(brush, column, pixel_y, rows.from, rows.to, alphas);
  vf v0 = all(0.0f), v1 = v0, v2 = v0, red = v0, green = v0, blue = v0;
  for (int y = rows.from; y < rows.to; ++y) {
    Pixels& p = pixels[y];
    const vf dy = pixel_y[y] - brush.y, raw = alphas[y], alpha = smaller(raw, all(ALPHA_MAX));
    const vf weight = alpha * p.light, gr = p.red, gg = p.green, gb = p.blue;
    p.light -= weight;
    const vf shade = weight * (brush.red * gr + brush.green * gg + brush.blue * gb);
    const vf after = p.remaining - shade;
    p.remaining = after;
    red += weight * gr, green += weight * gg, blue += weight * gb;
    const vf v = keep(raw <= all(ALPHA_MAX), shade - after * alpha * reciprocal(all(1.0f) - alpha));
    const vf vy = v * dy;
    v0 += v, v1 += vy, v2 += vy * dy;
  }
  const vf vx = v0 * column.dx;
  q[0] += v0, q[1] += vx, q[2] += v1, q[3] += vx * column.dx, q[4] += v1 * column.dx, q[5] += v2;
  q[6] += red, q[7] += green, q[8] += blue;
}

void tile_backward(Frame& f, int index) {
  const Tile tile = tile_at(f, index);
  Pixels pixels[COLUMNS][TILE];
  open(f, tile, pixels);
  vf pixel_y[TILE + GROUP], pixel_x[COLUMNS];
  for (int y = 0; y < TILE + GROUP; ++y) pixel_y[y] = all(tile.y0 + y + 0.5f);
  for (int c = 0; c < COLUMNS; ++c) pixel_x[c] = lane_index() + all(tile.x0 + c * LANES + 0.5f);

  const uint32_t used = tile.begin + f.tile_used[index];
  for (uint32_t at = tile.begin; at < used; ++at) {
    const uint32_t soon = std::min(at + AHEAD, used - 1);
    __builtin_prefetch(&f.splats[f.entries[soon]]);
    __builtin_prefetch(f.slots.data() + (size_t)f.entry_slot[soon] * SLOT, 1);
    const Splat& s = f.splats[f.entries[at]];
    const Rows* rows = &f.entry_rows[(size_t)at * COLUMNS];
    const Brush brush = brush_of(s);
    vf q[SUMS] = {};
    for (int c = 0; c < COLUMNS; ++c)
      if (rows[c].from < rows[c].to) column_backward(brush, column_of(s, pixel_x[c]), rows[c], pixel_y, pixels[c], q);
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
