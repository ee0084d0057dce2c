// The homography of two photos: b ~ H a. Fits planes and pure rotations.
#pragma once
#include "ransac.h"

namespace spaceport {

// RANSAC over 4-point samples with local optimisation; `threshold` px on the distance in either photo, the larger of both directions.
Fit fitHomography(const Places& places, double threshold, uint64_t seed);

// Normalised direct linear transform over the masked places (all where the mask is null).
bool directLinear(const Places& places, const uint8_t* mask, Mat3& h);

}  // namespace spaceport
