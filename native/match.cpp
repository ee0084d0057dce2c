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
constexpr int kTall = 3;                       // rows that are compared with two blocks at once
constexpr int kPadded = 48;                    // rows come in chunks of so many
constexpr int kBlockBytes = kWide * kDescriptor;
constexpr int kIndexBits = 13, kIndexMask = (1 << kIndexBits) - 1;

// 7-bit copies of norm 250, so that a dot product (at most about 62,500) fits the 16 bits that the AVX2 kernel sums in.
SPACEPORT_INLINE void narrowBody(const uint8_t* in, uint8_t* out, int* sumOfSquares) {
  int sum = 0;
  for (int d = 0; d < kDescriptor; d++) {
    const int v = std::min(127, (in[d] * 125 + 128) >> 8);
    out[d] = uint8_t(v);
    sum += v * v;
  }
  *sumOfSquares = sum;
}
SPACEPORT_KERNEL(narrow, (const uint8_t* in, uint8_t* out, int* sumOfSquares), (in, out, sumOfSquares))

struct Rows {
  int count = 0, padded = 0;
  std::vector<uint8_t> bytes;  // row by row
  std::vector<float> norm;

  Rows(const Features& f, int use) {
    count = std::min({int(f.count), use > 0 ? use : kMostFeatures, kMostFeatures});
    padded = (count + kPadded - 1) / kPadded * kPadded;
    bytes.assign(size_t(padded) * kDescriptor, 0);
    norm.resize(padded, 1);
    for (int i = 0; i < count; i++) {
      int sum;
      narrow(f.descriptor(i), &bytes[size_t(i) * kDescriptor], &sum);
      norm[i] = std::sqrt(float(std::max(1, sum)));
    }
  }
  const uint8_t* row(int i) const { return &bytes[size_t(i) * kDescriptor]; }
};

// Eight rows a block, four bytes of each in turn: one 32-byte load holds dimensions 4g..4g+3 of eight descriptors.
std::vector<uint8_t> interleave(const Rows& rows) {
  std::vector<uint8_t> out(rows.bytes.size());
  for (int i = 0; i < rows.padded; i++)
    for (int d = 0; d < kDescriptor; d += 4)
      __builtin_memcpy(&out[size_t(i / kWide) * kBlockBytes + d * kWide + (i % kWide) * 4], rows.row(i) + d, 4);
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

// A dot product's two halves may pass 32,767 but not 65,535: they are summed from -32,768 on, as signed numbers. One multiplication then adds
// them and makes room for the index; kLow is what the two beginnings come to.
constexpr int kLow = -(1 << (16 + kIndexBits));

// Three descriptors against two blocks, offered to the three rows' tops and to the columns'. (Four and two need one register more than there are.)
SPACEPORT_AVX2 inline __attribute__((always_inline)) void scanTile(const uint8_t* from, const uint8_t* blocks, int i, __m256i index, Lanes rows[kTall], Lanes columns[2]) {
  __m256i sum[kTall][2];
  for (auto& each : sum) each[0] = each[1] = _mm256_set1_epi16(-32768);
#pragma GCC unroll 8
  for (int g = 0; g < kDescriptor / 4; g++) {
    const __m256i first = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(blocks + g * 4 * kWide));
    const __m256i second = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(blocks + kBlockBytes + g * 4 * kWide));
    for (int r = 0; r < kTall; r++) {
      int four;
      __builtin_memcpy(&four, from + r * kDescriptor + g * 4, 4);
      const __m256i one = _mm256_set1_epi32(four);
      sum[r][0] = _mm256_add_epi16(sum[r][0], _mm256_maddubs_epi16(first, one));
      sum[r][1] = _mm256_add_epi16(sum[r][1], _mm256_maddubs_epi16(second, one));
    }
  }
  for (int k = 0; k < 2; k++, index = _mm256_add_epi32(index, _mm256_set1_epi32(kWide)))
    for (int r = 0; r < kTall; r++) {
      const __m256i dots = _mm256_madd_epi16(sum[r][k], _mm256_set1_epi16(1 << kIndexBits));
      offerLanes(rows[r], _mm256_or_si256(dots, index));
      offerLanes(columns[k], _mm256_or_si256(dots, _mm256_set1_epi32(i + r)));
    }
}

// By chunks of rows, so that a chunk and its tops stay in the first cache while the blocks go by.
SPACEPORT_AVX2 void scanAvx2(const Rows& a, const Rows& b, Tops& rows, Tops& columns) {
  const std::vector<uint8_t> blocks = interleave(b);
  const __m256i step = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7), none = _mm256_set1_epi32(kLow);
  // Plain numbers, because memory that Node hands out for vectors need not lie on the lanes' boundaries.
  std::vector<int> columnTops(size_t(b.padded) * 2, kLow);
  for (int chunk = 0; chunk < a.padded; chunk += kPadded) {
    Lanes rowTops[kPadded];
    for (Lanes& top : rowTops) top = {none, none};
    for (int block = 0; block < b.padded / kWide; block += 2) {
      const __m256i index = _mm256_add_epi32(_mm256_set1_epi32(block * kWide), step);
      __m256i* kept = reinterpret_cast<__m256i*>(&columnTops[size_t(block) * 2 * kWide]);
      Lanes column[2] = {{_mm256_loadu_si256(kept), _mm256_loadu_si256(kept + 1)}, {_mm256_loadu_si256(kept + 2), _mm256_loadu_si256(kept + 3)}};
      for (int i = 0; i < kPadded; i += kTall) scanTile(a.row(chunk + i), &blocks[size_t(block) * kBlockBytes], chunk + i, index, rowTops + i, column);
      for (int k = 0; k < 2; k++) _mm256_storeu_si256(kept + 2 * k, column[k].best), _mm256_storeu_si256(kept + 2 * k + 1, column[k].second);
    }
    for (int i = chunk; i < std::min(a.count, chunk + kPadded); i++) {
      int tops[2 * kWide];
      __builtin_memcpy(tops, &rowTops[i - chunk], sizeof tops);
      for (int top : tops) rows.offer(i, top - kLow);
    }
  }
  for (int j = 0; j < b.count; j++) {
    const int* kept = &columnTops[size_t(j / kWide) * 2 * kWide + j % kWide];
    columns.best[j] = kept[0] - kLow, columns.second[j] = kept[kWide] - kLow;
  }
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
  // cos 0.7 is 0.7648: most fail here, without an arc cosine.
  if ((best >> kIndexBits) < 0.76f * norm * others[best & kIndexMask]) return -1;
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
