// Gradient pictures of the three middle levels of an octave, made once and read by orientation and descriptor.
#pragma once
#include <array>

#include "sift_space.h"

namespace spaceport {

// Magnitude and angle (0..2 pi) of the central differences; level s of the octave is at index s - 1.
struct Gradients {
  std::array<Image, kScales> magnitude, angle;
};

Gradients gradientsOf(const Octave& octave);

// Angle of (x, y) in 0..2 pi, within 1e-4 (polynomial of Rajan et al. 2006's kind, minimax over one octant).
inline float fastAngle(float y, float x) {
  const float ax = x < 0 ? -x : x, ay = y < 0 ? -y : y;
  const float high = ax > ay ? ax : ay, low = ax > ay ? ay : ax;
  const float t = low / (high + 1e-20f), t2 = t * t;
  float a = ((((-0.0117212f * t2 + 0.05265332f) * t2 - 0.11643287f) * t2 + 0.19354346f) * t2 - 0.33262347f) * t2 * t + 0.99997726f * t;
  a = ay > ax ? 1.57079637f - a : a;
  a = x < 0 ? 3.14159274f - a : a;
  return y < 0 ? 6.28318548f - a : a;
}

}  // namespace spaceport
