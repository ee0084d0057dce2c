// The scale space of one octave: six blurred pictures and their five differences (Lowe 2004, section 3; VLFeat's numbers).
#pragma once
#include <array>

#include "image.h"

namespace spaceport {

constexpr int kScales = 3;                 // scales per octave (COLMAP: octave_resolution)
constexpr int kLevels = kScales + 3;       // blurred pictures per octave
constexpr double kBaseSigma = 1.6;         // blur of the first picture, in the octave's pixels
constexpr double kCameraSigma = 0.5;       // blur that a picture is taken to have already, in its own pixels

struct Octave {
  double pixel = 1;                        // size of this octave's pixel in pixels of the grey picture
  std::array<Image, kLevels> blurred;
  std::array<Image, kLevels - 1> difference;
};

// Blur of level `level` (0..5; may be fractional) in the octave's pixels.
double levelSigma(double level);

// From a picture that is already blurred by `sigma` of its own pixels.
Octave octaveFrom(const Image& picture, double sigma, double pixel);

// The next octave begins with the picture of twice the base blur, halved.
Octave nextOctave(const Octave& octave);

}  // namespace spaceport
