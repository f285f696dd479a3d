#include "imaging/io/detail/oversampling.h"

#include <algorithm>
#include <cmath>

// Eigen's own small FFT: reading files must not start FFTW and its plans.
#include <unsupported/Eigen/FFT>

#include "core/base/contract.h"

namespace bloch::imaging::detail {
namespace {

using Line = std::vector<std::complex<double>>;

void rotate_left(Line& line, std::size_t by) {
  std::rotate(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(by), line.end());
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
    if (std::all_of(from, from + kx, [](std::complex<float> v) { return v == std::complex<float>(0); }))
      continue;
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
    for (std::size_t i = 0; i < row; ++i) narrow[to + i] = std::complex<float>(spectrum[i] * scale);
  }
  return narrow;
}

} // namespace bloch::imaging::detail
