// Whole numbers side by side for match.cpp, in the one way that the processor has: AVX2 (asked for at run time), WebAssembly's SIMD, NEON.
#pragma once
#include <cstdint>

#include "target.h"

#if SPACEPORT_X86
#include <immintrin.h>
#define SPACEPORT_LANES 1
#elif defined(__wasm_relaxed_simd__)
#include <wasm_simd128.h>
#define SPACEPORT_LANES 1
#elif defined(__ARM_NEON) && defined(__aarch64__)
#include <arm_neon.h>
#define SPACEPORT_LANES 1
#else
#define SPACEPORT_LANES 0
#endif

#define SPACEPORT_LANE SPACEPORT_AVX2 inline __attribute__((always_inline))
#define SPACEPORT_LANE_FUNCTION SPACEPORT_AVX2

namespace spaceport {

#if SPACEPORT_LANES
// `products`: of unsigned bytes below 128, neighbours added, to 16 bits. `whole<n>`: signed 16-bit neighbours added, to 32 bits, times 2^n.
struct Lanes {
#if SPACEPORT_X86
  using Vector = __m256i;
  static constexpr int kInts = 8;
  SPACEPORT_LANE static Vector load(const void* from) { return _mm256_loadu_si256(static_cast<const __m256i*>(from)); }
  SPACEPORT_LANE static void store(void* to, Vector v) { _mm256_storeu_si256(static_cast<__m256i*>(to), v); }
  SPACEPORT_LANE static Vector ints(int v) { return _mm256_set1_epi32(v); }
  SPACEPORT_LANE static Vector shorts(int16_t v) { return _mm256_set1_epi16(v); }
  SPACEPORT_LANE static Vector count() { return _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7); }
  SPACEPORT_LANE static Vector products(Vector a, Vector b) { return _mm256_maddubs_epi16(a, b); }
  SPACEPORT_LANE static Vector addShorts(Vector a, Vector b) { return _mm256_add_epi16(a, b); }
  SPACEPORT_LANE static Vector addInts(Vector a, Vector b) { return _mm256_add_epi32(a, b); }
  template <int n>
  SPACEPORT_LANE static Vector whole(Vector v) { return _mm256_madd_epi16(v, _mm256_set1_epi16(1 << n)); }
  SPACEPORT_LANE static Vector either(Vector a, Vector b) { return _mm256_or_si256(a, b); }
  SPACEPORT_LANE static Vector least(Vector a, Vector b) { return _mm256_min_epi32(a, b); }
  SPACEPORT_LANE static Vector most(Vector a, Vector b) { return _mm256_max_epi32(a, b); }
#elif defined(__wasm__)
  using Vector = v128_t;
  static constexpr int kInts = 4;
  SPACEPORT_LANE static Vector load(const void* from) { return wasm_v128_load(from); }
  SPACEPORT_LANE static void store(void* to, Vector v) { wasm_v128_store(to, v); }
  SPACEPORT_LANE static Vector ints(int v) { return wasm_i32x4_splat(v); }
  SPACEPORT_LANE static Vector shorts(int16_t v) { return wasm_i16x8_splat(v); }
  SPACEPORT_LANE static Vector count() { return wasm_i32x4_const(0, 1, 2, 3); }
  // Relaxed only for bytes of 128 and above.
  SPACEPORT_LANE static Vector products(Vector a, Vector b) { return wasm_i16x8_relaxed_dot_i8x16_i7x16(a, b); }
  SPACEPORT_LANE static Vector addShorts(Vector a, Vector b) { return wasm_i16x8_add(a, b); }
  SPACEPORT_LANE static Vector addInts(Vector a, Vector b) { return wasm_i32x4_add(a, b); }
  template <int n>
  SPACEPORT_LANE static Vector whole(Vector v) { return wasm_i32x4_dot_i16x8(v, wasm_i16x8_splat(1 << n)); }
  SPACEPORT_LANE static Vector either(Vector a, Vector b) { return wasm_v128_or(a, b); }
  SPACEPORT_LANE static Vector least(Vector a, Vector b) { return wasm_i32x4_min(a, b); }
  SPACEPORT_LANE static Vector most(Vector a, Vector b) { return wasm_i32x4_max(a, b); }
#else
  using Vector = int32x4_t;
  static constexpr int kInts = 4;
  SPACEPORT_LANE static Vector load(const void* from) { return vreinterpretq_s32_u8(vld1q_u8(static_cast<const uint8_t*>(from))); }
  SPACEPORT_LANE static void store(void* to, Vector v) { vst1q_u8(static_cast<uint8_t*>(to), vreinterpretq_u8_s32(v)); }
  SPACEPORT_LANE static Vector ints(int v) { return vdupq_n_s32(v); }
  SPACEPORT_LANE static Vector shorts(int16_t v) { return vreinterpretq_s32_s16(vdupq_n_s16(v)); }
  SPACEPORT_LANE static Vector count() { return Vector{0, 1, 2, 3}; }
  SPACEPORT_LANE static Vector products(Vector a, Vector b) {
    const uint8x16_t x = vreinterpretq_u8_s32(a), y = vreinterpretq_u8_s32(b);
    return vreinterpretq_s32_u16(vpaddq_u16(vmull_u8(vget_low_u8(x), vget_low_u8(y)), vmull_high_u8(x, y)));
  }
  SPACEPORT_LANE static Vector addShorts(Vector a, Vector b) { return vreinterpretq_s32_s16(vaddq_s16(vreinterpretq_s16_s32(a), vreinterpretq_s16_s32(b))); }
  SPACEPORT_LANE static Vector addInts(Vector a, Vector b) { return vaddq_s32(a, b); }
  template <int n>
  SPACEPORT_LANE static Vector whole(Vector v) { return vshlq_n_s32(vpaddlq_s16(vreinterpretq_s16_s32(v)), n); }
  SPACEPORT_LANE static Vector either(Vector a, Vector b) { return vorrq_s32(a, b); }
  SPACEPORT_LANE static Vector least(Vector a, Vector b) { return vminq_s32(a, b); }
  SPACEPORT_LANE static Vector most(Vector a, Vector b) { return vmaxq_s32(a, b); }
#endif
};

inline bool hasLanes() { return !SPACEPORT_X86 || hasAvx2(); }
#endif

}  // namespace spaceport
