// Features of one grey picture.
#pragma once
#include <cstdint>
#include <vector>

namespace spaceport {

struct SiftOptions {
  int maxFeatures = 2500;
  int baseLong = 1280;  // long side of the finest octave, px; above the picture's own size it is upsampled
  bool everyPixel = false;  // descriptors by the slow twin
};

// A blob (blob.h). The finest octave is made only where the coarser ones do not yield `maxFeatures`.
std::vector<uint8_t> sift(const uint8_t* grey, int width, int height, const SiftOptions& options);

}  // namespace spaceport
