// A grey picture of floats, 0..1, row by row.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace spaceport {

struct Image {
  int width = 0, height = 0;
  std::vector<float> pixels;

  Image() = default;
  Image(int w, int h) : width(w), height(h), pixels(size_t(w) * h) {}
  float* row(int y) { return pixels.data() + size_t(y) * width; }
  const float* row(int y) const { return pixels.data() + size_t(y) * width; }
};

// 8-bit grey to a float picture of another size. Down: area mean; up: bilinear. Pixel centres at integers + 0.5 are kept.
Image resample(const uint8_t* grey, int width, int height, int newWidth, int newHeight);

// Gaussian blur by `sigma` pixels; borders repeat the last pixel. The kernel ends at 4 sigma, as VLFeat's.
void blur(const Image& in, Image& out, double sigma);

// Every second pixel of every second row, beginning with the first.
Image halve(const Image& in);

}  // namespace spaceport
