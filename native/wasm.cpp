// The WebAssembly door: what addon.cpp offers to Node, as plain C functions for engine/intake/native-wasm.ts. Arguments lie in memory that
// `reserve` gave; every function leaves its answer at `answer()` and returns the answer's size, or -1 where its arguments are no features.
#if defined(__wasm__)
#include <cstdlib>

#include "candidates.h"
#include "rehearse_flat.h"
#include "sift.h"
#include "two_view.h"

#define SPACEPORT_EXPORT(name) extern "C" __attribute__((export_name(#name)))

// What the only thread keeps for itself lives as long as the module: there is no end at which to destroy it.
extern "C" int __cxa_thread_atexit(void (*)(void*), void*, void*) { return 0; }

namespace spaceport {

namespace {

std::vector<uint8_t> given;

template <typename T>
void add(const std::vector<T>& values) {
  const uint8_t* bytes = reinterpret_cast<const uint8_t*>(values.data());
  given.insert(given.end(), bytes, bytes + values.size() * sizeof(T));
}

void addPairs(const std::vector<Match>& pairs) {
  std::vector<int32_t> flat;
  for (const Match& m : pairs) flat.push_back(m.first), flat.push_back(m.second);
  add(flat);
}

// A photo's features as JavaScript hands them over.
struct Given {
  uint32_t at, size;
  int32_t camera;
};

Features read(const Given& given) { return readBlob(reinterpret_cast<const uint8_t*>(given.at), given.size); }

bool isDescribed(const Features& f) { return f.ok && (f.count == 0 || f.descriptors != nullptr); }

// Pairs as a, b, number of matches, then the matches; false where one names what is not there.
bool readPairs(const int32_t* numbers, int count, const std::vector<RehearsalPhoto>& photos, std::vector<PairMatches>& pairs) {
  const int n = int(photos.size());
  for (int p = 0; p < count; p++) {
    PairMatches pair{numbers[0], numbers[1], {}};
    if (pair.a < 0 || pair.b < 0 || pair.a >= n || pair.b >= n || pair.a == pair.b) return false;
    const int matches = numbers[2];
    numbers += 3;
    for (int m = 0; m < matches; m++, numbers += 2) {
      if (uint32_t(numbers[0]) >= photos[pair.a].features.count || uint32_t(numbers[1]) >= photos[pair.b].features.count) return false;
      pair.matches.push_back({numbers[0], numbers[1]});
    }
    pairs.push_back(std::move(pair));
  }
  return true;
}

}  // namespace

SPACEPORT_EXPORT(reserve) void* reserve(size_t bytes) { return std::malloc(bytes); }
SPACEPORT_EXPORT(release) void release(void* memory) { std::free(memory); }
SPACEPORT_EXPORT(answer) const uint8_t* answer() { return given.data(); }

SPACEPORT_EXPORT(features) int features(const uint8_t* grey, int width, int height, int maxFeatures, int baseLong) {
  SiftOptions options;
  options.maxFeatures = maxFeatures, options.baseLong = baseLong;
  given = sift(grey, width, height, options);
  return int(given.size());
}

SPACEPORT_EXPORT(match) int match(const Given* photos, int use, double seed, double focalA, double focalB) {
  const Features a = read(photos[0]), b = read(photos[1]);
  if (!isDescribed(a) || !isDescribed(b)) return -1;
  TwoViewOptions options;
  options.use = use, options.seed = uint64_t(seed), options.focalA = focalA, options.focalB = focalB;
  const Evidence e = twoView(a, b, options);
  given.clear();
  add(std::vector<double>{double(e.raw), double(e.inliersF), double(e.inliersH), e.coverage, e.inlierRatio, double(e.inliersE), e.medianAngleDeg, e.forward});
  addPairs(e.matches);
  return int(given.size());
}

SPACEPORT_EXPORT(candidates) int candidatesOf(const Given* photos, int count, int k) {
  std::vector<Features> all;
  for (int i = 0; i < count; i++) {
    all.push_back(read(photos[i]));
    if (!isDescribed(all.back())) return -1;
  }
  given.clear();
  addPairs(candidates(all, k));
  return int(given.size());
}

// The answer: numbers of beginnings, shared and points (three i32 and one of padding), median angle, error, poses, beginnings (f64); group,
// points, support, shared (i32); points' places (f32).
SPACEPORT_EXPORT(rehearse) int rehearseOf(const Given* blobs, const double* focals, int count, const int32_t* numbers, int pairCount, double seed, int leastInliers, double dropped) {
  std::vector<RehearsalPhoto> photos;
  for (int i = 0; i < count; i++) {
    photos.push_back({read(blobs[i]), focals[i], blobs[i].camera});
    if (!photos.back().features.ok) return -1;
  }
  std::vector<PairMatches> pairs;
  if (!readPairs(numbers, pairCount, photos, pairs)) return -2;
  RehearsalOptions options;
  options.seed = uint64_t(seed), options.leastInliers = leastInliers, options.dropped = dropped;
  const Rehearsal r = rehearse(photos, pairs, options);
  const FlatRehearsal flat = flatten(r);
  given.clear();
  add(std::vector<int32_t>{int32_t(flat.beginnings.size()), int32_t(flat.shared.size()), int32_t(flat.xyz.size()), 0});
  add(std::vector<double>{r.medianAngleDeg, r.errorPx});
  add(flat.pose), add(flat.beginnings);
  add(flat.group), add(flat.points), add(flat.support), add(flat.shared);
  add(flat.xyz);
  return int(given.size());
}

}  // namespace spaceport
#endif
