// CRC-64/NVME and SHA-256 in one pass over the bytes, with the processor's own instructions where it has them (x86: PCLMULQDQ, SHA).
// A SHA-256 may go on over several calls: its state is 40 bytes (eight words, then the length so far), which can be kept and taken up again.
#include <node_api.h>

#include <cstdint>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#define SPACEPORT_X86 1
#endif

namespace {

constexpr uint64_t kPolynomial = 0x9a6c9329ac4bc9b5ull;  // reflected

struct Table {
  uint64_t at[8][256];
  Table() {
    for (int byte = 0; byte < 256; byte++) {
      uint64_t crc = byte;
      for (int bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ kPolynomial : crc >> 1;
      at[0][byte] = crc;
    }
    for (int slice = 1; slice < 8; slice++)
      for (int byte = 0; byte < 256; byte++) at[slice][byte] = (at[slice - 1][byte] >> 8) ^ at[0][at[slice - 1][byte] & 255];
  }
};
const Table table;

// The register after more bytes; `crc` is the raw register, neither inverted before nor after.
uint64_t tableCrc(uint64_t crc, const uint8_t* bytes, size_t size) {
  for (; size >= 8; bytes += 8, size -= 8) {
    uint64_t word;
    std::memcpy(&word, bytes, 8);
    word ^= crc;
    crc = 0;
    for (int slice = 0; slice < 8; slice++) crc ^= table.at[7 - slice][(word >> (8 * slice)) & 255];
  }
  for (; size > 0; bytes++, size--) crc = (crc >> 8) ^ table.at[0][(crc ^ *bytes) & 255];
  return crc;
}

#ifdef SPACEPORT_X86

// x^n modulo the polynomial, reflected: bit 63 stands for x^0.
uint64_t powerOfX(int n) {
  uint64_t power = 1ull << 63;
  for (int step = 0; step < n; step++) power = power & 1 ? (power >> 1) ^ kPolynomial : power >> 1;
  return power;
}

struct Fold {
  uint64_t low, high;
  // Moves 128 bits by `distance` bits: a product of reflected words carries one x too many, hence the minus one.
  explicit Fold(int distance) : low(powerOfX(distance + 63)), high(powerOfX(distance - 1)) {}
};
const Fold by1024(1024), by128(128);

__attribute__((target("sse4.1,pclmul"))) inline __m128i fold(__m128i x, __m128i keys, __m128i next) {
  const __m128i low = _mm_clmulepi64_si128(x, keys, 0x00);
  const __m128i high = _mm_clmulepi64_si128(x, keys, 0x11);
  return _mm_xor_si128(_mm_xor_si128(low, high), next);
}

// Folding by carry-less multiplication (Gopal et al., "Fast CRC Computation for Generic Polynomials Using PCLMULQDQ", Intel 2009).
__attribute__((target("sse4.1,pclmul"))) uint64_t foldedCrc(uint64_t crc, const uint8_t* bytes, size_t size) {
  if (size < 256) return tableCrc(crc, bytes, size);
  const __m128i far = _mm_set_epi64x(static_cast<long long>(by1024.high), static_cast<long long>(by1024.low));
  const __m128i near = _mm_set_epi64x(static_cast<long long>(by128.high), static_cast<long long>(by128.low));
  const auto load = [](const uint8_t* at) __attribute__((target("sse4.1,pclmul"))) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(at)); };
  __m128i lane[8];
  for (int i = 0; i < 8; i++) lane[i] = load(bytes + 16 * i);
  lane[0] = _mm_xor_si128(lane[0], _mm_set_epi64x(0, static_cast<long long>(crc)));
  bytes += 128;
  size -= 128;
  for (; size >= 128; bytes += 128, size -= 128)
    for (int i = 0; i < 8; i++) lane[i] = fold(lane[i], far, load(bytes + 16 * i));
  __m128i one = lane[0];
  for (int i = 1; i < 8; i++) one = fold(one, near, lane[i]);
  for (; size >= 16; bytes += 16, size -= 16) one = fold(one, near, load(bytes));
  uint8_t rest[16];
  _mm_storeu_si128(reinterpret_cast<__m128i*>(rest), one);
  return tableCrc(tableCrc(0, rest, 16), bytes, size);
}

