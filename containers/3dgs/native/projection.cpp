#include "projection.h"
#include <algorithm>
#include "frame.h"

namespace splat {

void Frame::resize(int cap, int width_, int height_) {
  if (width == width_ && height == height_) return;
  width = width_, height = height_;
  tiles_x = (width + TILE - 1) / TILE, tiles_y = (height + TILE - 1) / TILE;
  stride = tiles_x * TILE + 2 * MARGIN, plane = stride * tiles_y * TILE;
  const size_t groups = ((size_t)cap + LANES - 1) / LANES, padded = groups * LANES;
  if (splats.size() < padded) {
    splats.resize(padded), reaches.resize(padded), depths.resize(padded), first_slot.resize(padded);
    visible.reserve(padded), task_visible.resize(padded), sort_next.reserve(padded);
  }
  spans.resize(padded / SPAN + 1);
  // Margins must be zero, and other sizes had their pixels there.
  for (Floats* f : {&image, &gradient}) f->clear(3 * (size_t)plane + OVERRUN);
  maps.clear(9 * (size_t)plane + OVERRUN);
}

namespace {

// Tiles that the ellipse alpha = 1/255 meets, one span for each row of tiles between pixel rows y0 and y1. The ellipse's
// rightmost point, moved into the row, gives the right end, its mirror image the left one: half of the tiles of a bounding box
// are empty in trained scenes.
uint32_t spans_of(const Splat& s, float right_dy, int y0, int y1, const Frame& f, std::vector<Span>& out) {
  const float budget = 4.0f * s.a * (s.k - LOG2_ALPHA_MIN), half_over_a = 0.5f / s.a;
  uint32_t tiles = 0;
  for (int row = y0 / TILE; row <= y1 / TILE; ++row) {
    const float low = row * TILE + 0.5f - s.y, high = low + (TILE - 1);
    const float left_at = std::min(std::max(-right_dy, low), high), right_at = std::min(std::max(right_dy, low), high);
    const float left_in = budget - s.discriminant * left_at * left_at, right_in = budget - s.discriminant * right_at * right_at;
    const float x0 = s.x + (-s.b * left_at - std::sqrt(std::max(left_in, 0.0f))) * half_over_a;
    const float x1 = s.x + (-s.b * right_at + std::sqrt(std::max(right_in, 0.0f))) * half_over_a;
    // Pixel centres stand at + 0.5, so the first one inside is ceil(low - 0.5); 0.01 px covers rounding.
    const float first = std::max(std::ceil(x0 - 0.51f), 0.0f), last = std::min(std::floor(x1 - 0.49f), f.width - 1.0f);
    const bool meets = (left_in > 0.0f || right_in > 0.0f) && first <= last;
    const Span span = meets ? Span{uint16_t(int(first) / TILE), uint16_t(int(last) / TILE + 1)} : Span{0, 0};
    tiles += span.to - span.from;
    out.push_back(span);
  }
  return tiles;
}

// Puts lane l of a group into the picture.
void place(const Projected& o, const vf* rgb, int l, int g, Frame& f, std::vector<Span>& spans) {
  const float k = std::log2(o.opacity[l]), reach = (k - LOG2_ALPHA_MIN) * (2.0f / LOG2E);
  if (!(reach > 0.0f)) return;
  const float ex = std::sqrt(reach * o.xx[l]), ey = std::sqrt(reach * o.yy[l]), x = o.mx[l], y = o.my[l];
  const float y0 = std::max(std::ceil(y - ey - 0.5f), 0.0f), y1 = std::min(std::floor(y + ey - 0.5f), f.height - 1.0f);
  if (!(y0 <= y1 && x + ex > 0.0f && x - ex < (float)f.width)) return;
  Splat& s = f.splats[g];
  s.x = x, s.y = y, s.k = k;
  s.a = 0.5f * LOG2E * o.ca[l], s.b = LOG2E * o.cb[l], s.c = 0.5f * LOG2E * o.cc[l];
  s.red = std::max(rgb[0][l], 0.0f), s.green = std::max(rgb[1][l], 0.0f), s.blue = std::max(rgb[2][l], 0.0f);
  s.top_dx = o.xy[l] / o.yy[l] * ey, s.half_over_c = 0.5f / s.c;
  s.discriminant = std::max(4.0f * s.a * s.c - s.b * s.b, 0.0f);
  Reach r;
  r.first_span = (uint32_t)spans.size();
  r.tiles = spans_of(s, o.xy[l] / o.xx[l] * ex, (int)y0, (int)y1, f, spans);
  r.y0 = uint16_t(int(y0) / TILE), r.y1 = uint16_t(int(y1) / TILE + 1);
  f.reaches[g] = r;
  const float depth = o.pz[l];
  std::memcpy(&f.depths[g], &depth, sizeof depth);  // positive floats sort like their bits
}

void place_group(const Model& m, const Pose& p, int degree, int i, int lanes, Frame& f, std::vector<Span>& spans) {
  Projected o;
  const vi front = project(m, p, i, o);
  const int bits = lane_bits(front & (o.opacity > all(ALPHA_MIN))) & ((1 << lanes) - 1);
  if (!bits) return;
  vf basis[MAX_COEFFICIENTS], rgb[3];
  harmonics(degree, o.dx, o.dy, o.dz, basis);
  colour_of(m, degree, i, basis, rgb);
  for (int l = 0; l < lanes; ++l)
    if (bits >> l & 1) place(o, rgb, l, i + l, f, spans);
}

}  // namespace

void project_all(const Model& m, const Camera& camera, int degree, Frame& f, Pool& pool) {
  const Pose pose = pose_of(camera);
  const int tasks = (m.count + SPAN - 1) / SPAN;
  f.task_counts.assign(tasks, 0);
  pool.run(tasks, [&](int task, int) {
    int32_t* out = f.task_visible.data() + (size_t)task * SPAN;
    int found = 0;
    f.spans[task].clear();
    const int end = std::min(m.count, (task + 1) * SPAN);
    for (int i = task * SPAN; i < end; i += LANES) {
      const int lanes = std::min(LANES, end - i);
      std::fill_n(f.reaches.begin() + i, lanes, Reach{});
      place_group(m, pose, degree, i, lanes, f, f.spans[task]);
      for (int g = i; g < i + lanes; ++g)
        if (f.reaches[g].tiles) out[found++] = g;
    }
    f.task_counts[task] = found;
  });
  f.visible.clear();
  for (int task = 0; task < tasks; ++task) {
    const int32_t* from = f.task_visible.data() + (size_t)task * SPAN;
    f.visible.insert(f.visible.end(), from, from + f.task_counts[task]);
  }
}

}  // namespace splat
