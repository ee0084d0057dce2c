// A rehearsal's photos, pairs and outcome as JavaScript values: RehearsalPhoto, RehearsalPair and Rehearsal of engine/intake/native.ts.
#pragma once
#include "addon_values.h"
#include "rehearse_flat.h"

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

inline napi_value rehearsalValue(napi_env env, const Rehearsal& r) {
  const FlatRehearsal flat = flatten(r);
  napi_value out;
  check(env, napi_create_object(env, &out), "out of memory");
  set(env, out, "group", typedArray(env, napi_int32_array, flat.group));
  set(env, out, "points", typedArray(env, napi_int32_array, flat.points));
  set(env, out, "support", typedArray(env, napi_int32_array, flat.support));
  set(env, out, "pose", typedArray(env, napi_float64_array, flat.pose));
  set(env, out, "xyz", typedArray(env, napi_float32_array, flat.xyz));
  set(env, out, "shared", typedArray(env, napi_int32_array, flat.shared));
  set(env, out, "beginnings", typedArray(env, napi_float64_array, flat.beginnings));
  setNumber(env, out, "medianAngleDeg", r.medianAngleDeg);
  setNumber(env, out, "reprojectionPx", r.errorPx);
  return out;
}

}  // namespace spaceport
