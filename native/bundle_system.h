// The normal equations of a bundle adjustment, the points eliminated (Schur complement; Triggs et al. 1999, section 6).
#pragma once
#include "cholesky.h"
#include "scene.h"

namespace spaceport {

constexpr int kPoseSize = 6, kLensSize = 2;
constexpr int kPoseLanes = 8;  // a pose's numbers and two zeros, so that kernels and compilers have whole lanes

// Where each photo's and each lens's numbers stand in the reduced system; -1: held still. Lenses stand behind poses.
struct Layout {
  std::vector<int> pose, lens;
  int size = 0;
};

// One sight's residual (px) and slopes: by pose (turn, shift), by lens (log focal, k), and by the point.
struct Slopes {
  int pose, lens;
  double byPose[2][kPoseLanes], byLens[2][kLensSize], byPoint[2][3], error[2];
};

// False where the point lies behind the camera.
bool slopesOf(const Scene& scene, const Layout& at, const Track& track, const Sight& sight, Slopes& s);

// What one sight leaves behind for its point's own step: slopes of the point's equations by pose and by lens.
struct Tie {
  int pose, lens;
  double byPose[3][kPoseLanes], byLens[3][kLensSize];
};

// A point taken out of the equations.
struct Eliminated {
  Mat3 inverse{};
  Vec3 right{};
  size_t firstTie = 0, ties = 0;
};

struct Normals {
  SymmetricMatrix matrix;
  std::vector<double> right;
  std::vector<Tie> ties;   // the first `used` count
  size_t used = 0;

  explicit Normals(int size) : matrix(size), right(size, 0) {}
  // Begins again, in the same memory.
  void clear();
  // Adds a track's sights, ordered by their pose's place.
  Eliminated add(const std::vector<Slopes>& sights, double damping);
};

Mat3 inverse3(const Mat3& m);

}  // namespace spaceport
