// The Gaussians: one row of floats per parameter ("structure of arrays"), reserved to the cap before training starts.
#pragma once
#include <cstring>
#include <initializer_list>
#include <new>
#include "simd.h"

namespace splat {

// Rows. Colour coefficient k of channel c stands in row SH + 3 k + c.
enum Row { MEAN = 0, SCALE = 3, QUAT = 6, OPACITY = 10, SH = 11 };
constexpr int MAX_COEFFICIENTS = 16;
constexpr int MAX_ROWS = SH + 3 * MAX_COEFFICIENTS;

// Floats on 64-byte borders.
class Floats {
 public:
  Floats() = default;
  ~Floats() { release(); }
  Floats(const Floats&) = delete;
  Floats& operator=(const Floats&) = delete;
  // Grows to at least `count`; what was in it is lost when it grows.
  void reserve(size_t count) {
    if (count <= size_) return;
    release();
    size_ = 0;
    data_ = static_cast<float*>(::operator new(count * sizeof(float), std::align_val_t(64)));
    std::memset(data_, 0, count * sizeof(float));
    size_ = count;
  }
  // At least `count`, all zero.
  void clear(size_t count) {
    reserve(count);
    std::memset(data_, 0, size_ * sizeof(float));
  }
  float* data() { return data_; }
  const float* data() const { return data_; }

 private:
  void release() {
    if (data_) ::operator delete(data_, std::align_val_t(64));
    data_ = nullptr;
  }
  float* data_ = nullptr;
  size_t size_ = 0;
};

struct Model {
  int cap = 0, count = 0, degree = 0, rows = 0;
  size_t stride = 0;  // floats between rows; a multiple of 16
  Floats values, first, second;  // parameters and Adam's two moments

  Model(int cap_, int degree_) : cap(cap_), degree(degree_) {
    rows = SH + 3 * (degree + 1) * (degree + 1);
    stride = ((size_t)cap + 15) / 16 * 16;
    for (Floats* f : {&values, &first, &second}) f->reserve(rows * stride);
  }
  const float* row(int r) const { return values.data() + r * stride; }
};

// A pinhole camera: world to camera (row-major 3 x 4), focal lengths and principal point in px, size in px.
struct Camera {
  float view[12];
  float fx, fy, cx, cy;
  int32_t width, height;
};

}  // namespace splat
