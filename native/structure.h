// Tracks and the points that they become.
#pragma once
#include "match.h"
#include "scene.h"

namespace spaceport {

// One tried pair with the matches that fit its geometry.
struct PairMatches {
  int a, b;
  std::vector<Match> matches;
};

// Joins matches into tracks, the strongest pairs first; a join that would give one photo two places of a track is left out.
void buildTracks(const std::vector<Features>& photos, const std::vector<PairMatches>& pairs, Scene& scene);

constexpr double kLeastAngleDeg = 1.5;  // COLMAP's filter_min_tri_angle
constexpr double kMostError1600 = 4;    // COLMAP's filter_max_reproj_error, px at 1600

// Triangulates the track from its registered photos, if two see it at kLeastAngleDeg and agree; true where it has a point now.
bool triangulate(Scene& scene, Track& track);

// Lets go of sights that are off by more than kMostError1600 and of points that are left with too small an angle, among the tracks
// that these photos see: where no pose has moved nothing changes.
void filter(Scene& scene, const std::vector<int>& photos);

// Numbers of the tracks that any of the photos sees, ascending.
std::vector<int> tracksOf(const Scene& scene, const std::vector<int>& photos);

}  // namespace spaceport
