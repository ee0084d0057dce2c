#include "match.h"

#include <algorithm>
#include <cmath>

#include "target.h"
#if SPACEPORT_X86
#include <immintrin.h>
#endif

namespace spaceport {

namespace {

constexpr int kWide = 8;                       // descriptors side by side in a block
constexpr int kBlockBytes = kWide * kDescriptor;
constexpr int kIndexBits = 13, kIndexMask = (1 << kIndexBits) - 1;

// 7-bit copies of norm 250, so that a dot product (at most about 62,500) fits the 16 bits that the AVX2 kernel sums in.
inline uint8_t narrow(uint8_t v) { return uint8_t(std::min(127, (v * 125 + 128) >> 8)); }

struct Rows {
  int count = 0, padded = 0;
  std::vector<uint8_t> bytes;  // row by row
  std::vector<float> norm;

  Rows(const Features& f, int use) {
    count = std::min({int(f.count), use > 0 ? use : kMostFeatures, kMostFeatures});
    padded = (count + kWide - 1) / kWide * kWide;
    bytes.assign(size_t(padded) * kDescriptor, 0);
    norm.resize(padded, 1);
    for (int i = 0; i < count; i++) {
      int sum = 0;
      for (int d = 0; d < kDescriptor; d++) {
        const int v = bytes[size_t(i) * kDescriptor + d] = narrow(f.descriptor(i)[d]);
        sum += v * v;
      }
      norm[i] = std::sqrt(float(std::max(1, sum)));
    }
  }
  const uint8_t* row(int i) const { return &bytes[size_t(i) * kDescriptor]; }
};

// Eight rows a block, four bytes of each in turn: one 32-byte load holds dimensions 4g..4g+3 of eight descriptors.
std::vector<uint8_t> interleave(const Rows& rows) {
  std::vector<uint8_t> out(rows.bytes.size());
  for (int i = 0; i < rows.padded; i++)
    for (int d = 0; d < kDescriptor; d++)
      out[size_t(i / kWide) * kBlockBytes + (d / 4) * 4 * kWide + (i % kWide) * 4 + d % 4] = rows.row(i)[d];
  return out;
}

// Best and second best of each row and of each column, as dot << 13 | index of the other.
struct Tops {
  std::vector<int> best, second;
  explicit Tops(int n) : best(n, 0), second(n, 0) {}
  void offer(int i, int value) {
    second[i] = std::max(second[i], std::min(best[i], value));
    best[i] = std::max(best[i], value);
  }
};

void scanPlain(const Rows& a, const Rows& b, Tops& rows, Tops& columns) {
  for (int i = 0; i < a.count; i++)
    for (int j = 0; j < b.count; j++) {
      int dot = 0;
      for (int d = 0; d < kDescriptor; d++) dot += a.row(i)[d] * b.row(j)[d];
      rows.offer(i, dot << kIndexBits | j);
      columns.offer(j, dot << kIndexBits | i);
    }
}

#if SPACEPORT_X86
struct Lanes {
  __m256i best, second;
};

SPACEPORT_AVX2 inline __attribute__((always_inline)) void offerLanes(Lanes& top, __m256i value) {
  top.second = _mm256_max_epi32(top.second, _mm256_min_epi32(top.best, value));
  top.best = _mm256_max_epi32(top.best, value);
}

// Dot products of 16 halves are summed in 16 bits and may pass 32,767 but not 65,535: read them back as unsigned.
SPACEPORT_AVX2 inline __attribute__((always_inline)) __m256i wholeDots(__m256i halves) {
  const __m256i dots = _mm256_add_epi32(_mm256_and_si256(halves, _mm256_set1_epi32(0xffff)), _mm256_srli_epi32(halves, 16));
  return _mm256_slli_epi32(dots, kIndexBits);
}

SPACEPORT_AVX2 void scanAvx2(const Rows& a, const Rows& b, Tops& rows, Tops& columns) {
  const std::vector<uint8_t> blocks = interleave(b);
  const __m256i step = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  std::vector<int> store(size_t(a.padded) * 2 * kWide, 0);
  for (int block = 0; block < b.padded / kWide; block++) {
    const uint8_t* base = &blocks[size_t(block) * kBlockBytes];
    const __m256i index = _mm256_add_epi32(_mm256_set1_epi32(block * kWide), step);
    Lanes column = {_mm256_setzero_si256(), _mm256_setzero_si256()};
    for (int i = 0; i < a.padded; i += 4) {
      __m256i sum[4] = {_mm256_setzero_si256(), _mm256_setzero_si256(), _mm256_setzero_si256(), _mm256_setzero_si256()};
      const uint8_t* from = a.row(i);
      for (int g = 0; g < kDescriptor / 4; g++) {
        const __m256i eight = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(base + g * 4 * kWide));
        for (int r = 0; r < 4; r++) {
          int four;
          __builtin_memcpy(&four, from + r * kDescriptor + g * 4, 4);
          sum[r] = _mm256_add_epi16(sum[r], _mm256_maddubs_epi16(eight, _mm256_set1_epi32(four)));
        }
      }
      for (int r = 0; r < 4; r++) {
        const __m256i dots = wholeDots(sum[r]);
        __m256i* kept = reinterpret_cast<__m256i*>(&store[size_t(i + r) * 2 * kWide]);
        Lanes row = {_mm256_loadu_si256(kept), _mm256_loadu_si256(kept + 1)};
        offerLanes(row, _mm256_or_si256(dots, index));
        _mm256_storeu_si256(kept, row.best);
        _mm256_storeu_si256(kept + 1, row.second);
        offerLanes(column, _mm256_or_si256(dots, _mm256_set1_epi32(i + r)));
      }
    }
    int best[kWide], second[kWide];
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(best), column.best);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(second), column.second);
    for (int k = 0; k < kWide && block * kWide + k < b.count; k++) {
      columns.best[block * kWide + k] = best[k];
      columns.second[block * kWide + k] = second[k];
    }
  }
  for (int i = 0; i < a.count; i++)
    for (int k = 0; k < 2 * kWide; k++) rows.offer(i, store[size_t(i) * 2 * kWide + k]);
}
#endif

