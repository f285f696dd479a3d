#pragma once

#include <cstddef>

#include "imaging/operators/aligned.h"

namespace bloch::imaging {

/// Filters of one wavelet step; taps is 2, 4 or 8.
struct WaveletFilters {
  int taps = 4;
  const float* low = nullptr;
  const float* high = nullptr;
};

/// low[i] = sum_t filters.low[t] rows[t][i], high likewise: one step across rows.
void analyse_across(const WaveletFilters& filters, const Complex* const* rows, Complex* low, Complex* high,
                    std::size_t count);
/// low[k] = sum_t filters.low[t] row[2k + t]: one step along a row of 2 * half + taps - 2 samples.
void analyse_along(const WaveletFilters& filters, const Complex* row, Complex* low, Complex* high,
                   std::size_t half);
/// The adjoint across: low and high point to taps / 2 rows, newest first; gives the even and the odd row.
void synthesise_across(const WaveletFilters& filters, const Complex* const* low, const Complex* const* high,
                       Complex* even, Complex* odd, std::size_t count);
/// The adjoint along: low[k - s], high[k - s] for s < taps / 2 must exist (a halo in front of the rows).
void synthesise_along(const WaveletFilters& filters, const Complex* low, const Complex* high, Complex* row,
                      std::size_t half);

} // namespace bloch::imaging
