// One group of LANES Gaussians seen by a camera: EWA projection as in gsplat (Zwicker et al. 2001, "EWA Splatting"; the
// frustum clamp and the 0.3 px dilation as in 3DGS). Every intermediate that the gradient needs is kept in the struct.
#pragma once
#include "harmonics.h"
#include "model.h"

namespace splat {

constexpr float DILATION_PX2 = 0.3f;
constexpr float NEAR_PLANE = 0.01f;
constexpr float ALPHA_MIN = 1.0f / 255.0f;
constexpr float ALPHA_MAX = 0.999f;
constexpr float LOG2_ALPHA_MIN = -7.99435344f;
constexpr float LOG2E = 1.44269504f;

struct Pose {
  vf w[9], t[3], centre[3];  // rotation, translation, camera centre in the world
  vf fx, fy, cx, cy, x_low, x_high, y_low, y_high;
};

inline Pose pose_of(const Camera& c) {
  Pose p;
  for (int i = 0; i < 3; ++i) {
    for (int j = 0; j < 3; ++j) p.w[3 * i + j] = all(c.view[4 * i + j]);
    p.t[i] = all(c.view[4 * i + 3]);
  }
  for (int j = 0; j < 3; ++j)
    p.centre[j] = all(-(c.view[j] * c.view[3] + c.view[4 + j] * c.view[7] + c.view[8 + j] * c.view[11]));
  p.fx = all(c.fx), p.fy = all(c.fy), p.cx = all(c.cx), p.cy = all(c.cy);
  const float tan_x = 0.5f * c.width / c.fx, tan_y = 0.5f * c.height / c.fy;
  p.x_high = all((c.width - c.cx) / c.fx + 0.3f * tan_x), p.x_low = all(-(c.cx / c.fx + 0.3f * tan_x));
  p.y_high = all((c.height - c.cy) / c.fy + 0.3f * tan_y), p.y_low = all(-(c.cy / c.fy + 0.3f * tan_y));
  return p;
}

struct Projected {
  vf px, py, pz, rz;        // camera space, 1 / depth
  vf tx, ty;                // clamped position for the Jacobian
  vi inside_x, inside_y;    // lanes where the clamp did nothing
  vf q[4], q_inverse_norm;  // unit quaternion (w, x, y, z)
  vf r[9], s[3];            // rotation of the Gaussian, scales
  vf v[9];                  // W R
  vf j00, j02, j11, j12;    // Jacobian of the projection
  vf k0[3], k1[3];          // rows of J W R
  vf xx, xy, yy;            // dilated covariance in px^2
  vf ca, cb, cc;            // conic, its inverse
  vf mx, my;                // centre in px
  vf opacity;
  vf dx, dy, dz, d_inverse_norm;  // unit direction from the camera
};

SPLAT_INLINE void rotation_of(const vf* q, vf* r) {
  const vf one = all(1.0f), two = all(2.0f);
  const vf w = q[0], x = q[1], y = q[2], z = q[3];
  r[0] = one - two * (y * y + z * z), r[1] = two * (x * y - w * z), r[2] = two * (x * z + w * y);
  r[3] = two * (x * y + w * z), r[4] = one - two * (x * x + z * z), r[5] = two * (y * z - w * x);
  r[6] = two * (x * z - w * y), r[7] = two * (y * z + w * x), r[8] = one - two * (x * x + y * y);
}

SPLAT_INLINE void read_shape(const Model& m, int i, Projected& o) {
  vf n = all(1e-24f);
  for (int k = 0; k < 4; ++k) {
    o.q[k] = load(m.row(QUAT + k) + i);
    n += o.q[k] * o.q[k];
  }
  o.q_inverse_norm = all(1.0f) / root(n);
  for (int k = 0; k < 4; ++k) o.q[k] *= o.q_inverse_norm;
  rotation_of(o.q, o.r);
  for (int k = 0; k < 3; ++k) o.s[k] = exp_lanes(load(m.row(SCALE + k) + i));
}

// Lanes in front of the camera; the rest of `o` is meaningless in other lanes.
SPLAT_INLINE vi project(const Model& m, const Pose& p, int i, Projected& o) {
  const vf x = load(m.row(MEAN) + i), y = load(m.row(MEAN + 1) + i), z = load(m.row(MEAN + 2) + i);
  o.px = p.w[0] * x + p.w[1] * y + p.w[2] * z + p.t[0];
  o.py = p.w[3] * x + p.w[4] * y + p.w[5] * z + p.t[1];
  o.pz = p.w[6] * x + p.w[7] * y + p.w[8] * z + p.t[2];
  const vi front = o.pz > all(NEAR_PLANE);
  o.pz = choose(front, o.pz, all(1.0f));
  o.rz = all(1.0f) / o.pz;
  read_shape(m, i, o);
  for (int a = 0; a < 3; ++a)
    for (int b = 0; b < 3; ++b)
      o.v[3 * a + b] = p.w[3 * a] * o.r[b] + p.w[3 * a + 1] * o.r[3 + b] + p.w[3 * a + 2] * o.r[6 + b];
  const vf ux = o.px * o.rz, uy = o.py * o.rz;
  o.inside_x = (ux >= p.x_low) & (ux <= p.x_high), o.inside_y = (uy >= p.y_low) & (uy <= p.y_high);
  o.tx = o.pz * smaller(larger(ux, p.x_low), p.x_high), o.ty = o.pz * smaller(larger(uy, p.y_low), p.y_high);
  o.j00 = p.fx * o.rz, o.j02 = -p.fx * o.tx * o.rz * o.rz;
  o.j11 = p.fy * o.rz, o.j12 = -p.fy * o.ty * o.rz * o.rz;
  o.xx = all(DILATION_PX2), o.xy = all(0.0f), o.yy = all(DILATION_PX2);
  for (int k = 0; k < 3; ++k) {
    o.k0[k] = o.j00 * o.v[k] + o.j02 * o.v[6 + k];
    o.k1[k] = o.j11 * o.v[3 + k] + o.j12 * o.v[6 + k];
    const vf s2 = o.s[k] * o.s[k];
    o.xx += o.k0[k] * o.k0[k] * s2, o.xy += o.k0[k] * o.k1[k] * s2, o.yy += o.k1[k] * o.k1[k] * s2;
  }
  const vf inverse = all(1.0f) / larger(o.xx * o.yy - o.xy * o.xy, all(1e-12f));
  o.ca = o.yy * inverse, o.cb = -o.xy * inverse, o.cc = o.xx * inverse;
  o.mx = p.fx * ux + p.cx, o.my = p.fy * uy + p.cy;
  o.opacity = all(1.0f) / (all(1.0f) + exp_lanes(-load(m.row(OPACITY) + i)));
  const vf ex = x - p.centre[0], ey = y - p.centre[1], ez = z - p.centre[2];
  o.d_inverse_norm = all(1.0f) / root(ex * ex + ey * ey + ez * ez + all(1e-24f));
  o.dx = ex * o.d_inverse_norm, o.dy = ey * o.d_inverse_norm, o.dz = ez * o.d_inverse_norm;
  return front;
}

// Colour before the clamp at zero.
SPLAT_INLINE void colour_of(const Model& m, int degree, int i, const vf* basis, vf* rgb) {
  const int count = (degree + 1) * (degree + 1);
  for (int c = 0; c < 3; ++c) rgb[c] = all(0.5f);
  for (int k = 0; k < count; ++k)
    for (int c = 0; c < 3; ++c) rgb[c] += basis[k] * load(m.row(SH + 3 * k + c) + i);
}

}  // namespace splat
