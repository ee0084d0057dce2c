// Tile lists in depth order: one radix sort of the visible Gaussians by depth, then a counting sort into tiles, which keeps it.
#include <algorithm>
#include "frame.h"

namespace splat {
namespace {

constexpr int DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS;

// Stable, so equal depths keep the Gaussians' order and the picture does not depend on the threads.
void sort_by_depth(Frame& f) {
  const size_t n = f.visible.size();
  f.sort_keys.resize(n), f.sort_keys_next.resize(n), f.sort_next.resize(n);
  for (size_t i = 0; i < n; ++i) f.sort_keys[i] = f.depths[f.visible[i]];
  for (int shift = 0; shift < 32; shift += DIGIT_BITS) {
    uint32_t counts[DIGITS] = {};
    for (size_t i = 0; i < n; ++i) ++counts[f.sort_keys[i] >> shift & (DIGITS - 1)];
    uint32_t sum = 0;
    for (uint32_t& c : counts) {
      const uint32_t here = c;
      c = sum;
      sum += here;
    }
    for (size_t i = 0; i < n; ++i) {
      const uint32_t to = counts[f.sort_keys[i] >> shift & (DIGITS - 1)]++;
      f.sort_keys_next[to] = f.sort_keys[i];
      f.sort_next[to] = f.visible[i];
    }
    f.sort_keys.swap(f.sort_keys_next);
    f.visible.swap(f.sort_next);
  }
}

}  // namespace

void bin(Frame& f, Pool& pool) {
  sort_by_depth(f);
  const int tiles = f.tiles_x * f.tiles_y, n = (int)f.visible.size(), chunks = pool.threads();
  uint32_t slot = 0;
  for (int g : f.visible) {
    f.first_slot[g] = slot;
    slot += f.reaches[g].tiles;
  }
  auto begin = [&](int chunk) { return (int)((int64_t)n * chunk / chunks); };
  f.chunk_cursor.assign((size_t)chunks * tiles, 0);
  pool.run(chunks, [&](int chunk, int) {
    uint32_t* count = f.chunk_cursor.data() + (size_t)chunk * tiles;
    for (int i = begin(chunk); i < begin(chunk + 1); ++i) f.each_tile(f.visible[i], [&](int tile) { ++count[tile]; });
  });
  f.tile_start.resize(tiles + 1);
  f.tile_used.assign(tiles, 0);
  uint32_t sum = 0;
  for (int tile = 0; tile < tiles; ++tile) {
    f.tile_start[tile] = sum;
    for (int chunk = 0; chunk < chunks; ++chunk) {
      uint32_t& c = f.chunk_cursor[(size_t)chunk * tiles + tile];
      const uint32_t here = c;
      c = sum;
      sum += here;
    }
  }
  f.tile_start[tiles] = sum;
  if (f.entries.size() < sum) {
    const size_t room = sum + sum / 4;
    f.entries.resize(room), f.entry_slot.resize(room), f.entry_rows.resize(room * COLUMNS);
    f.slots.reserve(room * SLOT);
  }
  pool.run(chunks, [&](int chunk, int) {
    uint32_t* cursor = f.chunk_cursor.data() + (size_t)chunk * tiles;
    for (int i = begin(chunk); i < begin(chunk + 1); ++i) {
      const int g = f.visible[i];
      uint32_t to = f.first_slot[g];
      f.each_tile(g, [&](int tile) {
        const uint32_t at = cursor[tile]++;
        f.entries[at] = g;
        f.entry_slot[at] = to++;
      });
    }
  });
}

}  // namespace splat
