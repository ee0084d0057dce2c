#include "sift_extrema.h"

#include <cmath>

#include "target.h"

namespace spaceport {

namespace {

bool isExtremum(const Octave& o, int s, int x, int y) {
  const int w = o.difference[s].stride;
  const size_t at = size_t(y) * w + x;
  const float v = o.difference[s].row(0)[at];
  const bool high = v > 0;
  for (int ds = -1; ds <= 1; ds++) {
    const float* centre = o.difference[s + ds].row(0) + at;
    for (int dy = -1; dy <= 1; dy++)
      for (int dx = -1; dx <= 1; dx++) {
        if (ds == 0 && dx == 0 && dy == 0) continue;
        const float n = centre[dy * w + dx];
        if (high ? n >= v : n <= v) return false;
      }
  }
  return true;
}

// Solves the symmetric 3x3 system by elimination with pivoting; false where it is singular.
bool solve3(double a[3][4]) {
  for (int c = 0; c < 3; c++) {
    int pivot = c;
    for (int r = c + 1; r < 3; r++)
      if (std::abs(a[r][c]) > std::abs(a[pivot][c])) pivot = r;
    if (std::abs(a[pivot][c]) < 1e-10) return false;
    for (int k = 0; k < 4; k++) std::swap(a[c][k], a[pivot][k]);
    for (int r = 0; r < 3; r++) {
      if (r == c) continue;
      const double f = a[r][c] / a[c][c];
      for (int k = c; k < 4; k++) a[r][k] -= f * a[c][k];
    }
  }
  for (int r = 0; r < 3; r++) a[r][3] /= a[r][r];
  return true;
}

// Moves to the vertex of the quadratic through the 27 values; true where a stable point with enough contrast, not on an edge, is found.
bool refine(const Octave& o, int s, int x, int y, Extremum& out) {
  const int width = o.difference[0].width, w = o.difference[0].stride, h = o.difference[0].height;
  double dx = 0, dy = 0, ds = 0, gx = 0, gy = 0, gs = 0, xx = 0, yy = 0, xy = 0;
  float v = 0;
  for (int step = 0; step < 5; step++) {
    const float* c = o.difference[s].row(y) + x;
    const float* below = o.difference[s - 1].row(y) + x;
    const float* above = o.difference[s + 1].row(y) + x;
    v = c[0];
    gx = 0.5 * (c[1] - c[-1]);
    gy = 0.5 * (c[w] - c[-w]);
    gs = 0.5 * (above[0] - below[0]);
    xx = c[1] + c[-1] - 2 * v;
    yy = c[w] + c[-w] - 2 * v;
    const double ss = above[0] + below[0] - 2 * v;
    xy = 0.25 * (c[w + 1] + c[-w - 1] - c[w - 1] - c[-w + 1]);
    const double xs = 0.25 * (above[1] + below[-1] - above[-1] - below[1]);
    const double ys = 0.25 * (above[w] + below[-w] - above[-w] - below[w]);
    double a[3][4] = {{xx, xy, xs, -gx}, {xy, yy, ys, -gy}, {xs, ys, ss, -gs}};
    dx = dy = ds = 0;
    if (!solve3(a)) break;
    dx = a[0][3], dy = a[1][3], ds = a[2][3];
    // As VLFeat: only the position is moved to the neighbouring pixel, the level stays.
    const int mx = dx > 0.6 && x < width - 2 ? 1 : dx < -0.6 && x > 1 ? -1 : 0;
    const int my = dy > 0.6 && y < h - 2 ? 1 : dy < -0.6 && y > 1 ? -1 : 0;
    if (mx == 0 && my == 0) break;
    x += mx, y += my;
  }
  const double contrast = v + 0.5 * (gx * dx + gy * dy + gs * ds);
  const double trace = xx + yy, det = xx * yy - xy * xy;
  if (std::abs(contrast) < kPeak || det <= 0 || trace * trace / det >= (kEdge + 1) * (kEdge + 1) / kEdge) return false;
  if (std::abs(dx) >= 1.5 || std::abs(dy) >= 1.5 || std::abs(ds) >= 1.5) return false;
  out = {float(x + dx), float(y + dy), float(s + ds), contrast > 0};
  return out.x >= 0 && out.y >= 0 && out.x <= width - 1 && out.y <= h - 1 && out.level >= 0 && out.level <= kLevels - 2;
}

typedef float Lanes __attribute__((vector_size(32)));
typedef int Flags __attribute__((vector_size(32)));

SPACEPORT_INLINE Lanes load(const float* p) {
  Lanes v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}

// Places in a row with enough contrast that lie above, or below, their four neighbours of the same level. Most pixels fail here; the other
// levels, which lie far away in memory, are asked for the rest.
SPACEPORT_INLINE void crossExtremaBody(const float* row, int stride, int width, float least, int* hits, int* count) {
  for (int x = 1; x < width - 1; x += 8) {
    const Lanes v = load(row + x), l = load(row + x - 1), r = load(row + x + 1), u = load(row + x - stride), d = load(row + x + stride);
    const Flags high = (v >= least) & (v > l) & (v > r) & (v > u) & (v > d), low = (v <= -least) & (v < l) & (v < r) & (v < u) & (v < d);
    const Flags either = high | low;
    unsigned long long any[4];
    __builtin_memcpy(any, &either, sizeof any);
    if (!(any[0] | any[1] | any[2] | any[3])) continue;
    for (int k = 0; k < 8 && x + k < width - 1; k++)
      if (either[k]) hits[(*count)++] = x + k;
  }
}
SPACEPORT_KERNEL(crossExtrema, (const float* row, int stride, int width, float least, int* hits, int* count), (row, stride, width, least, hits, count))

}  // namespace

std::vector<Extremum> findExtrema(const Octave& octave) {
  std::vector<Extremum> found;
  const int w = octave.difference[0].width, h = octave.difference[0].height;
  std::vector<int> hits(w + 8);
  for (int s = 1; s <= kScales; s++)
    for (int y = 1; y < h - 1; y++) {
      int count = 0;
      crossExtrema(octave.difference[s].row(y), octave.difference[s].stride, w, float(0.8 * kPeak), hits.data(), &count);
      for (int i = 0; i < count; i++) {
        Extremum e;
        if (isExtremum(octave, s, hits[i], y) && refine(octave, s, hits[i], y, e)) found.push_back(e);
      }
    }
  return found;
}

}  // namespace spaceport
