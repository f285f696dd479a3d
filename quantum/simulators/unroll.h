#pragma once

// Before a loop over vectors that must stay in registers: it has to be unrolled whole, and GCC gives up on its
// own at 16 of them.
#if defined(__clang__)
#define BLOCH_UNROLL _Pragma("clang loop unroll_count(32)")
#else
#define BLOCH_UNROLL _Pragma("GCC unroll 32")
#endif
