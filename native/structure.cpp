#include "structure.h"

#include "essential.h"

#include <algorithm>
#include <map>
#include <numeric>

namespace spaceport {

namespace {

// Several features at one place (two orientations) are one: the first of them.
std::vector<int> firstAtPlace(const Features& f) {
  std::map<std::pair<float, float>, int> first;
  std::vector<int> out(f.count);
  for (uint32_t i = 0; i < f.count; i++) out[i] = first.insert({{f.point(i).x, f.point(i).y}, int(i)}).first->second;
  return out;
}

double cosine(const Vec3& a, const Vec3& b) { return dot(a, b) / (length(a) * length(b) + 1e-300); }

// From how many sights a point is looked for in pairs: more would cost the square and change nothing.
constexpr int kTriedSights = 6;

}  // namespace

void buildTracks(const std::vector<Features>& photos, const std::vector<PairMatches>& pairs, Scene& scene) {
  std::vector<std::vector<int>> place, trackOf;
  for (const Features& f : photos) {
    place.push_back(firstAtPlace(f));
    trackOf.push_back(std::vector<int>(f.count, -1));
  }
  std::vector<std::vector<std::pair<int, int>>> members;  // (photo, feature)
  std::vector<int> order(pairs.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int i, int j) { return pairs[i].matches.size() > pairs[j].matches.size(); });
  const auto trackAt = [&](int photo, int feature) -> int {
    int& t = trackOf[photo][feature];
    if (t < 0) {
      t = int(members.size());
      members.push_back({{photo, feature}});
    }
    return t;
  };
  for (int p : order)
    for (const Match& m : pairs[p].matches) {
      int s = trackAt(pairs[p].a, place[pairs[p].a][m.first]), t = trackAt(pairs[p].b, place[pairs[p].b][m.second]);
      if (s == t) continue;
      if (members[s].size() < members[t].size()) std::swap(s, t);
      bool clash = false;
      for (const auto& x : members[s])
        for (const auto& y : members[t]) clash = clash || x.first == y.first;
      if (clash) continue;
      for (const auto& y : members[t]) {
        trackOf[y.first][y.second] = s;
        members[s].push_back(y);
      }
      members[t].clear();
    }
  scene.seen.assign(photos.size(), {});
  scene.visible.assign(photos.size(), 0);
  for (auto& list : members) {
    if (list.size() < 2) continue;
    Track track;
    for (const auto& [photo, feature] : list) {
      const Keypoint k = photos[photo].point(feature);
      scene.seen[photo].push_back({int(scene.tracks.size()), int(track.sights.size())});
      track.sights.push_back({photo, feature, k.x - (photos[photo].width - 1) / 2.0, k.y - (photos[photo].height - 1) / 2.0});
    }
    scene.tracks.push_back(std::move(track));
  }
}

bool triangulate(Scene& scene, Track& track) {
  std::vector<Sight*> sights;
  std::vector<Vec3> centres, rays;  // in the world
  for (Sight& s : track.sights) {
    s.used = false;
    if (!scene.registered[s.photo]) continue;
    const Pose& pose = scene.poses[s.photo];
    sights.push_back(&s);
    centres.push_back(pose.centre());
    rays.push_back(times(transpose(pose.rotation), rayOf(scene.lens(s.photo), s.x, s.y)));
  }
  bool made = false;
  const int n = std::min(kTriedSights, int(sights.size()));
  const double widest = std::cos(kLeastAngleDeg * M_PI / 180);
  int most = 1;
  double leastError = 1e300;
  for (int i = 0; i < n; i++)
    for (int j = i + 1; j < n; j++) {
      if (cosine(rays[i], rays[j]) > widest) continue;
      const Pose &pi = scene.poses[sights[i]->photo], &pj = scene.poses[sights[j]->photo];
      const Mat3 turn = times(pj.rotation, transpose(pi.rotation));
      const Vec3 shift = pj.translation - times(turn, pi.translation);
      const Vec3 local = triangulatePair(turn, shift, times(pi.rotation, rays[i]), times(pj.rotation, rays[j]));
      const Vec3 point = times(transpose(pi.rotation), local - pi.translation);
      int agree = 0;
      double sum = 0;
      for (const Sight* s : sights) {
        const double limit = scene.pixels(s->photo, kMostError1600);
        const double e = errorSquared(scene.lens(s->photo), scene.poses[s->photo], point, s->x, s->y);
        if (e <= limit * limit) agree++, sum += e;
      }
      if (agree < 2 || agree < most || (agree == most && sum >= leastError)) continue;
      most = agree, leastError = sum, track.point = point, made = true;
    }
  scene.setMade(track, made);
  if (!made) return false;
  for (Sight* s : sights) {
    const double limit = scene.pixels(s->photo, kMostError1600);
    s->used = errorSquared(scene.lens(s->photo), scene.poses[s->photo], track.point, s->x, s->y) <= limit * limit;
  }
  return true;
}

std::vector<int> tracksOf(const Scene& scene, const std::vector<int>& photos) {
  // Marked while they are collected, because sorting every mention took longer than the rest; all marks are taken back.
  static thread_local std::vector<uint8_t> marked;
  if (marked.size() < scene.tracks.size()) marked.resize(scene.tracks.size(), 0);
  std::vector<int> tracks;
  for (int photo : photos)
    for (const auto& seen : scene.seen[photo]) {
      if (marked[seen.first]) continue;
      marked[seen.first] = 1;
      tracks.push_back(seen.first);
    }
  for (int t : tracks) marked[t] = 0;
  std::sort(tracks.begin(), tracks.end());
  return tracks;
}

void filter(Scene& scene, const std::vector<int>& photos) {
  const double widest = std::cos(kLeastAngleDeg * M_PI / 180);
  for (int t : tracksOf(scene, photos)) {
    Track& track = scene.tracks[t];
    if (!track.made) continue;
    std::vector<Vec3> rays;
    for (Sight& s : track.sights) {
      if (!scene.registered[s.photo]) continue;
      const double limit = scene.pixels(s.photo, kMostError1600);
      s.used = errorSquared(scene.lens(s.photo), scene.poses[s.photo], track.point, s.x, s.y) <= limit * limit;
      if (s.used) rays.push_back(track.point - scene.poses[s.photo].centre());
    }
    bool wide = false;
    for (size_t i = 0; i < rays.size() && !wide; i++)
      for (size_t j = i + 1; j < rays.size() && !wide; j++) wide = cosine(rays[i], rays[j]) < widest;
    if (wide) continue;
    scene.setMade(track, false);
    for (Sight& s : track.sights) s.used = false;
  }
}

}  // namespace spaceport
