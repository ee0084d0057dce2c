// Bundle adjustment: poses, points and lenses together, so that the reprojection errors are least (Triggs et al. 1999).
#pragma once
#include "scene.h"

namespace spaceport {

struct BundleOptions {
  std::vector<int> photos;   // whose poses are free; other registered photos hold still
  bool refineLens = true;    // focal length and distortion of the free photos' lenses
  int iterations = 10;
  int mostTracks = 0;        // for each free photo, as far as they are longest; 0 all. The other points follow the cameras.
};

// Levenberg-Marquardt over the triangulated tracks that the free photos see; points are eliminated (Schur complement). Changes the scene.
void adjust(Scene& scene, const BundleOptions& options);

}  // namespace spaceport
