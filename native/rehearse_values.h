// A rehearsal's photos, pairs and outcome as JavaScript values: RehearsalPhoto, RehearsalPair and Rehearsal of engine/intake/native.ts.
#pragma once
#include <map>

#include "addon_values.h"
#include "rehearse.h"

namespace spaceport {

inline std::vector<RehearsalPhoto> rehearsalPhotosOf(napi_env env, napi_value array) {
  std::vector<RehearsalPhoto> photos;
  for (uint32_t i = 0; i < lengthOf(env, array); i++) {
    const napi_value photo = element(env, array, i);
    photos.push_back({featuresOf(env, propertyOf(env, photo, "blob")), optionOf(env, photo, "focalPx", 0), int(optionOf(env, photo, "camera", 0))});
  }
  return photos;
}

// The shared flag that another thread sets to end a long call; null where none was given. Its memory outlives the call: JavaScript holds it.
inline const int32_t* stopOf(napi_env env, napi_value options) {
  const napi_value value = propertyOf(env, options, "stop");
  napi_valuetype type;
  check(env, napi_typeof(env, value, &type), "expected a value");
  if (type == napi_undefined) return nullptr;
  napi_typedarray_type kind;
  size_t length;
  void* data;
  check(env, napi_get_typedarray_info(env, value, &kind, &length, &data, nullptr, nullptr), "stop must be an Int32Array");
  require(env, kind == napi_int32_array && length == 1, "stop must be an Int32Array of one number");
  return static_cast<const int32_t*>(data);
}

inline std::vector<PairMatches> pairMatchesOf(napi_env env, napi_value array, const std::vector<RehearsalPhoto>& photos) {
  std::vector<PairMatches> pairs;
  for (uint32_t i = 0; i < lengthOf(env, array); i++) {
    const napi_value pair = element(env, array, i);
    PairMatches p{int(optionOf(env, pair, "a", -1)), int(optionOf(env, pair, "b", -1)), {}};
    require(env, p.a >= 0 && p.b >= 0 && p.a < int(photos.size()) && p.b < int(photos.size()) && p.a != p.b, "a pair names a photo that is not there");
    napi_typedarray_type type;
    size_t length;
    void* data;
    check(env, napi_get_typedarray_info(env, propertyOf(env, pair, "matches"), &type, &length, &data, nullptr, nullptr), "expected an Int32Array");
    require(env, type == napi_int32_array && length % 2 == 0, "expected an Int32Array of pairs");
    const int32_t* numbers = static_cast<const int32_t*>(data);
    for (size_t k = 0; k < length; k += 2) {
      require(env, numbers[k] >= 0 && numbers[k + 1] >= 0 && uint32_t(numbers[k]) < photos[p.a].features.count && uint32_t(numbers[k + 1]) < photos[p.b].features.count, "a match names a feature that is not there");
      p.matches.push_back({numbers[k], numbers[k + 1]});
    }
    pairs.push_back(std::move(p));
  }
  return pairs;
}

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

inline napi_value rehearsalValue(napi_env env, const Rehearsal& r) {
  std::vector<double> pose;
  std::vector<float> xyz;
  for (size_t i = 0; i < r.group.size(); i++) {
    const Vec3 c = r.scene.poses[i].centre();
    const Mat3& m = r.scene.poses[i].rotation;
    pose.insert(pose.end(), {c[0], c[1], c[2], m[6], m[7], m[8], r.scene.lens(int(i)).focal});
  }
  for (const Track& track : r.scene.tracks)
    if (track.made) xyz.insert(xyz.end(), {float(track.point[0]), float(track.point[1]), float(track.point[2])});
  napi_value out;
  check(env, napi_create_object(env, &out), "out of memory");
  set(env, out, "group", typedArray(env, napi_int32_array, std::vector<int32_t>(r.group.begin(), r.group.end())));
  set(env, out, "points", typedArray(env, napi_int32_array, std::vector<int32_t>(r.points.begin(), r.points.end())));
  set(env, out, "support", typedArray(env, napi_int32_array, std::vector<int32_t>(r.support.begin(), r.support.end())));
  set(env, out, "pose", typedArray(env, napi_float64_array, pose));
  set(env, out, "xyz", typedArray(env, napi_float32_array, xyz));
  set(env, out, "shared", typedArray(env, napi_int32_array, sharedOf(r.scene)));
  std::vector<double> beginnings;
  for (const auto& b : r.beginnings) beginnings.insert(beginnings.end(), b.begin(), b.end());
  set(env, out, "beginnings", typedArray(env, napi_float64_array, beginnings));
  setNumber(env, out, "medianAngleDeg", r.medianAngleDeg);
  setNumber(env, out, "reprojectionPx", r.errorPx);
  return out;
}

}  // namespace spaceport
