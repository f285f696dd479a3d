#pragma once

#include <array>
#include <span>
#include <string>

#include "imaging/operators/aligned.h"

namespace bloch::imaging {

/// How FFTs are planned whose length has a prime factor above 127; all others need no planning. Measured plans
/// are kept per machine in cache_folder() and used again as they are, so that a second run plans nothing.
enum class FftPlanning {
  estimate, ///< no measuring and no file: what tests use
  measure   ///< the default
};
void set_fft_planning(FftPlanning planning);
/// SHA-256 over all lengths transformed so far and the plans of those that needed one: the same hash computes
/// the same bits on the same processor. Empty when none was made.
std::string fft_plan_hash();

/// Centred, unitary FFT in place along the chosen axes (x, y, z) of `count` arrays [z][y][x], one after
/// another. DC is at index n / 2 on both sides; parallel over arrays, or over lines when there is one array.
void centred_fft(std::span<Complex> arrays, std::array<int, 3> size, std::array<bool, 3> axes, bool inverse);

/// exp(2 pi i c j / n) with c = n / 2, the factor that turns an uncentred transform into a centred one; scaled
/// by `scale`.
ComplexBuffer centring_factors(int length, float scale);
/// What a centred transform multiplies each frequency of an uncentred one with, when its samples have been
/// multiplied with the centring factors; times scale.
ComplexBuffer centred_phases(int length, float scale);

} // namespace bloch::imaging
