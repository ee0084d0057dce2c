// A rehearsal of the reconstruction: a small incremental mapper over the forecast's own matches, with COLMAP's rules.
#pragma once
#include <exception>

#include "structure.h"

namespace spaceport {

struct RehearsalOptions {
  uint64_t seed = 1;
  // Inliers that a photo needs to join (COLMAP's abs_pose_min_num_inliers is 30 for its 4,096 features a photo); the other counts go with it.
  int leastInliers = 15;
  double dropped = 0;   // share of the matches that a perturbed run leaves out
  const int32_t* stop = nullptr;  // not zero: the run ends with Stopped
};

struct Stopped : std::exception {
  const char* what() const noexcept override { return "stopped"; }
};

struct RehearsalPhoto {
  Features features;
  double focal = 0;     // px of the grey picture, 0 unknown
  int camera = 0;
};

// Group 0 has the most photos and is the one whose poses and points stand in the scene.
struct Rehearsal {
  std::vector<int> group;      // by photo; -1: in none
  std::vector<int> points;     // by photo: triangulated points that it sees in its group
  std::vector<int> support;    // by photo: inliers with which it joined
  Scene scene;
  double medianAngleDeg = 0, errorPx = 0;
  // Pairs that were looked at for a beginning: angle in degrees, share of the shift that goes along the view, share of the matches that fit.
  std::vector<std::array<double, 3>> beginnings;
};

Rehearsal rehearse(const std::vector<RehearsalPhoto>& photos, const std::vector<PairMatches>& pairs, const RehearsalOptions& options);

}  // namespace spaceport
