// A rehearsal's outcome as plain arrays, the same for both doors (addon.cpp, wasm.cpp): Rehearsal of engine/intake/native.ts.
#pragma once
#include <map>

#include "rehearse.h"

namespace spaceport {

struct FlatRehearsal {
  std::vector<int32_t> group, points, support, shared;
  std::vector<double> pose, beginnings;
  std::vector<float> xyz;
};

// Points that two photos of the largest group share, as a, b, count.
inline std::vector<int32_t> sharedOf(const Scene& scene) {
  std::map<std::pair<int, int>, int> shared;
  for (const Track& track : scene.tracks) {
    if (!track.made) continue;
    for (size_t i = 0; i < track.sights.size(); i++)
      for (size_t j = i + 1; j < track.sights.size(); j++) {
        const Sight &a = track.sights[i], &b = track.sights[j];
        if (a.used && b.used) shared[{std::min(a.photo, b.photo), std::max(a.photo, b.photo)}]++;
      }
  }
  std::vector<int32_t> flat;
  for (const auto& [pair, count] : shared) flat.insert(flat.end(), {pair.first, pair.second, count});
  return flat;
}

inline FlatRehearsal flatten(const Rehearsal& r) {
  FlatRehearsal flat;
  flat.group.assign(r.group.begin(), r.group.end());
  flat.points.assign(r.points.begin(), r.points.end());
  flat.support.assign(r.support.begin(), r.support.end());
  flat.shared = sharedOf(r.scene);
  for (size_t i = 0; i < r.group.size(); i++) {
    const Vec3 c = r.scene.poses[i].centre();
    const Mat3& m = r.scene.poses[i].rotation;
    flat.pose.insert(flat.pose.end(), {c[0], c[1], c[2], m[6], m[7], m[8], r.scene.lens(int(i)).focal});
  }
  for (const Track& track : r.scene.tracks)
    if (track.made) flat.xyz.insert(flat.xyz.end(), {float(track.point[0]), float(track.point[1]), float(track.point[2])});
  for (const auto& b : r.beginnings) flat.beginnings.insert(flat.beginnings.end(), b.begin(), b.end());
  return flat;
}

}  // namespace spaceport
