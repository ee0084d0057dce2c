// One step of Adam (Kingma and Ba 2015) for the Gaussians in the picture, fused with their gradient so that no gradient is
// stored; and the exploration noise of "3D Gaussian Splatting as Markov Chain Monte Carlo" (Kheradmand et al. 2024, eq. 8-9)
// for all of them.
#include <algorithm>
#include "geometry.h"

namespace splat {
namespace {

constexpr float NOISE_OPACITY_LIMIT = 0.15f;  // sigmoid(100 (0.005 - opacity)) is below 1e-6 above this

SPLAT_INLINE void move(Model& m, int row, int i, vi seen, vf g, float rate, const Rates& r) {
  const size_t at = row * m.stride + i;
  float *value = m.values.data() + at, *first = m.first.data() + at, *second = m.second.data() + at;
  const vf m0 = load(first), v0 = load(second), p0 = load(value);
  const vf m1 = m0 * all(r.beta1) + g * all(1 - r.beta1), v1 = v0 * all(r.beta2) + g * g * all(1 - r.beta2);
  const vf step = all(rate * r.correction1) * m1 / root(v1 * all(r.correction2) + all(r.epsilon));
  store(first, choose(seen, m1, m0)), store(second, choose(seen, v1, v0)), store(value, choose(seen, p0 - step, p0));
}

void adam(Model& m, int degree, int i, vi seen, const Projected& o, vf* g, const Rates& r) {
  g[OPACITY] += all(r.opacity_decay) * o.opacity * (all(1.0f) - o.opacity);
  for (int k = 0; k < 3; ++k) g[SCALE + k] += all(r.scale_decay) * o.s[k];
  const int rows = SH + 3 * (degree + 1) * (degree + 1);
  for (int row = 0; row < rows; ++row) {
    const float rate = row < SCALE ? r.mean : row < QUAT ? r.scale : row < OPACITY ? r.quat : row < SH ? r.opacity
                       : row < SH + 3 ? r.sh0 : r.sh_rest;
    move(m, row, i, seen, g[row], rate, r);
  }
}

// A hash of (seed, step, Gaussian, axis) instead of a generator with a state: the same whatever the threads, and a resumed run
// needs only its step. Mixing: "lowbias32" (Wellons 2018).
SPLAT_INLINE vu mix(vu x) {
  x ^= x >> 16;
  x *= (vu)all_int(0x7feb352d);
  x ^= x >> 15;
  x *= (vu)all_int((int32_t)0x846ca68bu);
  return x ^ (x >> 16);
}

// About normal, variance 1: the sum of four uniform numbers (16 bits each), which is within 0.4 % of the normal distribution.
SPLAT_INLINE vf bell(vu key) {
  const vu a = mix(key), b = mix(key ^ (vu)all_int(0x5bd1e995)), low = (vu)all_int(0xffff);
  const vi sum = (vi)((a & low) + (a >> 16) + (b & low) + (b >> 16));
  return (to_float(sum) - all(131070.0f)) * all(1.7320508f / 65536.0f);
}

void shake(Model& m, int i, const Rates& r) {
  const vf opacity = all(1.0f) / (all(1.0f) + exp_lanes(-load(m.row(OPACITY) + i)));
  if (!lane_bits(opacity < all(NOISE_OPACITY_LIMIT))) return;
  Projected o;
  read_shape(m, i, o);
  const vf size = all(r.noise) / (all(1.0f) + exp_lanes(all(100.0f) * (opacity - all(0.005f))));
  const uint32_t key = (r.seed * 0x9e3779b9u) ^ (r.step * 0x85ebca6bu);
  vf local[3];
  const vu lane = (vu)(to_int(lane_index()) + all_int(i));
  vf noise[3];
  for (int k = 0; k < 3; ++k) noise[k] = bell(mix(lane * (vu)all_int(4) + (vu)all_int(k)) ^ (vu)all_int((int32_t)key)) * size;
  for (int k = 0; k < 3; ++k)
    local[k] = (o.r[k] * noise[0] + o.r[3 + k] * noise[1] + o.r[6 + k] * noise[2]) * o.s[k] * o.s[k];
  for (int a = 0; a < 3; ++a) {
    float* mean = m.values.data() + (MEAN + a) * m.stride + i;
    store(mean, load(mean) + o.r[3 * a] * local[0] + o.r[3 * a + 1] * local[1] + o.r[3 * a + 2] * local[2]);
  }
}

template <typename Visit>
void each_group(const Model& m, Pool& pool, Visit visit) {
  pool.run((m.count + SPAN - 1) / SPAN, [&](int task, int) {
    const int end = std::min(m.count, (task + 1) * SPAN);
    for (int i = task * SPAN; i < end; i += LANES) visit(i, std::min(LANES, end - i));
  });
}

}  // namespace

void update(Model& m, const Camera& camera, int degree, Frame& f, const Rates& r, Pool& pool) {
  const Pose pose = pose_of(camera);
  each_group(m, pool, [&](int i, int lanes) {
    vf sums[SLOT], g[MAX_ROWS];
    const vi seen = collect(f, i, lanes, sums);
    if (lane_bits(seen)) {
      Projected o;
      gradient_of(m, pose, degree, i, sums, o, g);
      adam(m, degree, i, seen, o, g, r);
    }
    if (r.noise > 0) shake(m, i, r);
  });
}

void parameter_gradient(const Model& m, const Camera& camera, int degree, Frame& f, float* out, Pool& pool) {
  const Pose pose = pose_of(camera);
  std::fill_n(out, m.rows * m.stride, 0.0f);
  each_group(m, pool, [&](int i, int lanes) {
    vf sums[SLOT], g[MAX_ROWS];
    const vi seen = collect(f, i, lanes, sums);
    if (!lane_bits(seen)) return;
    Projected o;
    gradient_of(m, pose, degree, i, sums, o, g);
    for (int row = 0; row < m.rows; ++row) store(out + row * m.stride + i, keep(seen, g[row]));
  });
}

}  // namespace splat
