#include "match.h"

#include <algorithm>
#include <cmath>

#include "lanes.h"
#include "target.h"

namespace spaceport {

namespace {

constexpr int kTall = 3;     // rows that are compared with two blocks at once
constexpr int kPadded = 48;  // rows come in chunks of so many
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

// The features of one kind (dark blobs or bright ones) among those that count.
struct Rows {
  int count = 0, padded = 0;
  std::vector<uint8_t> bytes;  // row by row
  std::vector<float> norm;
  std::vector<int> number;     // of the feature

  Rows(const Features& f, int use, bool dark) {
    const int most = std::min({int(f.count), use > 0 ? use : kMostFeatures, kMostFeatures});
    for (int i = 0; i < most; i++)
      if (f.isDark(i) == dark) number.push_back(i);
    count = int(number.size());
    padded = (count + kPadded - 1) / kPadded * kPadded;
    bytes.assign(size_t(padded) * kDescriptor, 0);
    norm.resize(padded, 1);
    for (int i = 0; i < count; i++) {
      int sum;
      narrow(f.descriptor(number[i]), &bytes[size_t(i) * kDescriptor], &sum);
      norm[i] = std::sqrt(float(std::max(1, sum)));
    }
  }
  const uint8_t* row(int i) const { return &bytes[size_t(i) * kDescriptor]; }
};

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

#if SPACEPORT_LANES
// `wide` rows a block, four bytes of each in turn: one load holds dimensions 4g..4g+3 of that many descriptors.
std::vector<uint8_t> interleave(const Rows& rows, int wide) {
  std::vector<uint8_t> out(rows.bytes.size());
  for (int i = 0; i < rows.count; i++)
    for (int d = 0; d < kDescriptor; d += 4)
      __builtin_memcpy(&out[size_t(i / wide) * wide * kDescriptor + d * wide + (i % wide) * 4], rows.row(i) + d, 4);
  return out;
}

constexpr int kWide = Lanes::kInts, kBlockBytes = kWide * kDescriptor;

struct Best {
  Lanes::Vector best, second;
};

SPACEPORT_LANE void offerLanes(Best& top, Lanes::Vector value) {
  top.second = Lanes::most(top.second, Lanes::least(top.best, value));
  top.best = Lanes::most(top.best, value);
}

// A dot product's two halves may pass 32,767 but not 65,535: they are summed from -32,768 on, as signed numbers. Lanes::whole then adds
// them and makes room for the index; kLow is what the two beginnings come to.
constexpr int kLow = -(1 << (16 + kIndexBits));

// Three descriptors against two blocks, offered to the three rows' tops and to the columns'. (Four and two need one register more than AVX2 has.)
SPACEPORT_LANE void scanTile(const uint8_t* from, const uint8_t* blocks, int i, Lanes::Vector index, Best rows[kTall], Best columns[2]) {
  Lanes::Vector sum[kTall][2];
  for (auto& each : sum) each[0] = each[1] = Lanes::shorts(-32768);
#pragma GCC unroll 8
  for (int g = 0; g < kDescriptor / 4; g++) {
    const Lanes::Vector first = Lanes::load(blocks + g * 4 * kWide), second = Lanes::load(blocks + kBlockBytes + g * 4 * kWide);
    for (int r = 0; r < kTall; r++) {
      int four;
      __builtin_memcpy(&four, from + r * kDescriptor + g * 4, 4);
      const Lanes::Vector one = Lanes::ints(four);
      sum[r][0] = Lanes::addShorts(sum[r][0], Lanes::products(first, one));
      sum[r][1] = Lanes::addShorts(sum[r][1], Lanes::products(second, one));
    }
  }
  for (int k = 0; k < 2; k++, index = Lanes::addInts(index, Lanes::ints(kWide)))
    for (int r = 0; r < kTall; r++) {
      const Lanes::Vector dots = Lanes::whole<kIndexBits>(sum[r][k]);
      offerLanes(rows[r], Lanes::either(dots, index));
      offerLanes(columns[k], Lanes::either(dots, Lanes::ints(i + r)));
    }
}

// One chunk of rows against every block, so that the chunk and its tops stay in the first cache while the blocks go by.
SPACEPORT_LANE_FUNCTION void scanChunk(const Rows& a, int chunk, int blocks, const uint8_t* bytes, int* columnTops, Best* rowTops) {
  const int tall = (std::min(kPadded, a.count - chunk) + kTall - 1) / kTall * kTall;
  for (int block = 0; block < blocks; block += 2) {
    const Lanes::Vector index = Lanes::addInts(Lanes::ints(block * kWide), Lanes::count());
    int* kept = columnTops + size_t(block) * 2 * kWide;
    Best column[2];
    for (int k = 0; k < 2; k++) column[k] = {Lanes::load(kept + 2 * k * kWide), Lanes::load(kept + (2 * k + 1) * kWide)};
    for (int i = 0; i < tall; i += kTall) scanTile(a.row(chunk + i), bytes + size_t(block) * kBlockBytes, chunk + i, index, rowTops + i, column);
    for (int k = 0; k < 2; k++) Lanes::store(kept + 2 * k * kWide, column[k].best), Lanes::store(kept + (2 * k + 1) * kWide, column[k].second);
  }
}

SPACEPORT_LANE_FUNCTION void scanLanes(const Rows& a, const Rows& b, Tops& rows, Tops& columns) {
  const std::vector<uint8_t> bytes = interleave(b, kWide);
  const int blocks = (b.count + 2 * kWide - 1) / (2 * kWide) * 2;
  // Plain numbers, because memory that Node hands out for vectors need not lie on the lanes' boundaries.
  std::vector<int> columnTops(size_t(b.padded) * 2, kLow);
  for (int chunk = 0; chunk < a.count; chunk += kPadded) {
    Best rowTops[kPadded];
    for (Best& top : rowTops) top = {Lanes::ints(kLow), Lanes::ints(kLow)};
    scanChunk(a, chunk, blocks, bytes.data(), columnTops.data(), rowTops);
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
#if SPACEPORT_LANES
  if (hasLanes()) return scanLanes(a, b, rows, columns);
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

void addMutual(const Rows& a, const Rows& b, const Tops& rows, const Tops& columns, std::vector<Match>& matches) {
  for (int i = 0; i < a.count; i++) {
    const int j = accepted(rows.best[i], rows.second[i], a.norm[i], b.norm);
    if (j >= 0 && accepted(columns.best[j], columns.second[j], b.norm[j], a.norm) == i) matches.push_back({a.number[i], b.number[j]});
  }
}

using Scan = void (*)(const Rows&, const Rows&, Tops&, Tops&);

// Dark blobs with dark ones, bright with bright: the gradients around the two kinds point the other way, so that their descriptors are far apart. Of
// 419,132 matches of 760 pairs one was lost by leaving out the other kind, and 95 were won whose second best was of that.
std::vector<Match> matchBy(Scan scanKind, const Features& fa, const Features& fb, int use) {
  std::vector<Match> matches;
  for (const bool dark : {false, true}) {
    const Rows a(fa, use, dark), b(fb, use, dark);
    if (a.count == 0 || b.count == 0) continue;
    Tops rows(a.count), columns(b.count);
    scanKind(a, b, rows, columns);
    addMutual(a, b, rows, columns, matches);
  }
  std::sort(matches.begin(), matches.end());
  return matches;
}

}  // namespace

std::vector<Match> matchMutual(const Features& fa, const Features& fb, int use) { return matchBy(scan, fa, fb, use); }

std::vector<Match> matchMutualSlow(const Features& fa, const Features& fb, int use) { return matchBy(scanPlain, fa, fb, use); }

}  // namespace spaceport
