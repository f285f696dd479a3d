#pragma once

// To be included before Highway: leaves out SSSE3, which differs little from SSE4 here, and instruction sets
// whose vectors have no fixed size (arrays of vectors are used).
#ifndef HWY_DISABLED_TARGETS
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)
#endif
