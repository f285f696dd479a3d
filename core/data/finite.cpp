#include "core/data/finite.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>

namespace bloch {
namespace {

constexpr std::uint32_t magnitude = 0x7fffffffU; // without the sign

/// join(so far, bits of a value) over all values, sixteen side by side for the compiler's vectors.
template <class Join> std::uint32_t joined_bits(std::span<const float> values, Join&& join) {
  std::array<std::uint32_t, 16> lanes{};
  std::size_t i = 0;
  for (; i + lanes.size() <= values.size(); i += lanes.size())
    for (std::size_t lane = 0; lane < lanes.size(); ++lane)
      lanes[lane] = join(lanes[lane], std::bit_cast<std::uint32_t>(values[i + lane]));
  for (; i < values.size(); ++i) lanes[0] = join(lanes[0], std::bit_cast<std::uint32_t>(values[i]));
  return *std::max_element(lanes.begin(), lanes.end());
}

} // namespace

std::uint32_t largest_magnitude_bits(std::span<const float> values) {
  return joined_bits(
      values, [](std::uint32_t largest, std::uint32_t bits) { return std::max(largest, bits & magnitude); });
}

bool all_finite(std::span<const float> values) {
  constexpr std::size_t piece = 4096; // so that what is broken at its start is soon known to be
  // An exponent of ones alone carries into the sign when one is added to it.
  constexpr std::uint32_t exponent = 0x7f800000U, one = 0x00800000U, sign = 0x80000000U;
  for (; !values.empty(); values = values.subspan(std::min(piece, values.size()))) {
    const std::uint32_t carries =
        joined_bits(values.first(std::min(piece, values.size())), [](std::uint32_t so_far, std::uint32_t bits) {
          return so_far | ((bits & exponent) + one);
        });
    if ((carries & sign) != 0) return false; // the largest has it if any does
  }
  return true;
}

bool all_finite(std::span<const std::complex<float>> samples) { return all_finite(parts_of(samples)); }

bool all_zero(std::span<const std::complex<float>> samples) {
  const auto join = [](std::uint32_t so_far, std::uint32_t bits) { return so_far | (bits & magnitude); };
  return joined_bits(parts_of(samples), join) == 0;
}

} // namespace bloch
