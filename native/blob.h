// How the features of one photo are laid out: what `features` returns, `match` reads, and the cache keeps. Little-endian.
//   0  'SPF1'   4  count (u32)   8  width px (u32)   12  height px (u32)   16..31  zero
//   32                count x 4 f32: x, y, scale (sigma), angle (its sign bit set: a dark blob); pixels of the grey picture, pixel centres at integers; largest scale first
//   32 + 16 * count   count x 128 u8: root-SIFT, Euclidean norm 512; left out where the bytes end here, as `rehearse` may be given them
#pragma once
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

namespace spaceport {

struct Keypoint {
  float x, y, scale, angle;
};

constexpr int kDescriptor = 128;
constexpr size_t kBlobHeader = 32;

// A view into a blob; owns nothing. `ok` is false where the bytes are not a blob.
struct Features {
  bool ok = false;
  uint32_t count = 0, width = 0, height = 0;
  const uint8_t* points = nullptr;
  const uint8_t* descriptors = nullptr;  // null: places only

  // Copied out: the bytes need not be aligned.
  Keypoint point(uint32_t i) const {
    Keypoint k;
    std::memcpy(&k, points + size_t(i) * sizeof k, sizeof k);
    return k;
  }
  bool isDark(uint32_t i) const { return std::signbit(point(i).angle); }
  const uint8_t* descriptor(uint32_t i) const { return descriptors + size_t(i) * kDescriptor; }
};

inline Features readBlob(const uint8_t* data, size_t size) {
  Features f;
  if (size < kBlobHeader || std::memcmp(data, "SPF1", 4) != 0) return f;
  std::memcpy(&f.count, data + 4, 4);
  std::memcpy(&f.width, data + 8, 4);
  std::memcpy(&f.height, data + 12, 4);
  const size_t places = kBlobHeader + size_t(f.count) * sizeof(Keypoint);
  if (size != places && size != places + size_t(f.count) * kDescriptor) return f;
  f.points = data + kBlobHeader;
  if (size > places) f.descriptors = data + places;
  f.ok = true;
  return f;
}

inline std::vector<uint8_t> writeBlob(uint32_t width, uint32_t height, const std::vector<Keypoint>& points, const std::vector<uint8_t>& descriptors) {
  const uint32_t count = uint32_t(points.size());
  std::vector<uint8_t> blob(kBlobHeader + size_t(count) * (sizeof(Keypoint) + kDescriptor), 0);
  std::memcpy(&blob[0], "SPF1", 4);
  std::memcpy(&blob[4], &count, 4);
  std::memcpy(&blob[8], &width, 4);
  std::memcpy(&blob[12], &height, 4);
  if (count == 0) return blob;
  std::memcpy(&blob[kBlobHeader], points.data(), size_t(count) * sizeof(Keypoint));
  std::memcpy(&blob[kBlobHeader + size_t(count) * sizeof(Keypoint)], descriptors.data(), descriptors.size());
  return blob;
}

}  // namespace spaceport
