// The evidence that two photos see the same place.
#pragma once
#include "match.h"
#include "ransac.h"

namespace spaceport {

struct TwoViewOptions {
  int use = 0;                  // features of largest scale that count; 0 all
  double focalA = 0, focalB = 0;  // px of the grey picture; 0 unknown
  uint64_t seed = 1;
};

struct Evidence {
  int raw = 0, inliersF = 0, inliersH = 0, inliersE = -1;
  double coverage = 0, inlierRatio = 0;
  double medianAngleDeg = -1;   // -1: not known
  double forward = -1;          // share of the shift that goes along the view of a; -1: not known
  std::vector<Match> matches;   // inliers of the better of F and H
};

Evidence twoView(const Features& a, const Features& b, const TwoViewOptions& options);

}  // namespace spaceport
