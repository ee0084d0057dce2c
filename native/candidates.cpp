#include "candidates.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "random.h"

namespace spaceport {

namespace {

// Measured on 67 photos of four scenes: the four best neighbours are in the top 10 for 96 % (facts of the forecast, section 5).
constexpr int kTables = 10, kBits = 18;
constexpr int kTerms = 8;            // numbers of the descriptor that each bit adds up, with random signs
constexpr size_t kFullBucket = 30;   // fuller buckets hold grass and sky: they say nothing
constexpr uint32_t kUse = 600;       // features of largest scale that vote

struct Plane {
  std::array<uint8_t, kTerms> index;
  std::array<int8_t, kTerms> sign;
  int middle;  // median over a sample of the descriptors: each bit then cuts them in halves
};

int project(const Plane& plane, const uint8_t* d) {
  int sum = 0;
  for (int t = 0; t < kTerms; t++) sum += plane.sign[t] * d[plane.index[t]];
  return sum;
}

uint32_t used(const Features& f) { return std::min(f.count, kUse); }

std::vector<const uint8_t*> sampleOf(const std::vector<Features>& photos) {
  std::vector<const uint8_t*> sample;
  const size_t step = std::max<size_t>(1, photos.size() / 64);
  for (size_t i = 0; i < photos.size(); i += step)
    for (uint32_t j = 0; j < used(photos[i]); j += 16) sample.push_back(photos[i].descriptor(j));
  return sample;
}

Plane randomPlane(Random& random, const std::vector<const uint8_t*>& sample) {
  Plane plane;
  for (int t = 0; t < kTerms; t++) {
    plane.index[t] = uint8_t(random.below(kDescriptor));
    plane.sign[t] = t % 2 ? 1 : -1;
  }
  std::vector<int> values;
  for (const uint8_t* d : sample) values.push_back(project(plane, d));
  std::nth_element(values.begin(), values.begin() + values.size() / 2, values.end());
  plane.middle = values[values.size() / 2];
  return plane;
}

// A bucket's photos vote for each other; a small bucket says more than a full one.
void vote(const std::vector<std::pair<uint32_t, uint32_t>>& sorted, std::vector<std::vector<float>>& votes) {
  for (size_t from = 0, to; from < sorted.size(); from = to) {
    for (to = from; to < sorted.size() && sorted[to].first == sorted[from].first; to++) {}
    if (to - from < 2 || to - from > kFullBucket) continue;
    const float weight = 1.f / float(to - from - 1);
    for (size_t i = from; i < to; i++)
      for (size_t j = from; j < to; j++)
        if (sorted[i].second != sorted[j].second) votes[sorted[i].second][sorted[j].second] += weight;
  }
}

}  // namespace

std::vector<std::pair<int, int>> candidates(const std::vector<Features>& photos, int k) {
  const int n = int(photos.size());
  std::vector<std::pair<int, int>> pairs;
  const std::vector<const uint8_t*> sample = sampleOf(photos);
  if (n < 2 || sample.empty()) return pairs;
  Random random(7);
  std::vector<std::vector<float>> votes(n, std::vector<float>(n, 0.f));
  for (int table = 0; table < kTables; table++) {
    std::vector<Plane> planes;
    for (int b = 0; b < kBits; b++) planes.push_back(randomPlane(random, sample));
    std::vector<std::pair<uint32_t, uint32_t>> entries;
    for (int i = 0; i < n; i++)
      for (uint32_t j = 0; j < used(photos[i]); j++) {
        uint32_t key = 0;
        for (const Plane& plane : planes) key = key << 1 | uint32_t(project(plane, photos[i].descriptor(j)) > plane.middle);
        entries.push_back({key, uint32_t(i)});
      }
    std::sort(entries.begin(), entries.end());
    vote(entries, votes);
  }
  for (int i = 0; i < n; i++) {
    std::vector<int> order;
    for (int j = 0; j < n; j++)
      if (votes[i][j] > 0) order.push_back(j);
    // A photo with many features collects votes by chance: divide by the root of its number.
    const auto score = [&](int j) { return votes[i][j] / std::sqrt(float(used(photos[j]))); };
    std::sort(order.begin(), order.end(), [&](int a, int b) { return score(a) != score(b) ? score(a) > score(b) : a < b; });
    for (int r = 0; r < std::min<int>(k, int(order.size())); r++) pairs.push_back({std::min(i, order[r]), std::max(i, order[r])});
  }
  std::sort(pairs.begin(), pairs.end());
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  return pairs;
}

}  // namespace spaceport
