// What drawing and its gradient share: a tile's pixels and the exact rows in which an ellipse meets each column of LANES px.
#pragma once
#include <algorithm>
#include "frame.h"
#include "projection.h"

namespace splat {

constexpr float TRANSMITTANCE_MIN = 1e-4f;  // as in 3DGS; here rows of LANES px are left once all their pixels are below

struct Tile {
  int x0, y0;
  uint32_t begin, end;  // entries
};

inline Tile tile_at(const Frame& f, int index) {
  return {index % f.tiles_x * TILE, index / f.tiles_x * TILE, f.tile_start[index], f.tile_start[index + 1]};
}

// Transmittance before the first splat: 1, and 0 outside the picture so that nothing is drawn there.
SPLAT_INLINE vf light_at(const Frame& f, const Tile& tile, int column, int y) {
  const vf x = lane_index() + all((float)(tile.x0 + column * LANES));
  return tile.y0 + y < f.height ? keep(x < all((float)f.width), all(1.0f)) : all(0.0f);
}

// Of each column the rows that light still reaches, first to last; returns whether there are any in the tile. What lies behind
// opaque rows is neither drawn nor walked again by the gradient.
template <typename Pixels>
inline bool find_bright(const Pixels (*pixels)[TILE], Rows* bright) {
  bool any = false;
  for (int c = 0; c < COLUMNS; ++c) {
    uint32_t rows = 0;
    for (int y = 0; y < TILE; ++y) rows |= (uint32_t)(lane_bits(pixels[c][y].light >= all(TRANSMITTANCE_MIN)) != 0) << y;
    int from = 0, to = TILE;
    while (from < to && !(rows >> from & 1)) ++from;
    while (to > from && !(rows >> (to - 1) & 1)) --to;
    bright[c] = {(uint8_t)from, (uint8_t)to};
    any |= from < to;
  }
  return any;
}

constexpr int BATCH = 16;  // entries whose rows are found together

// Rows of each column that the ellipses alpha >= 1/255 of `count` entries meet. An ellipse's topmost point, moved into the
// column, gives the upper end, its mirror image the lower end: exact, and two roots a column. Pixels are still masked one by
// one, so a row too many costs time only; 0.02 px covers rounding. Only rows within `bright` are given.
inline void find_rows(const Frame& f, const Tile& tile, const Rows* bright, const int32_t* entries, int count, Rows* out) {
  alignas(64) float x[BATCH], y[BATCH], b[BATCH], k[BATCH], c[BATCH], top[BATCH], half[BATCH], disc[BATCH];
  for (int e = 0; e < BATCH; ++e) {
    const Splat& s = f.splats[entries[std::min(e, count - 1)]];
    x[e] = s.x, y[e] = s.y, b[e] = s.b, k[e] = s.k, c[e] = s.c, top[e] = s.top_dx, half[e] = s.half_over_c;
    disc[e] = s.discriminant;
  }
  const vf zero = all(0.0f);
  for (int e = 0; e < BATCH; e += LANES) {
    const vf budget = all(4.0f) * load(c + e) * (load(k + e) - all(LOG2_ALPHA_MIN)), origin = load(y + e) - all(tile.y0 + 0.5f);
    for (int column = 0; column < COLUMNS; ++column) {
      const vf first = all((float)bright[column].from), last = all((float)bright[column].to);
      const vf left = all(tile.x0 + column * LANES + 0.5f) - load(x + e), right = left + all((float)(LANES - 1));
      const vf t = load(top + e), low_dx = smaller(larger(-t, left), right), high_dx = smaller(larger(t, left), right);
      const vf low_in = budget - load(disc + e) * low_dx * low_dx, high_in = budget - load(disc + e) * high_dx * high_dx;
      const vf low = origin - (load(b + e) * low_dx + root(larger(low_in, zero))) * load(half + e);
      const vf high = origin + (root(larger(high_in, zero)) - load(b + e) * high_dx) * load(half + e);
      const vi meets = (low_in > zero) | (high_in > zero);
      const vi from = to_int(smaller(larger(low + all(0.98f), first), last));
      const vi to = to_int(keep(meets, smaller(larger(high + all(1.02f), first), last)));
      for (int l = 0; l < LANES && e + l < count; ++l) out[(e + l) * COLUMNS + column] = {(uint8_t)from[l], (uint8_t)to[l]};
    }
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

// Alpha of one row of a column before the clamp at 0.999: zero under 1/255.
SPLAT_INLINE vf alpha_of(const Brush& b, const Column& col, vf dy) {
  const vf exponent = col.at_centre - dy * (col.slope + b.c * dy);
  return keep(exponent >= all(LOG2_ALPHA_MIN), exp2_lanes(exponent));
}

// The same of the rows [from, to), in groups: the chain from dy to alpha is long, and with the gradient behind it the core waits
// for one row after the other. What is written after `to` is of no meaning; `out` and `pixel_y` have room for it.
constexpr int GROUP = 4;
SPLAT_INLINE void alphas_of(const Brush& b, const Column& col, const vf* pixel_y, int from, int to, vf* out) {
  for (int y = from; y < to; y += GROUP) {
    vf exponent[GROUP];
    for (int i = 0; i < GROUP; ++i) {
      const vf dy = pixel_y[y + i] - b.y;
      exponent[i] = col.at_centre - dy * (col.slope + b.c * dy);
    }
    vf value[GROUP];
    exp2_group<GROUP>(exponent, value);
    for (int i = 0; i < GROUP; ++i) out[y + i] = keep(exponent[i] >= all(LOG2_ALPHA_MIN), value[i]);
  }
}

}  // namespace splat
