#include "imaging/operators/fft.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <vector>

#include "core/base/contract.h"
#include "imaging/operators/block_fft.h"
#include "imaging/operators/block_fft_stages.h"
#include "imaging/operators/complex_math.h"
#include "imaging/parallel/parallel_for.h"

namespace bloch::imaging {

ComplexBuffer centring_factors(int length, float scale) {
  ComplexBuffer factors(static_cast<std::size_t>(length));
  const long long centre = length / 2;
  for (long long j = 0; j < length; ++j) {
    const double angle = 2 * std::numbers::pi * static_cast<double>((centre * j) % length) / length;
    factors[static_cast<std::size_t>(j)] = Complex(std::polar(static_cast<double>(scale), angle));
  }
  return factors;
}

ComplexBuffer centred_phases(int length, float scale) {
  ComplexBuffer phases = centring_factors(length, scale);
  const long long centre = length / 2;
  const double angle = -2 * std::numbers::pi * static_cast<double>((centre * centre) % length) / length;
  const Complex constant(std::polar(1.0, angle));
  for (Complex& phase : phases) phase *= constant;
  return phases;
}

namespace {

/// One axis of a centred, unitary transform by an uncentred one that leaves its frequencies in an order of its
/// own.
struct CentredAxis {
  const BlockFft& fft;
  ComplexBuffer before, after;                        ///< factors of the samples on either side
  std::vector<std::size_t> place_before, place_after; ///< row of the block for each sample on either side
  bool inverse;

  CentredAxis(int length, bool back)
      : fft(BlockFft::of_length(length))
      , before(centring_factors(length, 1))
      , after(centred_phases(length, 1 / std::sqrt(static_cast<float>(length))))
      , place_before(before.size())
      , place_after(before.size())
      , inverse(back) {
    std::iota(place_before.begin(), place_before.end(), std::size_t{0});
    for (std::size_t place = 0; place < place_after.size(); ++place)
      place_after[static_cast<std::size_t>(fft.frequencies()[place])] = place;
    if (!inverse) return;
    for (auto& factor : before) factor = std::conj(factor);
    for (auto& factor : after) factor = std::conj(factor);
    std::swap(place_before, place_after);
  }

  void run(Complex* block) const {
    if (inverse)
      fft.inverse(block);
    else
      fft.forward(block);
  }
};

/// Up to 16 lines that lie side by side, their samples `stride` apart.
void transform_lines(Complex* samples, std::size_t stride, std::size_t lines, const CentredAxis& axis,
                     ComplexBuffer& block) {
  constexpr std::size_t width = BlockFft::width;
  // real and imaginary parts apart: the plain product of std::complex minds not-a-number and does not
  // vectorise.
  const auto scaled = [lines](const Complex* from, Complex factor, Complex* to) {
    for (std::size_t i = 0; i < lines; ++i)
      to[i] = {from[i].real() * factor.real() - from[i].imag() * factor.imag(),
               from[i].real() * factor.imag() + from[i].imag() * factor.real()};
  };
  for (std::size_t k = 0; k < axis.before.size(); ++k)
    scaled(samples + k * stride, axis.before[k], block.data() + axis.place_before[k] * width);
  axis.run(block.data());
  for (std::size_t k = 0; k < axis.after.size(); ++k)
    scaled(block.data() + axis.place_after[k] * width, axis.after[k], samples + k * stride);
}

/// Up to 16 lines whose samples lie one after another, `stride` from line to line: turned into a block and
/// back.
void transform_rows(Complex* samples, std::size_t stride, std::size_t lines, const CentredAxis& axis,
                    ComplexBuffer& block) {
  constexpr std::size_t width = BlockFft::width;
  const std::size_t length = axis.before.size();
  alignas(64) std::array<Complex, width * width> tile{}, turned{};
  for (std::size_t first = 0; first < length; first += width) {
    const std::size_t count = std::min(width, length - first);
    for (std::size_t line = 0; line < lines; ++line)
      multiply(samples + line * stride + first, axis.before.data() + first, tile.data() + line * width, count);
    transpose_tile(tile.data(), turned.data());
    for (std::size_t i = 0; i < count; ++i)
      std::copy_n(turned.data() + i * width, width, block.data() + axis.place_before[first + i] * width);
  }
  axis.run(block.data());
  for (std::size_t first = 0; first < length; first += width) {
    const std::size_t count = std::min(width, length - first);
    for (std::size_t i = 0; i < count; ++i)
      std::copy_n(block.data() + axis.place_after[first + i] * width, width, turned.data() + i * width);
    transpose_tile(turned.data(), tile.data());
    for (std::size_t line = 0; line < lines; ++line)
      multiply(tile.data() + line * width, axis.after.data() + first, samples + line * stride + first, count);
  }
}

} // namespace

void centred_fft(std::span<Complex> arrays, std::array<int, 3> size, std::array<bool, 3> axes, bool inverse) {
  const auto nx = static_cast<std::size_t>(size[0]);
  const auto ny = static_cast<std::size_t>(size[1]);
  const auto nz = static_cast<std::size_t>(size[2]);
  BLOCH_EXPECTS(nx * ny * nz > 0 && arrays.size() % (nx * ny * nz) == 0);
  constexpr std::size_t width = BlockFft::width;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    if (!axes[axis] || size[axis] == 1) continue;
    const CentredAxis along(size[axis], inverse);
    // Rows of nx lines side by side: one for each (array, z) along y, and for each (array, y) along z.
    const std::size_t stride = axis == 1 ? nx : nx * ny;
    const std::size_t rows = axis == 2 ? ny : nz;
    parallel_for(0, arrays.size() / (nx * ny * nz) * rows, [&](std::size_t index) {
      Complex* first = arrays.data() + index / rows * nx * ny * nz + index % rows * (axis == 2 ? nx : nx * ny);
      ComplexBuffer block(static_cast<std::size_t>(size[axis]) * width);
      if (axis == 0)
        for (std::size_t y = 0; y < ny; y += width)
          transform_rows(first + y * nx, nx, std::min(width, ny - y), along, block);
      else
        for (std::size_t begin = 0; begin < nx; begin += width)
          transform_lines(first + begin, stride, std::min(width, nx - begin), along, block);
    });
  }
}

} // namespace bloch::imaging
