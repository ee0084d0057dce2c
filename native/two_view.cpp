#include "two_view.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "essential.h"
#include "fundamental.h"
#include "homography.h"

namespace spaceport {

namespace {

// COLMAP's threshold of 4 px belongs to pictures of 1600 px.
double threshold(const Features& a, const Features& b) {
  return 4.0 * std::max({a.width, a.height, b.width, b.height}) / 1600;
}

// Two orientations of one place count once.
std::vector<Match> withoutRepeats(const Features& a, const Features& b, const std::vector<Match>& matches) {
  std::set<std::pair<float, float>> seenA, seenB;
  std::vector<Match> kept;
  for (const Match& m : matches) {
    const Keypoint p = a.point(m.first), q = b.point(m.second);
    const bool newA = seenA.insert({p.x, p.y}).second, newB = seenB.insert({q.x, q.y}).second;
    if (newA && newB) kept.push_back(m);
  }
  return kept;
}

double gridShare(const Features& f, const std::vector<Match>& matches, bool second) {
  constexpr int kSide = 8;
  bool full[kSide * kSide] = {};
  for (const Match& m : matches) {
    const Keypoint p = f.point(second ? m.second : m.first);
    const int x = std::clamp(int(p.x * kSide / f.width), 0, kSide - 1), y = std::clamp(int(p.y * kSide / f.height), 0, kSide - 1);
    full[y * kSide + x] = true;
  }
  return double(std::count(full, full + kSide * kSide, true)) / (kSide * kSide);
}

// What the pair's essential matrix says, over the matches that fit already: a second opinion on parallax and on forward motion.
void addPose(const Features& a, const Features& b, const TwoViewOptions& options, double limit, Evidence& e) {
  Places places;
  for (const Match& m : e.matches) {
    const Keypoint p = a.point(m.first), q = b.point(m.second);
    places.add(p.x - (a.width - 1) / 2.f, p.y - (a.height - 1) / 2.f, q.x - (b.width - 1) / 2.f, q.y - (b.height - 1) / 2.f);
  }
  const RelativePose pose = fitRelativePose(places, options.focalA, options.focalB, limit, options.seed + 2);
  e.inliersE = pose.inliers;
  if (pose.inliers == 0) return;
  e.medianAngleDeg = pose.medianAngleDeg;
  e.forward = std::abs(pose.translation[2]);
}

}  // namespace

Evidence twoView(const Features& a, const Features& b, const TwoViewOptions& options) {
  Evidence e;
  const std::vector<Match> matches = withoutRepeats(a, b, matchMutual(a, b, options.use));
  e.raw = int(matches.size());
  Places places;
  for (const Match& m : matches) {
    const Keypoint p = a.point(m.first), q = b.point(m.second);
    places.add(p.x, p.y, q.x, q.y);
  }
  const double limit = threshold(a, b);
  const Fit f = fitFundamental(places, limit, options.seed), h = fitHomography(places, limit, options.seed + 1);
  e.inliersF = f.inliers, e.inliersH = h.inliers;
  // F fits any seven matches, so it must be ahead by more than that.
  const Fit& better = f.inliers - 4 > h.inliers ? f : h;
  for (int i = 0; i < e.raw; i++)
    if (better.mask[i]) e.matches.push_back(matches[i]);
  e.inlierRatio = e.raw == 0 ? 0 : double(better.inliers) / e.raw;
  if (options.focalA > 0 && options.focalB > 0) addPose(a, b, options, limit, e);
  e.coverage = std::min(gridShare(a, e.matches, false), gridShare(b, e.matches, true));
  return e;
}

}  // namespace spaceport
