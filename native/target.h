// One kernel, two builds. A kernel's body is written once as an always-inline function; SPACEPORT_KERNEL makes a plain and an
// AVX2 function of it and a dispatcher that asks the processor once. Contraction is off, so both give the same bits.
#pragma once

#define SPACEPORT_INLINE static inline __attribute__((always_inline))

#include <cstdlib>

#if defined(__x86_64__)
#define SPACEPORT_X86 1
#define SPACEPORT_AVX2 __attribute__((target("avx2")))
namespace spaceport {
inline bool hasAvx2() {
  // SPACEPORT_PLAIN=1 asks for the plain kernels: for tests, and for a machine whose AVX2 is in doubt.
  static const bool has = (__builtin_cpu_init(), __builtin_cpu_supports("avx2") != 0 && !std::getenv("SPACEPORT_PLAIN"));
  return has;
}
}  // namespace spaceport
#else
#define SPACEPORT_X86 0
#define SPACEPORT_AVX2
namespace spaceport {
inline bool hasAvx2() { return false; }
}  // namespace spaceport
#endif

#define SPACEPORT_KERNEL(name, params, args)               \
  static void name##Plain params { name##Body args; }      \
  SPACEPORT_AVX2 static void name##Avx2 params { name##Body args; } \
  static void name params {                                \
    if (hasAvx2())                                         \
      name##Avx2 args;                                     \
    else                                                   \
      name##Plain args;                                    \
  }
