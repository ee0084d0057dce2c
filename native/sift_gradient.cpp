#include "sift_gradient.h"

#include <cmath>

#include "target.h"

namespace spaceport {

namespace {

SPACEPORT_INLINE void gradientRowBody(const float* up, const float* mid, const float* down, int width, float* magnitude, float* angle) {
  for (int x = 1; x < width - 1; x++) {
    const float gx = 0.5f * (mid[x + 1] - mid[x - 1]), gy = 0.5f * (down[x] - up[x]);
    magnitude[x] = __builtin_sqrtf(gx * gx + gy * gy);
    angle[x] = fastAngle(gy, gx);
  }
}
SPACEPORT_KERNEL(gradientRow, (const float* up, const float* mid, const float* down, int width, float* magnitude, float* angle), (up, mid, down, width, magnitude, angle))

}  // namespace

Gradients gradientsOf(const Octave& octave) {
  Gradients g;
  const int w = octave.blurred[0].width, h = octave.blurred[0].height;
  for (int s = 1; s <= kScales; s++) {
    const Image& from = octave.blurred[s];
    Image& magnitude = g.magnitude[s - 1] = Image(w, h);
    Image& angle = g.angle[s - 1] = Image(w, h);
    for (int y = 1; y < h - 1; y++) gradientRow(from.row(y - 1), from.row(y), from.row(y + 1), w, magnitude.row(y), angle.row(y));
  }
  return g;
}

}  // namespace spaceport
