#include "projection.h"
#include <algorithm>
#include "frame.h"

namespace splat {

void Frame::resize(int cap, int width_, int height_) {
  width = width_, height = height_;
  tiles_x = (width + TILE - 1) / TILE, tiles_y = (height + TILE - 1) / TILE;
  stride = tiles_x * TILE, plane = stride * tiles_y * TILE;
  const size_t groups = ((size_t)cap + LANES - 1) / LANES, padded = groups * LANES;
  if (splats.size() < padded) {
    splats.resize(padded), boxes.resize(padded), depths.resize(padded), first_slot.resize(padded);
    visible.reserve(padded), task_visible.resize(padded), sort_next.reserve(padded);
  }
  image.reserve(3 * (size_t)plane), gradient.reserve(3 * (size_t)plane);
}

namespace {

// The picture's share of one group; returns the lanes that are in the picture.
int place(const Model& m, const Pose& p, int degree, int i, int lanes, Frame& f) {
  Projected o;
  const vi front = project(m, p, i, o);
  if (!lane_bits(front)) return 0;
  const vi seen = front & (o.opacity > all(ALPHA_MIN));
  const int bits = lane_bits(seen) & ((1 << lanes) - 1);
  if (!bits) return 0;
  vf basis[MAX_COEFFICIENTS], rgb[3];
  harmonics(degree, o.dx, o.dy, o.dz, basis);
  colour_of(m, o, degree, i, basis, rgb);
  int visible = 0;
  for (int l = 0; l < lanes; ++l) {
    if (!(bits >> l & 1)) continue;
    const float k = std::log2(o.opacity[l]), reach = (k - LOG2_ALPHA_MIN) * (2.0f / LOG2E);
    if (!(reach > 0.0f)) continue;
    const float ex = std::sqrt(reach * o.xx[l]), ey = std::sqrt(reach * o.yy[l]);
    const float x = o.mx[l], y = o.my[l];
    // Pixel centres stand at + 0.5, so the first one inside is ceil(low - 0.5).
    const float x0 = std::max(std::ceil(x - ex - 0.5f), 0.0f), x1 = std::min(std::floor(x + ex - 0.5f), f.width - 1.0f);
    const float y0 = std::max(std::ceil(y - ey - 0.5f), 0.0f), y1 = std::min(std::floor(y + ey - 0.5f), f.height - 1.0f);
    if (!(x0 <= x1 && y0 <= y1)) continue;
    Splat& s = f.splats[i + l];
    s.x = x, s.y = y, s.k = k;
    s.a = 0.5f * LOG2E * o.ca[l], s.b = LOG2E * o.cb[l], s.c = 0.5f * LOG2E * o.cc[l];
    s.red = std::max(rgb[0][l], 0.0f), s.green = std::max(rgb[1][l], 0.0f), s.blue = std::max(rgb[2][l], 0.0f);
    s.top_dx = o.xy[l] / o.yy[l] * ey, s.half_over_c = 0.5f / s.c;
    s.discriminant = std::max(4.0f * s.a * s.c - s.b * s.b, 0.0f);
    f.boxes[i + l] = {uint16_t(x0 / TILE), uint16_t(y0 / TILE), uint16_t(int(x1) / TILE + 1), uint16_t(int(y1) / TILE + 1)};
    const float depth = o.pz[l];
    std::memcpy(&f.depths[i + l], &depth, sizeof depth);  // positive floats sort like their bits
    visible |= 1 << l;
  }
  return visible;
}

}  // namespace

void project_all(const Model& m, const Camera& camera, int degree, Frame& f, Pool& pool) {
  const Pose pose = pose_of(camera);
  constexpr int SPAN = GROUPS_PER_TASK * LANES;
  const int tasks = (m.count + SPAN - 1) / SPAN;
  f.task_counts.assign(tasks, 0);
  pool.run(tasks, [&](int task, int) {
    int32_t* out = f.task_visible.data() + (size_t)task * SPAN;
    int found = 0;
    const int end = std::min(m.count, (task + 1) * SPAN);
    for (int i = task * SPAN; i < end; i += LANES) {
      const int lanes = std::min(LANES, end - i);
      std::fill_n(f.boxes.begin() + i, lanes, Box{0, 0, 0, 0});
      const int bits = place(m, pose, degree, i, lanes, f);
      for (int l = 0; l < lanes; ++l)
        if (bits >> l & 1) out[found++] = i + l;
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