alignas(16) const uint32_t kRound[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74,
    0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d,
    0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e,
    0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5,
    0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

#define SPACEPORT_SHA __attribute__((target("sse4.1,ssse3,sha")))

// The instructions want the words as ABEF and CDGH.
struct Words {
  __m128i abef, cdgh;
};

SPACEPORT_SHA inline Words loadWords(const uint32_t* state) {
  const __m128i cdab = _mm_shuffle_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(state)), 0xB1);
  const __m128i efgh = _mm_shuffle_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(state + 4)), 0x1B);
  return {_mm_alignr_epi8(cdab, efgh, 8), _mm_blend_epi16(efgh, cdab, 0xF0)};
}

SPACEPORT_SHA inline void storeWords(uint32_t* state, const Words& words) {
  const __m128i feba = _mm_shuffle_epi32(words.abef, 0x1B);
  const __m128i dchg = _mm_shuffle_epi32(words.cdgh, 0xB1);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(state), _mm_blend_epi16(feba, dchg, 0xF0));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(state + 4), _mm_alignr_epi8(dchg, feba, 8));
}

// One or two digests over the same blocks: the message schedule is made once, and the second digest runs in the first one's latency.
template <int Count>
SPACEPORT_SHA void shaBlocks(uint32_t* const states[Count], const uint8_t* bytes, size_t blocks) {
  const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0bll, 0x0405060700010203ll);
  Words words[Count];
  for (int n = 0; n < Count; n++) words[n] = loadWords(states[n]);
  for (; blocks > 0; blocks--, bytes += 64) {
    Words before[Count];
    for (int n = 0; n < Count; n++) before[n] = words[n];
    __m128i message[4];
#pragma GCC unroll 16
    for (int i = 0; i < 16; i++) {
      if (i < 4) {
        message[i] = _mm_shuffle_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes + 16 * i)), swap);
      } else {
        const __m128i seven = _mm_alignr_epi8(message[(i - 1) & 3], message[(i - 2) & 3], 4);
        const __m128i sum = _mm_add_epi32(_mm_sha256msg1_epu32(message[i & 3], message[(i - 3) & 3]), seven);
        message[i & 3] = _mm_sha256msg2_epu32(sum, message[(i - 1) & 3]);
      }
      const __m128i low = _mm_add_epi32(message[i & 3], _mm_load_si128(reinterpret_cast<const __m128i*>(kRound + 4 * i)));
      const __m128i high = _mm_shuffle_epi32(low, 0x0E);
      for (int n = 0; n < Count; n++) words[n].cdgh = _mm_sha256rnds2_epu32(words[n].cdgh, words[n].abef, low);
      for (int n = 0; n < Count; n++) words[n].abef = _mm_sha256rnds2_epu32(words[n].abef, words[n].cdgh, high);
    }
    for (int n = 0; n < Count; n++) {
      words[n].abef = _mm_add_epi32(words[n].abef, before[n].abef);
      words[n].cdgh = _mm_add_epi32(words[n].cdgh, before[n].cdgh);
    }
  }
  for (int n = 0; n < Count; n++) storeWords(states[n], words[n]);
}
#endif

const bool hasFold =
#ifdef SPACEPORT_X86
    __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("sse4.1");
#else
    false;
#endif

// CPUID leaf 7, EBX bit 29; compilers before 2023 have no name for it in __builtin_cpu_supports.
bool shaInstructions() {
#ifdef SPACEPORT_X86
  uint32_t eax = 7, ebx, ecx = 0, edx;
  __asm__("cpuid" : "+a"(eax), "=b"(ebx), "+c"(ecx), "=d"(edx));
  return (ebx >> 29 & 1) && __builtin_cpu_supports("ssse3") && __builtin_cpu_supports("sse4.1");
#else
  return false;
#endif
}
const bool hasSha = shaInstructions();

uint64_t crc64(const uint8_t* bytes, size_t size) {
#ifdef SPACEPORT_X86
  if (hasFold) return ~foldedCrc(~0ull, bytes, size);
#endif
  return ~tableCrc(~0ull, bytes, size);
}

struct Sha {
  uint32_t words[8];
  uint64_t length;
};
constexpr size_t kShaBytes = sizeof(Sha);
const Sha kFresh = {{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19}, 0};

#ifdef SPACEPORT_X86
// Pads and closes: `tail` are the last bytes, fewer than a block, `length` all bytes of the digest.
void finishSha(Sha& sha, const uint8_t* tail, size_t tailSize, uint8_t* digest) {
  uint8_t block[128] = {0};
  if (tailSize > 0) std::memcpy(block, tail, tailSize);
  block[tailSize] = 0x80;
  const size_t blocks = tailSize < 56 ? 1 : 2;
  const uint64_t bitLength = sha.length * 8;
  for (int i = 0; i < 8; i++) block[blocks * 64 - 1 - i] = static_cast<uint8_t>(bitLength >> (8 * i));
  uint32_t* const states[1] = {sha.words};
  shaBlocks<1>(states, block, blocks);
  for (int i = 0; i < 8; i++)
    for (int byte = 0; byte < 4; byte++) digest[4 * i + byte] = static_cast<uint8_t>(sha.words[i] >> (24 - 8 * byte));
}
#endif

