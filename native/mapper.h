// One incremental reconstruction: from an initial pair, photo by photo (Schoenberger and Frahm 2016, section 2.2).
#pragma once
#include <map>

#include "essential.h"
#include "rehearse.h"

namespace spaceport {

class Mapper {
 public:
  Mapper(Scene& scene, const std::vector<PairMatches>& pairs, const std::vector<RehearsalPhoto>& photos, const RehearsalOptions& options);

  // Builds one model: from a pair of photos that are `allowed` (in no earlier model), with the others that are, then with those of earlier
  // models, as COLMAP's models share photos. The photos that joined, none where there is no initial pair.
  std::vector<int> build(const std::vector<uint8_t>& allowed);

  // Of every pair that was looked at for a beginning: angle, forward share, fitting share.
  std::vector<std::array<double, 3>> beginnings() const;

  std::vector<int> support;   // by photo, of the last model that it joined

 private:
  void mayStop() const;   // fails with Stopped
  bool begin(const std::vector<uint8_t>& allowed);
  bool tryInitial(int pair, int leastInliers, double leastAngleDeg);
  const RelativePose& poseOf(int pair);
  bool registerNext(const std::vector<uint8_t>& allowed);
  bool tryRegister(int photo);
  void extend(int photo);
  void adjustAround(int photo);
  void adjustAll();
  int mostTracks() const;

  Scene& scene_;
  const std::vector<PairMatches>& pairs_;
  const std::vector<RehearsalPhoto>& photos_;
  const RehearsalOptions options_;
  std::vector<int> order_;                 // pairs, most matches first
  std::map<int, RelativePose> poses_;      // by pair, as far as asked for
  std::vector<int> model_, failures_;
  size_t adjustedAt_ = 0;
  int shared_ = 0;                         // photos of this model that are in an earlier one
};

}  // namespace spaceport
