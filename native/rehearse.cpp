#include "rehearse.h"

#include <algorithm>
#include <map>

#include "mapper.h"

namespace spaceport {

namespace {

constexpr double kFocalUnknown = 1.2;  // COLMAP's default_focal_length_factor, times the long side
constexpr int kMostModels = 12;

struct Model {
  std::vector<int> photos, points, support;
};

std::vector<PairMatches> perturbed(const std::vector<PairMatches>& pairs, const RehearsalOptions& options) {
  if (options.dropped <= 0) return pairs;
  Random random(options.seed * 7919);
  std::vector<PairMatches> out;
  for (const PairMatches& pair : pairs) {
    PairMatches kept{pair.a, pair.b, {}};
    for (const Match& m : pair.matches)
      if (random.unit() >= options.dropped) kept.matches.push_back(m);
    out.push_back(std::move(kept));
  }
  return out;
}

Scene openScene(const std::vector<RehearsalPhoto>& photos) {
  Scene scene;
  std::map<int, int> lensOf;
  for (const RehearsalPhoto& photo : photos) {
    const auto [at, fresh] = lensOf.insert({photo.camera, int(scene.lenses.size())});
    const double size = std::max(photo.features.width, photo.features.height);
    if (fresh) {
      Lens lens;
      lens.sizePx = std::max(1.0, size);
      lens.focal = lens.focalStart = photo.focal > 0 ? photo.focal : kFocalUnknown * lens.sizePx;
      scene.lenses.push_back(lens);
    }
    scene.lensOf.push_back(at->second);
  }
  scene.poses.resize(photos.size());
  scene.registered.assign(photos.size(), 0);
  return scene;
}

// Points that the photo sees now.
int pointsOf(const Scene& scene, int photo) {
  int count = 0;
  for (const auto& [t, s] : scene.seen[photo]) count += scene.tracks[t].made && scene.tracks[t].sights[s].used;
  return count;
}

// Of the scene as it stands: the median over points of the widest angle, and the mean error of their sights.
void measure(Rehearsal& r) {
  std::vector<double> angles;
  double sum = 0;
  int sights = 0;
  for (const Track& track : r.scene.tracks) {
    if (!track.made) continue;
    std::vector<Vec3> rays;
    for (const Sight& s : track.sights) {
      if (!s.used) continue;
      rays.push_back(unit(track.point - r.scene.poses[s.photo].centre()));
      sum += std::sqrt(errorSquared(r.scene.lens(s.photo), r.scene.poses[s.photo], track.point, s.x, s.y));
      sights++;
    }
    double least = 1;
    for (size_t i = 0; i < rays.size(); i++)
      for (size_t j = i + 1; j < rays.size(); j++) least = std::min(least, dot(rays[i], rays[j]));
    angles.push_back(std::acos(std::clamp(least, -1.0, 1.0)) * 180 / M_PI);
  }
  if (angles.empty()) return;
  std::nth_element(angles.begin(), angles.begin() + angles.size() / 2, angles.end());
  r.medianAngleDeg = angles[angles.size() / 2];
  r.errorPx = sum / sights;
}

}  // namespace

Rehearsal rehearse(const std::vector<RehearsalPhoto>& photos, const std::vector<PairMatches>& given, const RehearsalOptions& options) {
  const std::vector<PairMatches> pairs = perturbed(given, options);
  std::vector<Features> features;
  for (const RehearsalPhoto& photo : photos) features.push_back(photo.features);
  Rehearsal best;
  best.scene = openScene(photos);
  best.group.assign(photos.size(), -1);
  best.points.assign(photos.size(), 0);
  best.support.assign(photos.size(), 0);
  Scene scene = best.scene;
  buildTracks(features, pairs, scene);
  best.scene = scene;
  Mapper mapper(scene, pairs, photos, options);
  std::vector<uint8_t> allowed(photos.size(), 1);
  std::vector<Model> models;
  size_t largest = 0;
  for (int m = 0; m < kMostModels; m++) {
    Model model{mapper.build(allowed), {}, {}};
    if (model.photos.empty()) break;
    for (int photo : model.photos) {
      allowed[photo] = 0;
      model.points.push_back(pointsOf(scene, photo));
      model.support.push_back(mapper.support[photo]);
    }
    if (models.empty() || model.photos.size() > models[largest].photos.size()) {
      largest = models.size();
      best.scene = scene;
    }
    models.push_back(std::move(model));
  }
  std::stable_sort(models.begin(), models.end(), [](const auto& a, const auto& b) { return a.photos.size() > b.photos.size(); });
  // A photo of several models counts for the largest.
  for (size_t g = models.size(); g-- > 0;)
    for (size_t k = 0; k < models[g].photos.size(); k++) {
      const int photo = models[g].photos[k];
      best.group[photo] = int(g);
      best.points[photo] = models[g].points[k];
      best.support[photo] = models[g].support[k];
    }
  best.beginnings = mapper.beginnings();
  measure(best);
  return best;
}

}  // namespace spaceport
