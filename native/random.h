// A small seeded generator (splitmix64, Steele et al. 2014): the same seed gives the same sequence on every machine.
#pragma once
#include <cstdint>

namespace spaceport {

struct Random {
  uint64_t state;
  explicit Random(uint64_t seed) : state(seed) {}
  uint64_t next() {
    uint64_t z = (state += 0x9e3779b97f4a7c15ull);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
  }
  // 0..n-1
  int below(int n) { return int((next() >> 32) * uint64_t(n) >> 32); }
  double unit() { return double(next() >> 11) * 0x1.0p-53; }

  // `count` different numbers below n.
  void choose(int n, int count, int* out) {
    for (int i = 0; i < count; i++) {
      bool again = true;
      while (again) {
        out[i] = below(n);
        again = false;
        for (int k = 0; k < i; k++) again = again || out[k] == out[i];
      }
    }
  }
};

}  // namespace spaceport
