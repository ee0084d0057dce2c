#include "two_view.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "essential.h"
#include "fundamental.h"
#include "homography.h"

namespace spaceport {

namespace {

// COLMAP's threshold of 4 px belongs to pictures of 1600 px.
double threshold(const Features& a, const Features& b) {
  return 4.0 * std::max({a.width, a.height, b.width, b.height}) / 1600;
}

// Of each match: whether no earlier one has the same place in that photo.
std::vector<uint8_t> firstOfPlace(const Features& f, const std::vector<Match>& matches, bool second) {
  std::vector<std::tuple<float, float, int>> places;
  places.reserve(matches.size());
  for (size_t i = 0; i < matches.size(); i++) {
    const Keypoint p = f.point(second ? matches[i].second : matches[i].first);
    places.push_back({p.x, p.y, int(i)});
  }
  std::sort(places.begin(), places.end());
  std::vector<uint8_t> first(matches.size(), 1);
  for (size_t i = 1; i < places.size(); i++)
    if (std::get<0>(places[i]) == std::get<0>(places[i - 1]) && std::get<1>(places[i]) == std::get<1>(places[i - 1])) first[std::get<2>(places[i])] = 0;
  return first;
}

// Two orientations of one place count once.
std::vector<Match> withoutRepeats(const Features& a, const Features& b, const std::vector<Match>& matches) {
  const std::vector<uint8_t> newA = firstOfPlace(a, matches, false), newB = firstOfPlace(b, matches, true);
  std::vector<Match> kept;
  for (size_t i = 0; i < matches.size(); i++)
    if (newA[i] && newB[i]) kept.push_back(matches[i]);
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
