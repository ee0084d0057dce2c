// The addon's door: the functions of engine/intake/native.ts, synchronous and pure.
#include "addon_values.h"
#include "candidates.h"
#include "rehearse_values.h"
#include "sift.h"
#include "two_view.h"

namespace spaceport {

namespace {

napi_value features(napi_env env, napi_callback_info info) {
  napi_value a[4];
  argumentsOf(env, info, a);
  const Bytes grey = bytesOf(env, a[0]);
  const int width = int(numberOf(env, a[1])), height = int(numberOf(env, a[2]));
  require(env, width > 0 && height > 0 && grey.size == size_t(width) * size_t(height), "the grey picture does not have width x height bytes");
  SiftOptions options;
  options.maxFeatures = int(optionOf(env, a[3], "maxFeatures", options.maxFeatures));
  options.baseLong = int(optionOf(env, a[3], "baseLongPx", options.baseLong));
  options.everyPixel = optionOf(env, a[3], "everyPixel", 0) != 0;
  require(env, options.maxFeatures > 0 && options.baseLong >= 32 && options.baseLong <= 8192, "maxFeatures or baseLongPx out of range");
  const std::vector<uint8_t> blob = sift(grey.data, width, height, options);
  napi_value buffer;
  check(env, napi_create_buffer_copy(env, blob.size(), blob.data(), nullptr, &buffer), "out of memory");
  return buffer;
}

napi_value pairNumbers(napi_env env, const std::vector<Match>& pairs) {
  std::vector<int32_t> flat;
  for (const Match& m : pairs) flat.push_back(m.first), flat.push_back(m.second);
  return typedArray(env, napi_int32_array, flat);
}

napi_value match(napi_env env, napi_callback_info info) {
  napi_value a[3];
  argumentsOf(env, info, a);
  TwoViewOptions options;
  options.use = int(optionOf(env, a[2], "use", 0));
  options.seed = uint64_t(optionOf(env, a[2], "seed", 1));
  options.focalA = optionOf(env, a[2], "focalA", 0);
  options.focalB = optionOf(env, a[2], "focalB", 0);
  const Evidence e = twoView(describedFeaturesOf(env, a[0]), describedFeaturesOf(env, a[1]), options);
  napi_value out;
  check(env, napi_create_object(env, &out), "out of memory");
  setNumber(env, out, "raw", e.raw);
  setNumber(env, out, "inliersF", e.inliersF);
  setNumber(env, out, "inliersH", e.inliersH);
  setNumber(env, out, "coverage", e.coverage);
  setNumber(env, out, "inlierRatio", e.inlierRatio);
  setKnown(env, out, "inliersE", e.inliersE);
  setKnown(env, out, "medianAngleDeg", e.medianAngleDeg);
  setKnown(env, out, "forward", e.forward);
  set(env, out, "matches", pairNumbers(env, e.matches));
  return out;
}

// Raw mutual matches, by the fast kernel or its slow twin: for tests.
napi_value rawMatches(napi_env env, napi_callback_info info) {
  napi_value a[3];
  argumentsOf(env, info, a);
  const Features fa = describedFeaturesOf(env, a[0]), fb = describedFeaturesOf(env, a[1]);
  return pairNumbers(env, optionOf(env, a[2], "slow", 0) != 0 ? matchMutualSlow(fa, fb, 0) : matchMutual(fa, fb, 0));
}

napi_value candidatesOf(napi_env env, napi_callback_info info) {
  napi_value a[2];
  argumentsOf(env, info, a);
  std::vector<Features> photos;
  for (uint32_t i = 0; i < lengthOf(env, a[0]); i++) photos.push_back(describedFeaturesOf(env, element(env, a[0], i)));
  return pairNumbers(env, candidates(photos, int(numberOf(env, a[1]))));
}

napi_value rehearseOf(napi_env env, napi_callback_info info) {
  napi_value a[3];
  argumentsOf(env, info, a);
  const std::vector<RehearsalPhoto> photos = rehearsalPhotosOf(env, a[0]);
  const std::vector<PairMatches> pairs = pairMatchesOf(env, a[1], photos);
  RehearsalOptions options;
  options.seed = uint64_t(optionOf(env, a[2], "seed", 1));
  options.leastInliers = int(optionOf(env, a[2], "leastInliers", options.leastInliers));
  options.dropped = optionOf(env, a[2], "dropped", 0);
  options.stop = stopOf(env, a[2]);
  require(env, options.leastInliers >= 4, "leastInliers must be 4 or more");
  return rehearsalValue(env, rehearse(photos, pairs, options));
}

// No C++ exception may cross into Node.
template <napi_value (*function)(napi_env, napi_callback_info)>
napi_value guarded(napi_env env, napi_callback_info info) {
  try {
    return function(env, info);
  } catch (const Thrown&) {
  } catch (const std::exception& error) {
    napi_throw_error(env, nullptr, error.what());
  }
  return nullptr;
}

template <napi_value (*function)(napi_env, napi_callback_info)>
void add(napi_env env, napi_value exports, const char* name) {
  napi_value value;
  check(env, napi_create_function(env, name, NAPI_AUTO_LENGTH, guarded<function>, nullptr, &value), name);
  set(env, exports, name, value);
}

}  // namespace

}  // namespace spaceport

NAPI_MODULE_INIT() {
  using namespace spaceport;
  add<features>(env, exports, "features");
  add<match>(env, exports, "match");
  add<rawMatches>(env, exports, "rawMatches");
  add<candidatesOf>(env, exports, "candidates");
  add<rehearseOf>(env, exports, "rehearse");
  return exports;
}
