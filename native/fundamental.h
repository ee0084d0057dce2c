// The fundamental matrix of two photos: b^T F a = 0.
#pragma once
#include "ransac.h"

namespace spaceport {

// RANSAC over 7-point samples with local optimisation by the 8-point algorithm; `threshold` px on the Sampson distance.
Fit fitFundamental(const Places& places, double threshold, uint64_t seed);

// Normalised 8-point solution over the masked places (all where the mask is null), rank two enforced. False where it is degenerate.
bool eightPoint(const Places& places, const uint8_t* mask, Mat3& f);

// Up to three solutions for exactly seven places.
int sevenPoint(const double a[7][2], const double b[7][2], Mat3 out[3]);

// Marks the places within `threshold` px (Sampson) and counts them.
int scoreFundamental(const Places& places, const Mat3& f, double threshold, uint8_t* mask);

}  // namespace spaceport
