// The pose of a photo from points that are known already.
#pragma once
#include "random.h"
#include "scene.h"

namespace spaceport {

struct Known {
  Vec3 point;
  double x, y;  // px from the middle
};

struct Resection {
  Pose pose;
  int inliers = 0;
  std::vector<uint8_t> mask;
};

// Poses that see three points in three directions (Grunert 1841, as in Haralick et al. 1994): at most four.
std::vector<Pose> threePoint(const Vec3 points[3], const Vec3 rays[3]);

// RANSAC over three points, then Gauss-Newton on the inliers; `threshold` px.
Resection resect(const Lens& lens, const std::vector<Known>& known, double threshold, uint64_t seed);

}  // namespace spaceport
