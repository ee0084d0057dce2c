// The essential matrix of two photos with known focal lengths, and the pose in it.
#pragma once
#include "ransac.h"

namespace spaceport {

// b's camera as seen from a's: x_b = R x_a + t, |t| = 1.
struct RelativePose {
  Mat3 rotation{};
  Vec3 translation{};
  int inliers = 0;
  std::vector<uint8_t> mask;     // inliers in front of both cameras
  double medianAngleDeg = 0;     // between the rays to those inliers
};

// Five-point solutions (Nister 2004) for rays with third coordinate 1: at most ten.
std::vector<Mat3> fivePoint(const double a[5][2], const double b[5][2]);

// RANSAC; places in pixels from the photo's middle, `threshold` px (Sampson).
RelativePose fitRelativePose(const Places& places, double focalA, double focalB, double threshold, uint64_t seed);

// The point nearest to the rays of two cameras: origin 0 with ray a, and R, t with ray b; in a's frame. Depths may be negative.
Vec3 triangulatePair(const Mat3& rotation, const Vec3& translation, const Vec3& a, const Vec3& b);

}  // namespace spaceport
