#include "sift_space.h"

#include <algorithm>
#include <cmath>

namespace spaceport {

double levelSigma(double level) { return kBaseSigma * std::pow(2.0, level / kScales); }

static Octave fill(Image first, double pixel) {
  Octave o;
  o.pixel = pixel;
  o.blurred[0] = std::move(first);
  for (int s = 1; s < kLevels; s++) {
    const double before = levelSigma(s - 1), after = levelSigma(s);
    blur(o.blurred[s - 1], o.blurred[s], std::sqrt(after * after - before * before), &o.difference[s - 1]);
  }
  return o;
}

Octave octaveFrom(const Image& picture, double sigma, double pixel) {
  Image first;
  blur(picture, first, std::sqrt(std::max(0.01, kBaseSigma * kBaseSigma - sigma * sigma)));
  return fill(std::move(first), pixel);
}

Octave nextOctave(const Octave& octave) { return fill(halve(octave.blurred[kScales]), 2 * octave.pixel); }

}  // namespace spaceport
