// Vectors of LANES floats, by the compilers' vector extensions (g++ and clang). 8 lanes with AVX2, else 4: 32-byte vectors
// on SSE2 are split by g++ through the stack, which made the loss three times slower.
#pragma once
#include <cmath>
#include <cstdint>
#if defined(__SSE2__)
#include <immintrin.h>
#endif

namespace splat {

#if defined(__AVX2__)
#define SPLAT_LANES 8
#else
#define SPLAT_LANES 4
#endif
constexpr int LANES = SPLAT_LANES;

typedef float vf __attribute__((vector_size(SPLAT_LANES * 4)));
typedef int32_t vi __attribute__((vector_size(SPLAT_LANES * 4)));
typedef uint32_t vu __attribute__((vector_size(SPLAT_LANES * 4)));
typedef float vf_loose __attribute__((vector_size(SPLAT_LANES * 4), aligned(4), may_alias));

#define SPLAT_INLINE static inline __attribute__((always_inline))

SPLAT_INLINE vf load(const float* p) { return *reinterpret_cast<const vf_loose*>(p); }
SPLAT_INLINE void store(float* p, vf v) { *reinterpret_cast<vf_loose*>(p) = v; }

#if SPLAT_LANES == 8
SPLAT_INLINE vf all(float s) { return vf{s, s, s, s, s, s, s, s}; }
SPLAT_INLINE vi all_int(int32_t s) { return vi{s, s, s, s, s, s, s, s}; }
SPLAT_INLINE vf lane_index() { return vf{0, 1, 2, 3, 4, 5, 6, 7}; }
#else
SPLAT_INLINE vf all(float s) { return vf{s, s, s, s}; }
SPLAT_INLINE vi all_int(int32_t s) { return vi{s, s, s, s}; }
SPLAT_INLINE vf lane_index() { return vf{0, 1, 2, 3}; }
#endif

SPLAT_INLINE vf keep(vi mask, vf v) { return (vf)(mask & (vi)v); }
SPLAT_INLINE vf choose(vi mask, vf a, vf b) { return (vf)((mask & (vi)a) | (~mask & (vi)b)); }

#if SPLAT_LANES == 8
SPLAT_INLINE vf smaller(vf a, vf b) { return (vf)_mm256_min_ps((__m256)a, (__m256)b); }
SPLAT_INLINE vf larger(vf a, vf b) { return (vf)_mm256_max_ps((__m256)a, (__m256)b); }
SPLAT_INLINE vf root(vf a) { return (vf)_mm256_sqrt_ps((__m256)a); }
SPLAT_INLINE vf reciprocal_guess(vf a) { return (vf)_mm256_rcp_ps((__m256)a); }
SPLAT_INLINE int lane_bits(vi mask) { return _mm256_movemask_ps((__m256)mask); }
SPLAT_INLINE vf to_float(vi a) { return (vf)_mm256_cvtepi32_ps((__m256i)a); }
SPLAT_INLINE vi to_int(vf a) { return (vi)_mm256_cvttps_epi32((__m256)a); }
#elif defined(__SSE2__)
SPLAT_INLINE vf smaller(vf a, vf b) { return (vf)_mm_min_ps((__m128)a, (__m128)b); }
SPLAT_INLINE vf larger(vf a, vf b) { return (vf)_mm_max_ps((__m128)a, (__m128)b); }
SPLAT_INLINE vf root(vf a) { return (vf)_mm_sqrt_ps((__m128)a); }
SPLAT_INLINE vf reciprocal_guess(vf a) { return (vf)_mm_rcp_ps((__m128)a); }
SPLAT_INLINE int lane_bits(vi mask) { return _mm_movemask_ps((__m128)mask); }
SPLAT_INLINE vf to_float(vi a) { return (vf)_mm_cvtepi32_ps((__m128i)a); }
SPLAT_INLINE vi to_int(vf a) { return (vi)_mm_cvttps_epi32((__m128)a); }
#else
SPLAT_INLINE vf smaller(vf a, vf b) { return choose(a < b, a, b); }
SPLAT_INLINE vf larger(vf a, vf b) { return choose(a > b, a, b); }
SPLAT_INLINE vf root(vf a) {
  for (int i = 0; i < LANES; ++i) a[i] = std::sqrt(a[i]);
  return a;
}
SPLAT_INLINE vf reciprocal_guess(vf a) { return all(1.0f) / a; }
SPLAT_INLINE int lane_bits(vi mask) {
  int bits = 0;
  for (int i = 0; i < LANES; ++i) bits |= (mask[i] < 0) << i;
  return bits;
}
SPLAT_INLINE vf to_float(vi a) {
  vf r;
  for (int i = 0; i < LANES; ++i) r[i] = (float)a[i];
  return r;
}
SPLAT_INLINE vi to_int(vf a) {
  vi r;
  for (int i = 0; i < LANES; ++i) r[i] = (int32_t)a[i];
  return r;
}
#endif

// 1/a to about 1e-7: the guess has 12 bits, one Newton step doubles them.
SPLAT_INLINE vf reciprocal(vf a) {
  vf r = reciprocal_guess(a);
  return r * (all(2.0f) - a * r);
}

SPLAT_INLINE float sum_of(vf v) {
  float s[LANES];
  store(s, v);
#if SPLAT_LANES == 8
  return ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]));
#else
  return (s[0] + s[2]) + (s[1] + s[3]);
#endif
}

// 2^x for x in [-120, 120], relative error 2e-7; garbage outside, which callers mask. Needs round-to-nearest addition
// (the magic number), so -ffast-math would break it silently.
template <int COUNT>
SPLAT_INLINE void exp2_group(const vf* x, vf* out) {
  const vf magic = all(12582912.0f);  // 1.5 * 2^23
  const float c[] = {9.675459745e-3f, 5.550742616e-2f, 2.402212175e-1f, 6.931469492e-1f, 1.000000071f};
  vf shifted[COUNT], f[COUNT];
  for (int i = 0; i < COUNT; ++i) shifted[i] = x[i] + magic;
  for (int i = 0; i < COUNT; ++i) f[i] = x[i] - (shifted[i] - magic);
  for (int i = 0; i < COUNT; ++i) out[i] = all(1.326697039e-3f);
  for (float k : c)
    for (int i = 0; i < COUNT; ++i) out[i] = out[i] * f[i] + all(k);
  for (int i = 0; i < COUNT; ++i) out[i] = (vf)((vi)out[i] + ((vi)shifted[i] << 23));
}

SPLAT_INLINE vf exp2_lanes(vf x) {
  vf out;
  exp2_group<1>(&x, &out);
  return out;
}

SPLAT_INLINE vf exp_lanes(vf x) {
  vf y = x * all(1.44269504f);
  return exp2_lanes(larger(smaller(y, all(120.0f)), all(-120.0f)));
}

}  // namespace splat
