// What ends a computation before its time. The WASM build has no exceptions: it traps, and its JavaScript side says what happened.
#pragma once
#include <exception>
#include <new>

namespace spaceport {

template <typename Failure>
[[noreturn]] inline void fail(const Failure& failure) {
#if defined(__cpp_exceptions)
  throw failure;
#else
  (void)failure;
  __builtin_trap();
#endif
}

}  // namespace spaceport
