// What drawing and its gradient share: a tile's pixels and the exact rows in which an ellipse meets each column of LANES px.
#pragma once
#include <algorithm>
#include "frame.h"
#include "projection.h"

namespace splat {

constexpr float TRANSMITTANCE_MIN = 1e-4f;  // as in 3DGS; here a tile is left once every pixel is below

struct Tile {
  int x0, y0;
  uint32_t begin, end;  // entries
};

inline Tile tile_at(const Frame& f, int index) {
  return {index % f.tiles_x * TILE, index / f.tiles_x * TILE, f.tile_start[index], f.tile_start[index + 1]};
}

// Transmittance before the first splat: 1, and 0 outside the picture so that nothing is drawn there.
inline void open_pixels(const Frame& f, const Tile& tile, vf (*light)[TILE]) {
  for (int c = 0; c < COLUMNS; ++c)
    for (int y = 0; y < TILE; ++y) {
      const vf x = lane_index() + all((float)(tile.x0 + c * LANES));
      light[c][y] = tile.y0 + y < f.height ? keep(x < all((float)f.width), all(1.0f)) : all(0.0f);
    }
}

inline bool all_dark(const vf (*light)[TILE]) {
  vf brightest = light[0][0];
  for (int c = 0; c < COLUMNS; ++c)
    for (int y = 0; y < TILE; ++y) brightest = larger(brightest, light[c][y]);
  return !lane_bits(brightest >= all(TRANSMITTANCE_MIN));
}

// Rows of each column that the ellipse alpha >= 1/255 meets. The ellipse's topmost point, moved into the column, gives the
// upper end, its mirror image the lower end: exact, and two roots a column. Pixels are still masked one by one, so a row too
// many costs time only; 0.01 px covers rounding.
SPLAT_INLINE void rows_of(const Splat& s, const Tile& tile, Rows* out) {
  const float budget = s.k - LOG2_ALPHA_MIN;
  for (int c = 0; c < COLUMNS; ++c) {
    const float left = tile.x0 + c * LANES + 0.5f - s.x, right = left + (LANES - 1);
    const float low_dx = std::min(std::max(-s.top_dx, left), right), high_dx = std::min(std::max(s.top_dx, left), right);
    const float low_in = 4.0f * s.c * budget - s.discriminant * low_dx * low_dx;
    const float high_in = 4.0f * s.c * budget - s.discriminant * high_dx * high_dx;
    const float origin = s.y - tile.y0 - 0.5f;
    const float low = origin + (-s.b * low_dx - std::sqrt(std::max(low_in, 0.0f))) * s.half_over_c - 0.01f;
    const float high = origin + (-s.b * high_dx + std::sqrt(std::max(high_in, 0.0f))) * s.half_over_c + 0.01f;
    const int from = (int)std::ceil(std::min(std::max(low, 0.0f), (float)TILE));
    const int to = (int)std::min(std::max(high + 1.0f, 0.0f), (float)TILE);
    const bool meets = (low_in > 0.0f || high_in > 0.0f) && from < to;
    out[c] = meets ? Rows{(uint8_t)from, (uint8_t)to} : Rows{0, 0};
  }
}

// A splat's values in every lane, and what changes only from column to column.
struct Brush {
  vf y, c, red, green, blue;
};
struct Column {
  vf dx, at_centre, slope;  // exponent = at_centre - dy (slope + c dy)
};

SPLAT_INLINE Brush brush_of(const Splat& s) { return {all(s.y), all(s.c), all(s.red), all(s.green), all(s.blue)}; }
SPLAT_INLINE Column column_of(const Splat& s, vf pixel_x) {
  const vf dx = pixel_x - all(s.x);
  return {dx, all(s.k) - all(s.a) * dx * dx, all(s.b) * dx};
}

// Alpha of one row of a column: zero under 1/255. `raw` is before the clamp at 0.999, for the gradient.
SPLAT_INLINE vf alpha_of(const Brush& b, const Column& col, vf dy, vf& raw) {
  const vf exponent = col.at_centre - dy * (col.slope + b.c * dy);
  raw = keep(exponent >= all(LOG2_ALPHA_MIN), exp2_lanes(exponent));
  return smaller(raw, all(ALPHA_MAX));
}

}  // namespace splat
