#include "imaging/recon/sampled_rows.h"

#include <algorithm>
#include <bit>
#include <cstdint>

#include "core/data/finite.h"
#include "imaging/operators/complex_math.h"
#include "imaging/recon/data_exponent.h"

namespace bloch::imaging {
namespace {

/// Counted kz * ky extent + ky.
std::vector<std::size_t> sampled_rows(const SamplingMask& mask, const KSpaceSize& size) {
  const auto width = static_cast<std::size_t>(mask.kx());
  const auto any = [&](int y, int z) {
    const auto row = mask.kept().subspan(static_cast<std::size_t>(z * mask.ky() + y) * width, width);
    return std::any_of(row.begin(), row.end(), [](std::uint8_t kept) { return kept != 0; });
  };
  std::vector<std::size_t> rows;
  for (int z = 0; z < size.kz; ++z)
    for (int y = 0; y < size.ky; ++y)
      if (any(mask.ky() == 1 ? 0 : y, mask.kz() == 1 ? 0 : z))
        rows.push_back(static_cast<std::size_t>(z * size.ky + y));
  return rows;
}

/// visit(row of kx samples) of each sampled row of each coil, until it says no.
template <class Visit> bool visit_sampled_rows(const ReconstructionInput& input, Visit&& visit) {
  const auto rows = sampled_rows(*input.mask, input.size);
  const auto nx = static_cast<std::size_t>(input.size.kx);
  const std::size_t coil = input.size.samples_per_coil();
  for (std::size_t begin = 0; begin < input.samples.size(); begin += coil)
    for (const std::size_t row : rows)
      if (!visit(input.samples.subspan(begin + row * nx, nx))) return false;
  return true;
}

} // namespace

double sampled_energy(const ReconstructionInput& input) {
  double energy = 0;
  visit_sampled_rows(input, [&](std::span<const Complex> row) {
    energy += real_dot(row.data(), row.data(), row.size());
    return true;
  });
  return energy;
}

bool samples_finite(const ReconstructionInput& input) {
  return visit_sampled_rows(input, [](std::span<const Complex> row) { return all_finite(row); });
}

int sampled_exponent(const ReconstructionInput& input) {
  std::uint32_t largest = 0;
  visit_sampled_rows(input, [&](std::span<const Complex> row) {
    largest = std::max(largest, largest_magnitude_bits(parts_of(row)));
    return true;
  });
  return extreme_exponent(std::bit_cast<float>(largest));
}

} // namespace bloch::imaging
