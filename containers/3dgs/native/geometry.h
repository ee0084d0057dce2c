// From the slots of one group of Gaussians to the gradient by its parameters.
#pragma once
#include "frame.h"
#include "projection.h"

namespace splat {

// A slot as whole vectors; the last one may overlap the one before.
constexpr int PARTS = (SLOT + LANES - 1) / LANES;
constexpr int part_at(int p) { return p * LANES < SLOT - LANES ? p * LANES : SLOT - LANES; }

// Adds up the slots of the group's visible lanes, into SLOT rows of lanes; returns the visible lanes.
inline vi collect(const Frame& f, int i, int lanes, vf* sums) {
  alignas(64) float by_lane[LANES][SLOT] = {};
  vi seen = all_int(0);
  for (int l = 0; l < lanes; ++l) {
    const int count = (int)f.reaches[i + l].tiles;
    if (!count) continue;
    seen[l] = -1;
    const float* slot = f.slots.data() + (size_t)f.first_slot[i + l] * SLOT;
    vf parts[PARTS] = {};
    for (int e = 0; e < count; ++e, slot += SLOT)
      for (int p = 0; p < PARTS; ++p) parts[p] += load(slot + part_at(p));
    for (int p = 0; p < PARTS; ++p) store(by_lane[l] + part_at(p), parts[p]);
  }
  for (int k = 0; k < 9; ++k)
    for (int l = 0; l < LANES; ++l) sums[k][l] = by_lane[l][k];
  return seen;
}

// Gradient by the rotation matrix -> by the quaternion before normalisation.
SPLAT_INLINE void quaternion_gradient(const Projected& o, const vf* gr, vf* out) {
  const vf w = o.q[0], x = o.q[1], y = o.q[2], z = o.q[3], two = all(2.0f), four = all(4.0f);
  vf g[4];
  g[0] = two * (x * (gr[7] - gr[5]) + y * (gr[2] - gr[6]) + z * (gr[3] - gr[1]));
  g[1] = two * (y * (gr[1] + gr[3]) + z * (gr[2] + gr[6]) + w * (gr[7] - gr[5])) - four * x * (gr[4] + gr[8]);
  g[2] = two * (x * (gr[1] + gr[3]) + z * (gr[5] + gr[7]) + w * (gr[2] - gr[6])) - four * y * (gr[0] + gr[8]);
  g[3] = two * (x * (gr[2] + gr[6]) + y * (gr[5] + gr[7]) + w * (gr[3] - gr[1])) - four * z * (gr[0] + gr[4]);
  vf along = all(0.0f);
  for (int k = 0; k < 4; ++k) along += g[k] * o.q[k];
  for (int k = 0; k < 4; ++k) out[k] = (g[k] - along * o.q[k]) * o.q_inverse_norm;
}

// out: one vector a row of the model. Lanes that are not visible hold garbage.
SPLAT_INLINE void gradient_of(const Model& m, const Pose& p, int degree, int i, const vf* sums, Projected& o, vf* out) {
  project(m, p, i, o);
  // Colour: coefficients, then the direction.
  const int count = (degree + 1) * (degree + 1);
  vf basis[MAX_COEFFICIENTS], by_basis[MAX_COEFFICIENTS], rgb[3], by_rgb[3];
  harmonics(degree, o.dx, o.dy, o.dz, basis);
  colour_of(m, degree, i, basis, rgb);
  for (int c = 0; c < 3; ++c) by_rgb[c] = keep(rgb[c] > all(0.0f), sums[6 + c]);
  for (int k = 0; k < count; ++k) {
    by_basis[k] = all(0.0f);
    for (int c = 0; c < 3; ++c) {
      out[SH + 3 * k + c] = basis[k] * by_rgb[c];
      by_basis[k] += load(m.row(SH + 3 * k + c) + i) * by_rgb[c];
    }
  }
  for (int k = SH + 3 * count; k < m.rows; ++k) out[k] = all(0.0f);
  vf gx = all(0.0f), gy = gx, gz = gx;
  harmonics_gradient(degree, o.dx, o.dy, o.dz, by_basis, gx, gy, gz);
  const vf along = gx * o.dx + gy * o.dy + gz * o.dz;
  out[MEAN] = (gx - along * o.dx) * o.d_inverse_norm;
  out[MEAN + 1] = (gy - along * o.dy) * o.d_inverse_norm;
  out[MEAN + 2] = (gz - along * o.dz) * o.d_inverse_norm;

  out[OPACITY] = sums[0] * (all(1.0f) - o.opacity);
  const vf by_mx = o.ca * sums[1] + o.cb * sums[2], by_my = o.cb * sums[1] + o.cc * sums[2];
  // Conic -> covariance: dC = -K dK K, with the two off-diagonal entries counted together.
  const vf half = all(-0.5f), ka = half * sums[3], kb = half * sums[4], kc = half * sums[5];
  const vf t00 = ka * o.ca + kb * o.cb, t01 = ka * o.cb + kb * o.cc;
  const vf t10 = kb * o.ca + kc * o.cb, t11 = kb * o.cb + kc * o.cc;
  const vf by_xx = -(o.ca * t00 + o.cb * t10), by_yy = -(o.cb * t01 + o.cc * t11);
  const vf by_xy = -(o.ca * t01 + o.cb * t11) - (o.cb * t00 + o.cc * t10);
  // Covariance = sum over axes of (s J W R e)(s J W R e)^T.
  vf by_v[9], j00 = all(0.0f), j02 = j00, j11 = j00, j12 = j00;
  for (int k = 0; k < 3; ++k) {
    const vf s2 = o.s[k] * o.s[k], two = all(2.0f);
    const vf g0 = two * by_xx * o.k0[k] + by_xy * o.k1[k], g1 = two * by_yy * o.k1[k] + by_xy * o.k0[k];
    out[SCALE + k] = (g0 * o.k0[k] + g1 * o.k1[k]) * s2;  // by the logarithm of the scale
    const vf u0 = g0 * s2, u1 = g1 * s2;
    j00 += u0 * o.v[k], j02 += u0 * o.v[6 + k], j11 += u1 * o.v[3 + k], j12 += u1 * o.v[6 + k];
    by_v[k] = u0 * o.j00, by_v[3 + k] = u1 * o.j11, by_v[6 + k] = u0 * o.j02 + u1 * o.j12;
  }
  vf by_r[9];
  for (int a = 0; a < 3; ++a)
    for (int b = 0; b < 3; ++b) by_r[3 * a + b] = p.w[a] * by_v[b] + p.w[3 + a] * by_v[3 + b] + p.w[6 + a] * by_v[6 + b];
  quaternion_gradient(o, by_r, out + QUAT);
  // Camera-space position: through the centre in px and through the Jacobian (constant ratio where the clamp holds).
  const vf rz2 = o.rz * o.rz, j02_x = -p.fx * rz2 * j02, j12_y = -p.fy * rz2 * j12;
  const vf cx = p.fx * o.rz * by_mx + keep(o.inside_x, j02_x), cy = p.fy * o.rz * by_my + keep(o.inside_y, j12_y);
  vf cz = -(p.fx * o.px * by_mx + p.fy * o.py * by_my) * rz2 - p.fx * rz2 * j00 - p.fy * rz2 * j11;
  cz -= (choose(o.inside_x, all(2.0f), all(1.0f)) * o.tx * j02_x + choose(o.inside_y, all(2.0f), all(1.0f)) * o.ty * j12_y) * o.rz;
  for (int k = 0; k < 3; ++k) out[MEAN + k] += p.w[k] * cx + p.w[3 + k] * cy + p.w[6 + k] * cz;
}

}  // namespace splat
