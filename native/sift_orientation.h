// The dominant gradient directions around an extremum (Lowe 2004, section 5; at most two, as COLMAP's max_num_orientations).
#pragma once
#include "sift_extrema.h"
#include "sift_gradient.h"

namespace spaceport {

// Writes up to two angles (0..2 pi) and returns how many.
int orientations(const Gradients& gradients, const Extremum& e, float angles[2]);

// Index into Gradients of the level nearest to the extremum.
int nearestLevel(const Extremum& e);

}  // namespace spaceport
