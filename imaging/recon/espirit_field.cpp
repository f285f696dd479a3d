#include "imaging/recon/espirit_field.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "imaging/operators/complex_math.h"
#include "imaging/parallel/parallel_for.h"

namespace bloch::imaging {
namespace {

std::size_t extent_of(int value) { return static_cast<std::size_t>(value); }

/// exp(2 pi i delta (x - n / 2) / n) for delta from -(kernel - 1) to kernel - 1: [delta][x].
std::vector<ComplexBuffer> waves(int length, int kernel) {
  std::vector<ComplexBuffer> rows;
  for (int delta = 1 - kernel; delta < kernel; ++delta) {
    ComplexBuffer row(extent_of(length));
    for (int x = 0; x < length; ++x)
      row[extent_of(x)] = Complex(std::polar(1.0, 2 * std::numbers::pi * delta * (x - length / 2) / length));
    rows.push_back(std::move(row));
  }
  return rows;
}

} // namespace

MatrixField::MatrixField(const std::vector<Complex>& projector, const PatchSpace& space, const KSpaceSize& size)
    : size_(size)
    , spread_{2 * space.patch[0] - 1, 2 * space.patch[1] - 1, 2 * space.patch[2] - 1}
    , entries_(extent_of(space.coils * (space.coils + 1) / 2))
    , wave_y_(waves(size.ky, space.patch[1]))
    , wave_z_(waves(size.kz, space.patch[2])) {
  const auto wave_x = waves(size.kx, space.patch[0]);
  const std::size_t lines = extent_of(spread_[1] * spread_[2]);
  rows_.resize(entries_ * lines * extent_of(size.kx));
  parallel_for(0, entries_, [&](std::size_t entry) {
    const std::vector<Complex> coefficients = correlation(projector, space, entry);
    for (std::size_t line = 0; line < lines; ++line)
      for (std::size_t i = 0; i < extent_of(spread_[0]); ++i)
        for (std::size_t x = 0; x < extent_of(size.kx); ++x)
          rows_[(entry * lines + line) * extent_of(size.kx) + x] +=
              coefficients[line * extent_of(spread_[0]) + i] * wave_x[i][x];
  });
}

/// sum over p - q = delta of P[(c, p), (d, q)], over the patch's samples: [delta z][delta y][delta x].
std::vector<Complex> MatrixField::correlation(const std::vector<Complex>& projector, const PatchSpace& space,
                                              std::size_t entry) const {
  int c = 0;
  while (extent_of((c + 1) * (c + 2) / 2) <= entry) ++c;
  const int d = static_cast<int>(entry) - c * (c + 1) / 2;
  const auto [px, py, pz] = space.patch;
  std::vector<Complex> sums(extent_of(spread_[0] * spread_[1] * spread_[2]));
  const int samples = space.samples();
  for (int q = 0; q < samples; ++q)
    for (int p = 0; p < samples; ++p) {
      const int dx = p % px - q % px + px - 1;
      const int dy = p / px % py - q / px % py + py - 1;
      const int dz = p / (px * py) - q / (px * py) + pz - 1;
      sums[extent_of((dz * spread_[1] + dy) * spread_[0] + dx)] +=
          projector[extent_of(d * samples + q) * extent_of(space.length) + extent_of(c * samples + p)] /
          static_cast<float>(samples);
    }
  return sums;
}

void MatrixField::plane(int z, ComplexBuffer& coefficients) const {
  const std::size_t count = extent_of(spread_[1]) * extent_of(size_.kx);
  coefficients.assign(entries_ * count, Complex());
  for (std::size_t entry = 0; entry < entries_; ++entry)
    for (std::size_t j = 0; j < extent_of(spread_[2]); ++j)
      add_scaled_complex(coefficients.data() + entry * count,
                         rows_.data() + (entry * extent_of(spread_[2]) + j) * count, wave_z_[j][extent_of(z)],
                         count);
}

void MatrixField::row(const ComplexBuffer& coefficients, int y, float* real, float* imaginary,
                      std::size_t stride) const {
  const auto nx = extent_of(size_.kx);
  ComplexBuffer sum(nx);
  const Complex* next = coefficients.data();
  for (std::size_t entry = 0; entry < entries_; ++entry) {
    std::fill(sum.begin(), sum.end(), Complex());
    for (std::size_t i = 0; i < extent_of(spread_[1]); ++i, next += nx)
      add_scaled_complex(sum.data(), next, wave_y_[i][extent_of(y)], nx);
    for (std::size_t x = 0; x < nx; ++x) {
      real[entry * stride + x] = sum[x].real();
      imaginary[entry * stride + x] = sum[x].imag();
    }
  }
}

} // namespace bloch::imaging
