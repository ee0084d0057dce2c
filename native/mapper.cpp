#include "mapper.h"

#include <algorithm>
#include <numeric>
#include <tuple>

#include "bundle.h"
#include "failure.h"
#include "resection.h"

namespace spaceport {

namespace {

// COLMAP's rules; counts are of a run whose photos need 30 inliers to join, and go with that number.
constexpr double kPoseError1600 = 12, kInitialError1600 = 4, kPoseLeastShare = 0.25, kMostForward = 0.95;
// Pairs of one photo that are looked at for a beginning: a burst, or crops of one photo, match best of all and have no parallax,
// so they must not use up the tries of the others.
constexpr int kBeginningsEach = 6;
constexpr int kMostShared = 20;         // photos of earlier models in a later one (COLMAP's max_model_overlap)
constexpr int kTrials = 3;              // tries to register a photo
constexpr struct { int inliers; double angleDeg; } kInitial[] = {{100, 16}, {50, 16}, {50, 8}, {25, 8}, {25, 4}};

constexpr size_t kGlobalUpTo = 120;     // photos in one dense adjustment
constexpr double kGrowth = 1.25;        // the whole is adjusted again when it has grown by this factor
constexpr size_t kLarge = 60;           // photos from which the adjustment is thinned and rounds are counted, so that the time grows with the photos
constexpr int kThinned = 300;           // tracks for each photo then
constexpr int kRounds = 3;
constexpr size_t kLocal = 6;            // photos adjusted with a new one (COLMAP's ba_local_num_images)

}  // namespace

Mapper::Mapper(Scene& scene, const std::vector<PairMatches>& pairs, const std::vector<RehearsalPhoto>& photos, const RehearsalOptions& options)
    : support(photos.size(), 0), scene_(scene), pairs_(pairs), photos_(photos), options_(options), order_(pairs.size()) {
  std::iota(order_.begin(), order_.end(), 0);
  std::stable_sort(order_.begin(), order_.end(), [&](int i, int j) { return pairs[i].matches.size() > pairs[j].matches.size(); });
}

void Mapper::mayStop() const {
  if (options_.stop && __atomic_load_n(options_.stop, __ATOMIC_RELAXED) != 0) fail(Stopped());
}

const RelativePose& Mapper::poseOf(int pair) {
  mayStop();
  const auto known = poses_.find(pair);
  if (known != poses_.end()) return known->second;
  const PairMatches& p = pairs_[pair];
  const Features &a = photos_[p.a].features, &b = photos_[p.b].features;
  Places places;
  for (const Match& m : p.matches) {
    const Keypoint u = a.point(m.first), v = b.point(m.second);
    places.add(u.x - (a.width - 1) / 2.f, u.y - (a.height - 1) / 2.f, v.x - (b.width - 1) / 2.f, v.y - (b.height - 1) / 2.f);
  }
  return poses_[pair] = fitRelativePose(places, scene_.lens(p.a).focalStart, scene_.lens(p.b).focalStart, scene_.pixels(p.a, kInitialError1600), options_.seed + pair);
}

std::vector<std::array<double, 3>> Mapper::beginnings() const {
  std::vector<std::array<double, 3>> all;
  for (const auto& [pair, pose] : poses_) all.push_back({pose.medianAngleDeg, std::abs(pose.translation[2]), pose.inliers / std::max(1.0, double(pairs_[pair].matches.size()))});
  return all;
}

bool Mapper::tryInitial(int pair, int leastInliers, double leastAngleDeg) {
  const PairMatches& p = pairs_[pair];
  const RelativePose& pose = poseOf(pair);
  if (pose.inliers < leastInliers || pose.medianAngleDeg < leastAngleDeg || std::abs(pose.translation[2]) >= kMostForward) return false;
  for (int lens : {scene_.lensOf[p.a], scene_.lensOf[p.b]}) scene_.lenses[lens].focal = scene_.lenses[lens].focalStart, scene_.lenses[lens].k = 0;
  scene_.poses[p.a] = Pose();
  scene_.poses[p.b] = {pose.rotation, pose.translation};
  scene_.registered[p.a] = scene_.registered[p.b] = 1;
  model_ = {p.a, p.b};
  support[p.a] = support[p.b] = pose.inliers;
  extend(p.a);
  extend(p.b);
  adjust(scene_, {{p.b}, false, 10});
  filter(scene_, model_);
  if (scene_.visible[p.b] >= leastInliers / 2) return true;
  for (int t : tracksOf(scene_, model_)) scene_.setMade(scene_.tracks[t], false);
  scene_.registered[p.a] = scene_.registered[p.b] = 0;
  model_.clear();
  return false;
}

bool Mapper::begin(const std::vector<uint8_t>& allowed) {
  for (const auto& rule : kInitial) {
    std::vector<int> looked(photos_.size(), 0);
    for (int pair : order_) {
      const PairMatches& p = pairs_[pair];
      const int least = rule.inliers * options_.leastInliers / 30;
      if (int(p.matches.size()) < least) break;
      if (!allowed[p.a] || !allowed[p.b] || std::min(looked[p.a], looked[p.b]) >= kBeginningsEach) continue;
      looked[p.a]++, looked[p.b]++;
      if (tryInitial(pair, least, rule.angleDeg)) return true;
    }
  }
  return false;
}

// A newly registered photo adds its sights to points that are there, and makes points that it is the second to see.
void Mapper::extend(int photo) {
  const double limit = scene_.pixels(photo, kMostError1600);
  for (const auto& [t, s] : scene_.seen[photo]) {
    Track& track = scene_.tracks[t];
    Sight& sight = track.sights[s];
    if (track.made)
      sight.used = errorSquared(scene_.lens(photo), scene_.poses[photo], track.point, sight.x, sight.y) <= limit * limit;
    else
      triangulate(scene_, track);
  }
}

bool Mapper::tryRegister(int photo) {
  mayStop();
  std::vector<Known> known;
  for (const auto& [t, s] : scene_.seen[photo]) {
    const Track& track = scene_.tracks[t];
    if (track.made) known.push_back({track.point, track.sights[s].x, track.sights[s].y});
  }
  const Resection r = resect(scene_.lens(photo), known, scene_.pixels(photo, kPoseError1600), options_.seed + 1000 * failures_[photo] + photo);
  if (r.inliers < options_.leastInliers || r.inliers < kPoseLeastShare * known.size()) return false;
  scene_.poses[photo] = r.pose;
  scene_.registered[photo] = 1;
  support[photo] = r.inliers;
  model_.push_back(photo);
  extend(photo);
  return true;
}

// The photo that sees the most points comes first, as in COLMAP, and those of earlier models last; one that fails is tried again when the model has grown.
bool Mapper::registerNext(const std::vector<uint8_t>& allowed) {
  if (shared_ >= kMostShared) return false;
  std::vector<std::tuple<bool, int, int>> next;
  for (size_t photo = 0; photo < photos_.size(); photo++) {
    if (scene_.registered[photo] || failures_[photo] >= kTrials) continue;
    const int count = scene_.visible[photo];
    if (count >= options_.leastInliers) next.push_back({!allowed[photo], -count, int(photo)});
  }
  std::sort(next.begin(), next.end());
  for (const auto& [isShared, count, photo] : next) {
    if (tryRegister(photo)) {
      shared_ += isShared;
      adjustAround(photo);
      return true;
    }
    failures_[photo]++;
  }
  return false;
}

void Mapper::adjustAround(int photo) {
  if (model_.size() <= kGlobalUpTo && model_.size() >= kGrowth * adjustedAt_) return adjustAll();
  std::map<int, int> shared;
  for (const auto& [t, s] : scene_.seen[photo]) {
    if (!scene_.tracks[t].made || !scene_.tracks[t].sights[s].used) continue;
    for (const Sight& other : scene_.tracks[t].sights)
      if (other.used && other.photo != photo) shared[other.photo]++;
  }
  std::vector<std::pair<int, int>> most;
  for (const auto& [other, count] : shared) most.push_back({-count, other});
  std::sort(most.begin(), most.end());
  BundleOptions options{{photo}, false, 4, mostTracks()};
  for (size_t i = 0; i + 1 < kLocal && i < most.size(); i++) options.photos.push_back(most[i].second);
  adjust(scene_, options);
  filter(scene_, options.photos);
}

int Mapper::mostTracks() const { return photos_.size() > kLarge ? kThinned : 0; }

void Mapper::adjustAll() {
  adjustedAt_ = model_.size();
  adjust(scene_, {model_, model_.size() > 2, 12, mostTracks()});
  filter(scene_, model_);
  // A better lens and better poses make points of tracks that failed before.
  for (int t : tracksOf(scene_, model_))
    if (!scene_.tracks[t].made) triangulate(scene_, scene_.tracks[t]);
}

std::vector<int> Mapper::build(const std::vector<uint8_t>& allowed) {
  model_.clear();
  failures_.assign(photos_.size(), 0);
  std::fill(scene_.registered.begin(), scene_.registered.end(), 0);
  for (Track& track : scene_.tracks) {
    scene_.setMade(track, false);
    for (Sight& s : track.sights) s.used = false;
  }
  if (!begin(allowed)) return {};
  adjustedAt_ = 2;
  shared_ = 0;
  int round = 0;
  for (bool again = true; again && (photos_.size() <= kLarge || round < kRounds); round++) {
    while (registerNext(allowed)) {}
    const size_t before = model_.size();
    if (model_.size() <= kGlobalUpTo) adjustAll();
    std::fill(failures_.begin(), failures_.end(), kTrials - 1);
    again = registerNext(allowed) && model_.size() > before;
  }
  if (model_.size() <= kGlobalUpTo && model_.size() != adjustedAt_) adjustAll();
  return model_;
}

}  // namespace spaceport
