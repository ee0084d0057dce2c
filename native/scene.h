// A reconstruction under way: photos with poses, tracks, and the points that they have become.
#pragma once
#include <vector>

#include "blob.h"
#include "linear.h"

namespace spaceport {

// COLMAP's SIMPLE_RADIAL, the middle of the picture as its centre. Photos of one camera share it.
struct Lens {
  double focal = 1, k = 0;   // px of the grey picture
  double focalStart = 1;
  double sizePx = 800;       // long side
};

// x_camera = rotation * x + translation.
struct Pose {
  Mat3 rotation = {1, 0, 0, 0, 1, 0, 0, 0, 1};
  Vec3 translation{};
  Vec3 centre() const { return -1.0 * times(transpose(rotation), translation); }
};

// Where one photo sees a track: px from the middle of the picture.
struct Sight {
  int photo;
  int feature;
  double x, y;
  bool used = false;   // belongs to the triangulated point
};

struct Track {
  std::vector<Sight> sights;
  bool made = false;   // triangulated
  Vec3 point{};
};

struct Scene {
  std::vector<int> lensOf;          // by photo
  std::vector<Lens> lenses;
  std::vector<Pose> poses;          // by photo
  std::vector<uint8_t> registered;  // by photo
  std::vector<Track> tracks;
  std::vector<std::vector<std::pair<int, int>>> seen;  // by photo: (track, sight)
  std::vector<int> visible;         // by photo: triangulated tracks among those seen

  // Every change of Track::made goes through here, so that `visible` stays true without counting again.
  void setMade(Track& track, bool made) {
    if (track.made != made)
      for (const Sight& s : track.sights) visible[s.photo] += made ? 1 : -1;
    track.made = made;
  }

  const Lens& lens(int photo) const { return lenses[lensOf[photo]]; }
  // Thresholds in COLMAP are told for 1600 px.
  double pixels(int photo, double at1600) const { return at1600 * lens(photo).sizePx / 1600; }
};

// Pixels of a point in camera coordinates with positive depth.
inline void project(const Lens& lens, const Vec3& c, double& x, double& y) {
  const double u = c[0] / c[2], v = c[1] / c[2], d = lens.focal * (1 + lens.k * (u * u + v * v));
  x = d * u, y = d * v;
}

// The undistorted ray (third coordinate 1) through a pixel.
inline Vec3 rayOf(const Lens& lens, double x, double y) {
  const double u = x / lens.focal, v = y / lens.focal;
  double scale = 1;
  for (int turn = 0; turn < 6; turn++) scale = 1 / std::max(0.3, 1 + lens.k * (u * u + v * v) * scale * scale);
  return {u * scale, v * scale, 1};
}

// Squared reprojection error in pixels, or a huge number behind the camera.
inline double errorSquared(const Lens& lens, const Pose& pose, const Vec3& point, double x, double y) {
  const Vec3 c = times(pose.rotation, point) + pose.translation;
  if (c[2] <= 1e-9) return 1e18;
  double px, py;
  project(lens, c, px, py);
  return (px - x) * (px - x) + (py - y) * (py - y);
}

// The rotation by `w` radians (Rodrigues).
inline Mat3 rotationBy(const Vec3& w) {
  const double a = length(w);
  if (a < 1e-12) return {1, -w[2], w[1], w[2], 1, -w[0], -w[1], w[0], 1};
  const Vec3 n = (1 / a) * w;
  const double c = std::cos(a), s = std::sin(a), k = 1 - c;
  return {c + k * n[0] * n[0],        k * n[0] * n[1] - s * n[2], k * n[0] * n[2] + s * n[1],
          k * n[0] * n[1] + s * n[2], c + k * n[1] * n[1],        k * n[1] * n[2] - s * n[0],
          k * n[0] * n[2] - s * n[1], k * n[1] * n[2] + s * n[0], c + k * n[2] * n[2]};
}

}  // namespace spaceport
