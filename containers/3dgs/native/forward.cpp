// Front-to-back alpha blending, tile by tile; background black.
#include "tile.h"

namespace splat {
namespace {

constexpr int CHECK_EVERY = 16;  // entries between looks for a tile that nothing can change any more

void draw_tile(Frame& f, int index) {
  const Tile tile = tile_at(f, index);
  vf light[COLUMNS][TILE], red[COLUMNS][TILE] = {}, green[COLUMNS][TILE] = {}, blue[COLUMNS][TILE] = {};
  vf pixel_y[TILE], pixel_x[COLUMNS];
  open_pixels(f, tile, light);
  for (int y = 0; y < TILE; ++y) pixel_y[y] = all(tile.y0 + y + 0.5f);
  for (int c = 0; c < COLUMNS; ++c) pixel_x[c] = lane_index() + all(tile.x0 + c * LANES + 0.5f);

  uint32_t at = tile.begin;
  while (at < tile.end) {
    const Splat& s = f.splats[f.entries[at]];
    Rows* rows = &f.entry_rows[(size_t)at * COLUMNS];
    rows_of(s, tile, rows);
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
    ++at;
    if ((at - tile.begin) % CHECK_EVERY == 0 && all_dark(light)) break;
  }
  f.tile_used[index] = at - tile.begin;
  float* out = f.image.data() + (size_t)tile.y0 * f.stride + tile.x0;
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
