// A grey picture of floats, 0..1, row by row.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>

namespace spaceport {

// Puts a picture's memory on the thread's shelf, see image.cpp.
struct GiveBack {
  size_t bytes = 0;
  void operator()(float* memory) const;
};

// Rows begin `stride` floats apart, a whole number of lanes, so that kernels need no tail; what lies behind a row's end has no meaning.
// The memory is not cleared.
struct Image {
  int width = 0, height = 0, stride = 0;

  Image() = default;
  Image(int w, int h);
  float* row(int y) { return pixels.get() + size_t(y) * stride; }
  const float* row(int y) const { return pixels.get() + size_t(y) * stride; }
  size_t size() const { return size_t(stride) * height; }

  std::unique_ptr<float[], GiveBack> pixels;
};

// 8-bit grey to a float picture of another size. Down: area mean; up: bilinear. Pixel centres at integers + 0.5 are kept.
Image resample(const uint8_t* grey, int width, int height, int newWidth, int newHeight);

// Gaussian blur by `sigma` pixels; borders repeat the last pixel. The kernel ends at 4 sigma, as VLFeat's.
// `difference`: out - in, made along the way.
void blur(const Image& in, Image& out, double sigma, Image* difference = nullptr);

// Every second pixel of every second row, beginning with the first.
Image halve(const Image& in);

}  // namespace spaceport
