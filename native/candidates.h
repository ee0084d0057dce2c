// Which pairs of many photos are worth trying, without trying all: descriptors that fall into one bucket of a hash vote for their
// photos (locality-sensitive hashing by random projections, Charikar 2002). Linear in the number of photos.
#pragma once
#include <utility>
#include <vector>

#include "blob.h"

namespace spaceport {

// The `k` best voted partners of each photo, as pairs (a < b), each once, ascending.
std::vector<std::pair<int, int>> candidates(const std::vector<Features>& photos, int k);

}  // namespace spaceport
