// The 128 numbers of a feature (Lowe 2004, section 6), as root-SIFT in 8 bits (Arandjelovic and Zisserman 2012; COLMAP's scale).
#pragma once
#include "sift_extrema.h"
#include "sift_gradient.h"

namespace spaceport {

// Fast: a turned grid of samples whose weights are tabulated, four to a cell side.
void describe(const Gradients& gradients, const Extremum& e, float angle, uint8_t out[128]);

// Slow and clear: every pixel under the window. The fast one is tested against it.
void describeEveryPixel(const Gradients& gradients, const Extremum& e, float angle, uint8_t out[128]);

}  // namespace spaceport
