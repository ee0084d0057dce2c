#include "sift_extrema.h"

#include <cmath>

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
  out = {float(x + dx), float(y + dy), float(s + ds)};
  return out.x >= 0 && out.y >= 0 && out.x <= width - 1 && out.y <= h - 1 && out.level >= 0 && out.level <= kLevels - 2;
}

}  // namespace

std::vector<Extremum> findExtrema(const Octave& octave) {
  std::vector<Extremum> found;
  const int w = octave.difference[0].width, h = octave.difference[0].height;
  const float least = float(0.8 * kPeak);
  for (int s = 1; s <= kScales; s++)
    for (int y = 1; y < h - 1; y++) {
      const float* row = octave.difference[s].row(y);
      for (int x = 1; x < w - 1; x++) {
        const float v = row[x];
        if (v < least && v > -least) continue;
        // Most fail against a neighbour in their own row or column: asked first, because the other levels lie far away in memory.
        const float up = row[x - octave.difference[s].stride], down = row[x + octave.difference[s].stride];
        if (v > 0 ? (row[x - 1] >= v || row[x + 1] >= v || up >= v || down >= v) : (row[x - 1] <= v || row[x + 1] <= v || up <= v || down <= v)) continue;
        Extremum e;
        if (isExtremum(octave, s, x, y) && refine(octave, s, x, y, e)) found.push_back(e);
      }
    }
  return found;
}

}  // namespace spaceport