struct Bytes {
  uint8_t* data = nullptr;
  size_t size = 0;
};

bool bytesOf(napi_env env, napi_value value, Bytes& bytes) {
  napi_typedarray_type type;
  void* data = nullptr;
  if (napi_get_typedarray_info(env, value, &type, &bytes.size, &data, nullptr, nullptr) != napi_ok || type != napi_uint8_array) {
    napi_throw_type_error(env, nullptr, "expected a Uint8Array");
    return false;
  }
  bytes.data = static_cast<uint8_t*>(data);
  return true;
}

napi_value numberFrom(napi_env env, uint64_t value) {
  napi_value result;
  napi_create_bigint_uint64(env, value, &result);
  return result;
}

// crc64(bytes): bigint
napi_value Crc64(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value argument;
  napi_get_cb_info(env, info, &count, &argument, nullptr, nullptr);
  Bytes bytes;
  if (count < 1 || !bytesOf(env, argument, bytes)) return nullptr;
  return numberFrom(env, crc64(bytes.data, bytes.size));
}

#ifdef SPACEPORT_X86
// sha256(bytes, digest, state | undefined, whole | undefined): the digest of `bytes` into `digest`. `state` (40 bytes) goes on over them; where
// `whole` is given, they are its last ones and its digest is written there. Only the last piece of a state may have a length that is no multiple of 64.
napi_value Sha256(napi_env env, napi_callback_info info) {
  size_t count = 4;
  napi_value arguments[4];
  napi_get_cb_info(env, info, &count, arguments, nullptr, nullptr);
  Bytes bytes, digest, state, whole;
  if (!bytesOf(env, arguments[0], bytes) || !bytesOf(env, arguments[1], digest)) return nullptr;
  napi_valuetype kind;
  napi_typeof(env, arguments[2], &kind);
  const bool goesOn = kind != napi_undefined;
  napi_typeof(env, arguments[3], &kind);
  const bool ends = goesOn && kind != napi_undefined;
  if ((goesOn && !bytesOf(env, arguments[2], state)) || (ends && !bytesOf(env, arguments[3], whole))) return nullptr;
  const size_t blocks = bytes.size / 64, tail = bytes.size % 64;
  if (digest.size != 32 || (goesOn && state.size != kShaBytes) || (ends && whole.size != 32) || (goesOn && !ends && tail != 0)) {
    napi_throw_range_error(env, nullptr, "a digest has 32 bytes, a state 40, and only its last piece may be no multiple of 64");
    return nullptr;
  }
  Sha own = kFresh, chain;
  own.length = bytes.size;
  if (goesOn) {
    std::memcpy(&chain, state.data, kShaBytes);
    chain.length += bytes.size;
    uint32_t* const states[2] = {own.words, chain.words};
    shaBlocks<2>(states, bytes.data, blocks);
    if (ends) finishSha(chain, bytes.data + blocks * 64, tail, whole.data);
    std::memcpy(state.data, &chain, kShaBytes);
  } else {
    uint32_t* const states[1] = {own.words};
    shaBlocks<1>(states, bytes.data, blocks);
  }
  finishSha(own, bytes.data + blocks * 64, tail, digest.data);
  return nullptr;
}

napi_value FreshState(napi_env env, napi_callback_info) {
  void* data;
  napi_value result;
  napi_create_buffer_copy(env, kShaBytes, &kFresh, &data, &result);
  return result;
}
#endif

void add(napi_env env, napi_value exports, const char* name, napi_callback call) {
  napi_value function;
  napi_create_function(env, name, NAPI_AUTO_LENGTH, call, nullptr, &function);
  napi_set_named_property(env, exports, name, function);
}

}  // namespace

NAPI_MODULE_INIT() {
  add(env, exports, "crc64", Crc64);
#ifdef SPACEPORT_X86
  // Without the instructions Node's own SHA-256 is faster than any loop here.
  if (hasSha) {
    add(env, exports, "sha256", Sha256);
    add(env, exports, "freshState", FreshState);
  }
#endif
  return exports;
}
