// Reading and writing JavaScript values through Node-API's C interface. A failed read throws a JavaScript TypeError and then Thrown.
#pragma once
#include <node_api.h>

#include <cstring>
#include <string>
#include <vector>

#include "blob.h"

namespace spaceport {

// Unwinds to the addon's door; the JavaScript exception is pending already.
struct Thrown {};

inline void check(napi_env env, napi_status status, const char* what) {
  if (status == napi_ok) return;
  bool pending = false;
  napi_is_exception_pending(env, &pending);
  if (!pending) napi_throw_type_error(env, nullptr, what);
  throw Thrown{};
}

inline void require(napi_env env, bool condition, const char* what) { check(env, condition ? napi_ok : napi_invalid_arg, what); }

struct Bytes {
  const uint8_t* data;
  size_t size;
};

inline Bytes bytesOf(napi_env env, napi_value value) {
  bool is = false;
  check(env, napi_is_typedarray(env, value, &is), "expected a Uint8Array");
  require(env, is, "expected a Uint8Array");
  napi_typedarray_type type;
  size_t length;
  void* data;
  check(env, napi_get_typedarray_info(env, value, &type, &length, &data, nullptr, nullptr), "expected a Uint8Array");
  require(env, type == napi_uint8_array, "expected a Uint8Array");
  return {static_cast<const uint8_t*>(data), length};
}

inline Features featuresOf(napi_env env, napi_value value) {
  const Bytes bytes = bytesOf(env, value);
  const Features f = readBlob(bytes.data, bytes.size);
  require(env, f.ok, "these bytes are not a photo's features");
  return f;
}

inline Features describedFeaturesOf(napi_env env, napi_value value) {
  const Features f = featuresOf(env, value);
  require(env, f.count == 0 || f.descriptors != nullptr, "these features have no descriptors");
  return f;
}

inline double numberOf(napi_env env, napi_value value) {
  double number;
  check(env, napi_get_value_double(env, value, &number), "expected a number");
  return number;
}

inline napi_value propertyOf(napi_env env, napi_value object, const char* name) {
  napi_value value;
  check(env, napi_get_named_property(env, object, name, &value), "expected an object");
  return value;
}

// `fallback` where the property is undefined.
inline double optionOf(napi_env env, napi_value object, const char* name, double fallback) {
  const napi_value value = propertyOf(env, object, name);
  napi_valuetype type;
  check(env, napi_typeof(env, value, &type), "expected a value");
  return type == napi_undefined ? fallback : numberOf(env, value);
}

inline napi_value element(napi_env env, napi_value array, uint32_t index) {
  napi_value value;
  check(env, napi_get_element(env, array, index, &value), "expected an array");
  return value;
}

inline uint32_t lengthOf(napi_env env, napi_value array) {
  uint32_t length;
  check(env, napi_get_array_length(env, array, &length), "expected an array");
  return length;
}

inline void setNumber(napi_env env, napi_value object, const char* name, double number) {
  napi_value value;
  check(env, napi_create_double(env, number, &value), name);
  check(env, napi_set_named_property(env, object, name, value), name);
}

// Null where the number is negative: not known.
inline void setKnown(napi_env env, napi_value object, const char* name, double number) {
  if (number >= 0) return setNumber(env, object, name, number);
  napi_value value;
  check(env, napi_get_null(env, &value), name);
  check(env, napi_set_named_property(env, object, name, value), name);
}

// A typed array that owns a copy of `values`.
template <typename T>
napi_value typedArray(napi_env env, napi_typedarray_type type, const std::vector<T>& values) {
  void* data;
  napi_value buffer, array;
  check(env, napi_create_arraybuffer(env, values.size() * sizeof(T), &data, &buffer), "out of memory");
  if (!values.empty()) std::memcpy(data, values.data(), values.size() * sizeof(T));
  check(env, napi_create_typedarray(env, type, values.size(), buffer, 0, &array), "out of memory");
  return array;
}

inline void set(napi_env env, napi_value object, const char* name, napi_value value) {
  check(env, napi_set_named_property(env, object, name, value), name);
}

template <size_t N>
void argumentsOf(napi_env env, napi_callback_info info, napi_value (&arguments)[N]) {
  size_t count = N;
  check(env, napi_get_cb_info(env, info, &count, arguments, nullptr, nullptr), "wrong arguments");
  require(env, count >= N, "too few arguments");
}

}  // namespace spaceport
