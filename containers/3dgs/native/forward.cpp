// Front-to-back alpha blending, tile by tile; background black.
#include "tile.h"

namespace splat {
namespace {

void draw_tile(Frame& f, int index) {
  const Tile tile = tile_at(f, index);
  vf light[COLUMNS][TILE], red[COLUMNS][TILE] = {}, green[COLUMNS][TILE] = {}, blue[COLUMNS][TILE] = {};
  vf pixel_y[TILE], pixel_x[COLUMNS];
  open_pixels(f, tile, light);
  for (int y = 0; y < TILE; ++y) pixel_y[y] = all(tile.y0 + y + 0.5f);
  for (int c = 0; c < COLUMNS; ++c) pixel_x[c] = lane_index() + all(tile.x0 + c * LANES + 0.5f);

  uint32_t at = tile.begin;
  Rows bright[COLUMNS];
  while (at < tile.end && find_bright(light, bright)) {
    const uint32_t end = std::min(at + BATCH, tile.end);
    find_rows(f, tile, bright, &f.entries[at], (int)(end - at), &f.entry_rows[(size_t)at * COLUMNS]);
    for (; at < end; ++at) {
      const Splat& s = f.splats[f.entries[at]];
      const Rows* rows = &f.entry_rows[(size_t)at * COLUMNS];
      const Brush brush = brush_of(s);
      for (int c = 0; c < COLUMNS; ++c) {
        if (rows[c].from >= rows[c].to) continue;
        const Column column = column_of(s, pixel_x[c]);
        for (int y = rows[c].from; y < rows[c].to; ++y) {
          vf raw;
          const vf alpha = alpha_of(brush, column, pixel_y[y] - brush.y, raw);
          const vf weight = alpha * light[c][y];
          red[c][y] += weight * brush.red, green[c][y] += weight * brush.green, blue[c][y] += weight * brush.blue;
          light[c][y] -= weight;
        }
      }
    }
  }
  f.tile_used[index] = at - tile.begin;
  float* out = f.pixel(f.image, 0, tile.y0, tile.x0);
  for (int c = 0; c < COLUMNS; ++c)
    for (int y = 0; y < TILE; ++y) {
      float* p = out + (size_t)y * f.stride + c * LANES;
      store(p, red[c][y]), store(p + f.plane, green[c][y]), store(p + 2 * (size_t)f.plane, blue[c][y]);
    }
}

}  // namespace

void draw(Frame& f, Pool& pool) {
  pool.run(f.tiles_x * f.tiles_y, [&](int index, int) { draw_tile(f, index); });
}

}  // namespace splat
