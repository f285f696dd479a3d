#pragma once

// Included before Highway by every *_simd.cpp: which processors get code of their own.
// On x86 three: SSE4.2 (every 64-bit machine since 2010; Highway with g++ 12 would fall back to scalar code, 10
// x slower, below it), AVX2 and AVX-512. Elsewhere Highway's own choice.
#if defined(__x86_64__)
#define HWY_BASELINE_TARGETS HWY_SSE4
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_AVX3_DL)
#endif
