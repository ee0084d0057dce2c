// Real spherical harmonics up to degree 3 with the signs of 3DGS, and their derivatives along x, y, z.
// Source: Sloan, "Efficient Spherical Harmonic Evaluation", 2013, as polynomials of the unit direction.
#pragma once
#include "simd.h"

namespace splat {

SPLAT_INLINE void harmonics(int degree, vf x, vf y, vf z, vf* b) {
  b[0] = all(0.28209479177387814f);
  if (degree < 1) return;
  const vf c1 = all(0.4886025119029199f);
  b[1] = -c1 * y;
  b[2] = c1 * z;
  b[3] = -c1 * x;
  if (degree < 2) return;
  const vf xx = x * x, yy = y * y, zz = z * z;
  b[4] = all(1.0925484305920792f) * x * y;
  b[5] = all(-1.0925484305920792f) * y * z;
  b[6] = all(0.31539156525252005f) * (all(2.0f) * zz - xx - yy);
  b[7] = all(-1.0925484305920792f) * x * z;
  b[8] = all(0.5462742152960396f) * (xx - yy);
  if (degree < 3) return;
  b[9] = all(-0.5900435899266435f) * y * (all(3.0f) * xx - yy);
  b[10] = all(2.890611442640554f) * x * y * z;
  b[11] = all(-0.4570457994644658f) * y * (all(4.0f) * zz - xx - yy);
  b[12] = all(0.3731763325901154f) * z * (all(2.0f) * zz - all(3.0f) * xx - all(3.0f) * yy);
  b[13] = all(-0.4570457994644658f) * x * (all(4.0f) * zz - xx - yy);
  b[14] = all(1.445305721320277f) * z * (xx - yy);
  b[15] = all(-0.5900435899266435f) * x * (xx - all(3.0f) * yy);
}

// Adds to (gx, gy, gz) the gradient by the direction, where w[k] is the gradient by basis value k.
SPLAT_INLINE void harmonics_gradient(int degree, vf x, vf y, vf z, const vf* w, vf& gx, vf& gy, vf& gz) {
  if (degree < 1) return;
  const vf c1 = all(0.4886025119029199f);
  gx -= c1 * w[3];
  gy -= c1 * w[1];
  gz += c1 * w[2];
  if (degree < 2) return;
  const vf a = all(1.0925484305920792f), c6 = all(0.31539156525252005f), c8 = all(1.0925484305920792f);
  const vf two = all(2.0f), six = all(6.0f);
  gx += a * (y * w[4] - z * w[7]) - two * c6 * x * w[6] + c8 * x * w[8];
  gy += a * (x * w[4] - z * w[5]) - two * c6 * y * w[6] - c8 * y * w[8];
  gz += -a * (y * w[5] + x * w[7]) + all(4.0f) * c6 * z * w[6];
  if (degree < 3) return;
  const vf xx = x * x, yy = y * y, zz = z * z, three = all(3.0f), four = all(4.0f);
  const vf k9 = all(-0.5900435899266435f), k10 = all(2.890611442640554f), k11 = all(-0.4570457994644658f);
  const vf k12 = all(0.3731763325901154f), k14 = all(1.445305721320277f);
  gx += k9 * six * x * y * w[9] + k10 * y * z * w[10] - k11 * two * x * y * w[11] - k12 * six * x * z * w[12] +
        k11 * (four * zz - three * xx - yy) * w[13] + k14 * two * x * z * w[14] + k9 * three * (xx - yy) * w[15];
  gy += k9 * three * (xx - yy) * w[9] + k10 * x * z * w[10] + k11 * (four * zz - xx - three * yy) * w[11] -
        k12 * six * y * z * w[12] - k11 * two * x * y * w[13] - k14 * two * y * z * w[14] - k9 * six * x * y * w[15];
  gz += k10 * x * y * w[10] + k11 * all(8.0f) * y * z * w[11] + k12 * (six * zz - three * xx - three * yy) * w[12] +
        k11 * all(8.0f) * x * z * w[13] + k14 * (xx - yy) * w[14];
}

}  // namespace splat
