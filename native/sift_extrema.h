// Extrema of the difference of Gaussians, refined and sifted (Lowe 2004, sections 3.1 and 4; thresholds as COLMAP's defaults).
#pragma once
#include <vector>

#include "sift_space.h"

namespace spaceport {

constexpr double kPeak = 0.02 / 3;  // least contrast of a refined extremum; pixels are 0..1
constexpr double kEdge = 10;        // greatest ratio of the two principal curvatures

// Position and level are in the octave's own pixels and levels. `dark`: a dark blob on bright ground (the difference is positive there).
struct Extremum {
  float x, y, level;
  bool dark;
};

std::vector<Extremum> findExtrema(const Octave& octave);

}  // namespace spaceport
