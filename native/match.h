// Mutual nearest neighbours of two photos' descriptors.
#pragma once
#include <utility>
#include <vector>

#include "blob.h"

namespace spaceport {

constexpr float kRatio = 0.8f;     // COLMAP: angle to the best over angle to the second best
constexpr float kDistance = 0.7f;  // COLMAP: greatest angle to the best, radians
constexpr int kMostFeatures = 8191;  // an index has 13 bits beside the score

using Match = std::pair<int, int>;

// Pairs of feature numbers, ascending, that are each other's best and pass the ratio test both ways. Only the first `use` features count (0: all).
std::vector<Match> matchMutual(const Features& a, const Features& b, int use);

// The same by brute force over the same 7-bit numbers: the slow twin.
std::vector<Match> matchMutualSlow(const Features& a, const Features& b, int use);

}  // namespace spaceport