void scan(const Rows& a, const Rows& b, Tops& rows, Tops& columns) {
#if SPACEPORT_X86
  if (hasAvx2()) return scanAvx2(a, b, rows, columns);
#endif
  scanPlain(a, b, rows, columns);
}

// The ratio and distance tests on angles, as COLMAP's FindBestMatches; -1 where they fail.
int accepted(int best, int second, float norm, const std::vector<float>& others) {
  if (best == 0) return -1;
  const float angle = std::acos(std::min(1.f, (best >> kIndexBits) / (norm * others[best & kIndexMask])));
  const float next = std::acos(std::min(1.f, (second >> kIndexBits) / (norm * others[second & kIndexMask])));
  return angle > kDistance || angle >= kRatio * next ? -1 : best & kIndexMask;
}

std::vector<Match> mutual(const Rows& a, const Rows& b, const Tops& rows, const Tops& columns) {
  std::vector<Match> matches;
  for (int i = 0; i < a.count; i++) {
    const int j = accepted(rows.best[i], rows.second[i], a.norm[i], b.norm);
    if (j >= 0 && accepted(columns.best[j], columns.second[j], b.norm[j], a.norm) == i) matches.push_back({i, j});
  }
  return matches;
}

}  // namespace

std::vector<Match> matchMutual(const Features& fa, const Features& fb, int use) {
  const Rows a(fa, use), b(fb, use);
  Tops rows(a.count), columns(b.count);
  scan(a, b, rows, columns);
  return mutual(a, b, rows, columns);
}

std::vector<Match> matchMutualSlow(const Features& fa, const Features& fb, int use) {
  const Rows a(fa, use), b(fb, use);
  Tops rows(a.count), columns(b.count);
  scanPlain(a, b, rows, columns);
  return mutual(a, b, rows, columns);
}

}  // namespace spaceport
