// What one step (or one render) computes on its way: splats in the picture, tile lists, the picture, its gradient.
#pragma once
#include <vector>
#include "model.h"
#include "pool.h"

namespace splat {

constexpr int TILE = 16;                 // px; a tile is TILE / LANES columns of LANES px, each with its own row interval
constexpr int COLUMNS = TILE / LANES;
constexpr int SLOT = 12;                 // floats per gradient slot: 9 used, see backward.cpp
constexpr int SPAN = 64 * LANES;         // Gaussians that a thread takes at a time
constexpr int MARGIN = 16;               // px; more than the window of SSIM reaches, and whole cache lines
constexpr int OVERRUN = 256;              // floats after the last plane that a block of the loss may read (and ignore)

// A Gaussian in the picture. alpha = 2^(k - (a dx^2 + b dx dy + c dy^2)): log2(e) is folded into all four.
struct Splat {
  float x, y, a, b, c, k, red, green, blue;
  float top_dx;        // x of the topmost point of the ellipse alpha = 1/255, relative to the centre
  float half_over_c;   // 1 / (2 c)
  float discriminant;  // 4 a c - b^2
};

// Tiles of one row of tiles that an ellipse meets, half open.
struct Span {
  uint16_t from, to;
};

// Where a Gaussian stands in the picture: rows of tiles [y0, y1), one Span each, and the sum of their lengths.
struct Reach {
  uint16_t y0 = 0, y1 = 0;
  uint32_t tiles = 0;  // 0 = not in the picture
  uint32_t first_span = 0;  // in the spans of its task
};

// Rows [from, to) of a tile's column that an ellipse meets.
struct Rows {
  uint8_t from, to;
};

struct Frame {
  int width = 0, height = 0, tiles_x = 0, tiles_y = 0;
  // Planes cover whole tiles and have MARGIN zeros on the left and right, so that a blur may read over the edge.
  // stride and plane: floats between rows and between channels; origin: of the first pixel.
  int stride = 0, plane = 0;
  std::vector<Splat> splats;  // by Gaussian
  std::vector<Reach> reaches;              // by Gaussian
  std::vector<std::vector<Span>> spans;    // by task of projection
  std::vector<uint32_t> depths;
  std::vector<int32_t> visible;      // Gaussians in the picture, by depth after sorting, then by index
  std::vector<uint32_t> first_slot;  // by Gaussian
  std::vector<int32_t> task_visible, task_counts;
  std::vector<uint32_t> sort_keys, sort_keys_next;
  std::vector<int32_t> sort_next;
  std::vector<uint32_t> tile_start;          // tiles + 1
  std::vector<uint32_t> chunk_cursor;        // chunks x tiles
  std::vector<int32_t> entries;              // Gaussian, by tile then depth
  std::vector<uint32_t> entry_slot;          // where this entry's gradient goes
  std::vector<Rows> entry_rows;              // entries x COLUMNS
  std::vector<uint32_t> tile_used;           // tiles: entries until every pixel was opaque
  Floats slots;                              // gradients, SLOT per entry, in the Gaussians' order
  Floats image, gradient;                    // 3 planes each
  Floats maps;                               // 3 channels x 3 maps: SSIM's derivatives
  std::vector<double> partial;               // loss sums by task, added in order

  void resize(int cap, int width, int height);

  float* pixel(Floats& planes, int channel, int y, int x) const {
    return planes.data() + (size_t)channel * plane + (size_t)y * stride + MARGIN + x;
  }

  // Visits the tiles that Gaussian g meets.
  template <typename Visit>
  void each_tile(int g, Visit visit) const {
    const Reach& r = reaches[g];
    const Span* span = spans[g / SPAN].data() + r.first_span;
    for (int y = r.y0; y < r.y1; ++y, ++span)
      for (int x = span->from; x < span->to; ++x) visit(y * tiles_x + x);
  }
};

void project_all(const Model&, const Camera&, int degree, Frame&, Pool&);
void bin(Frame&, Pool&);
void draw(Frame&, Pool&);
// gradient: 3 planes, d loss / d image; fills the slots.
void draw_backward(Frame&, Pool&);

struct LossWeights {
  float l1, ssim;
};
// target: planar uint8, 3 x height x width. Fills frame.gradient, returns the loss and its parts.
struct Loss {
  double total, l1, ssim;
};
Loss compare(Frame&, const uint8_t* target, LossWeights, Pool&);

// How parameters move in one step; see engine.py for the meaning and schedule of each.
struct Rates {
  float mean, scale, quat, opacity, sh0, sh_rest;  // Adam's learning rates
  float beta1, beta2, correction1, correction2, epsilon;
  float opacity_decay, scale_decay;  // gradient of the regularisers, already divided by the number of Gaussians
  float noise;                       // 0 = none
  uint32_t seed, step;
};
void update(Model&, const Camera&, int degree, Frame&, const Rates&, Pool&);
// For tests: writes the gradient by every parameter, rows x stride, instead of moving it.
void parameter_gradient(const Model&, const Camera&, int degree, Frame&, float* out, Pool&);

}  // namespace splat
