// Front-to-back alpha blending, tile by tile; background black.
#include "tile.h"

namespace splat {
namespace {

struct Canvas {
  vf light, red, green, blue;
};

void draw_tile(Frame& f, int index) {
  const Tile tile = tile_at(f, index);
  Canvas pixels[COLUMNS][TILE];
  vf pixel_y[TILE], pixel_x[COLUMNS];
  for (int c = 0; c < COLUMNS; ++c)
    for (int y = 0; y < TILE; ++y) pixels[c][y] = {light_at(f, tile, c, y), all(0.0f), all(0.0f), all(0.0f)};
  for (int y = 0; y < TILE; ++y) pixel_y[y] = all(tile.y0 + y + 0.5f);
  for (int c = 0; c < COLUMNS; ++c) pixel_x[c] = lane_index() + all(tile.x0 + c * LANES + 0.5f);

  uint32_t at = tile.begin;
  Rows bright[COLUMNS];
  while (at < tile.end && find_bright(pixels, bright)) {
    const uint32_t end = std::min(at + BATCH, tile.end);
    find_rows(f, tile, bright, &f.entries[at], (int)(end - at), &f.entry_rows[(size_t)at * COLUMNS]);
    for (uint32_t next = end; next < std::min(end + BATCH, tile.end); ++next) __builtin_prefetch(&f.splats[f.entries[next]]);
    for (; at < end; ++at) {
      const Splat& s = f.splats[f.entries[at]];
      const Rows* rows = &f.entry_rows[(size_t)at * COLUMNS];
      const Brush brush = brush_of(s);
      for (int c = 0; c < COLUMNS; ++c) {
        if (rows[c].from >= rows[c].to) continue;
        const Column column = column_of(s, pixel_x[c]);
        for (int y = rows[c].from; y < rows[c].to; ++y) {
          Canvas& p = pixels[c][y];
          const vf weight = smaller(alpha_of(brush, column, pixel_y[y] - brush.y), all(ALPHA_MAX)) * p.light;
          p.red += weight * brush.red, p.green += weight * brush.green, p.blue += weight * brush.blue;
          p.light -= weight;
        }
      }
    }
  }
  f.tile_used[index] = at - tile.begin;
  float* out = f.pixel(f.image, 0, tile.y0, tile.x0);
  for (int c = 0; c < COLUMNS; ++c)
    for (int y = 0; y < TILE; ++y) {
      float* p = out + (size_t)y * f.stride + c * LANES;
      const Canvas& from = pixels[c][y];
      store(p, from.red), store(p + f.plane, from.green), store(p + 2 * (size_t)f.plane, from.blue);
    }
}

}  // namespace

void draw(Frame& f, Pool& pool) {
  pool.run(f.tiles_x * f.tiles_y, [&](int index, int) { draw_tile(f, index); });
}

}  // namespace splat
