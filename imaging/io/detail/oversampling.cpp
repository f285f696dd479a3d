#include "imaging/io/detail/oversampling.h"

#include <algorithm>
#include <cmath>
#include <iterator>

// Eigen's own small FFT: reading files must not start FFTW and its plans.
#include <unsupported/Eigen/FFT>

#include "core/base/contract.h"

namespace bloch::imaging::detail {
namespace {

using Line = std::vector<std::complex<double>>;

void rotate_left(Line& line, std::size_t by) {
  std::rotate(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(by), line.end());
}

/// The samples of a narrow row that a wide row reaches, whose first and last acquired samples these are: all of
/// them unless a side is missing by a sample of the narrow row or more.
struct Reach {
  std::size_t first = 0, end = 0;
};

Reach reach_of(int wide, int narrow, std::ptrdiff_t first, std::ptrdiff_t last) {
  const double step = static_cast<double>(narrow) / wide;
  const auto missing = [&](std::ptrdiff_t samples) { return static_cast<double>(samples) * step >= 1; };
  const auto place = [&](double offset) {
    return static_cast<std::size_t>(narrow / 2 + static_cast<int>(offset));
  };
  Reach reach{0, static_cast<std::size_t>(narrow)};
  if (missing(first)) reach.first = place(std::ceil(static_cast<double>(first - wide / 2) * step));
  if (missing(wide - 1 - last)) reach.end = place(std::floor(static_cast<double>(last - wide / 2) * step)) + 1;
  return reach;
}

} // namespace

std::vector<std::complex<float>> without_oversampling(const std::vector<std::complex<float>>& wide, int kx,
                                                      int kept) {
  BLOCH_EXPECTS(kept >= 1 && kept <= kx && wide.size() % static_cast<std::size_t>(kx) == 0);
  const auto wide_row = static_cast<std::size_t>(kx);
  const auto row = static_cast<std::size_t>(kept);
  const std::size_t begin =
      wide_row / 2 - row / 2; // centre n / 2 of the wide image onto that of the narrow one
  // Eigen's inverse divides by n; both transforms together are unitary after this factor.
  const double scale = std::sqrt(static_cast<double>(wide_row)) / std::sqrt(static_cast<double>(row));
  std::vector<std::complex<float>> narrow(wide.size() / wide_row * row);
  Eigen::FFT<double> fft;
  Line line(wide_row);
  Line image(wide_row);
  for (std::size_t first = 0, to = 0; first < wide.size(); first += wide_row, to += row) {
    const auto from = wide.begin() + static_cast<std::ptrdiff_t>(first);
    const auto acquired = [](std::complex<float> v) { return v != std::complex<float>(0); };
    const auto begin_acquired = std::find_if(from, from + kx, acquired);
    if (begin_acquired == from + kx) continue;
    const auto end_acquired =
        std::find_if(std::make_reverse_iterator(from + kx), std::make_reverse_iterator(from), acquired);
    const Reach reach = reach_of(kx, kept, begin_acquired - from, end_acquired.base() - 1 - from);
    line.assign(from, from + kx);
    rotate_left(line, wide_row / 2);
    fft.inv(image, line);
    rotate_left(image, wide_row - wide_row / 2);
    Line middle(image.begin() + static_cast<std::ptrdiff_t>(begin),
                image.begin() + static_cast<std::ptrdiff_t>(begin + row));
    rotate_left(middle, row / 2);
    Line spectrum(row);
    fft.fwd(spectrum, middle);
    rotate_left(spectrum, row - row / 2);
    for (std::size_t i = reach.first; i < std::min(reach.end, row); ++i)
      narrow[to + i] = std::complex<float>(spectrum[i] * scale);
  }
  return narrow;
}

} // namespace bloch::imaging::detail
