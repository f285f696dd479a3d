#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "imaging/io/detail/samples.h"

namespace bloch::imaging::detail {

/// Data type of a MAT-file's data element; none: no numbers.
std::optional<SampleType> mat_stored_type(std::uint32_t type);

/// Where the samples of one part (real, imaginary) go: every `parts`-th, from `part`.
struct MatSampleTarget {
  std::vector<std::uint8_t>& bytes; ///< grows as samples come
  SampleType type = SampleType::float32;
  std::size_t count = 0; ///< samples of a part when all have come
  std::size_t parts = 1, part = 0;
};

/// Native-order samples as they are stored, MATLAB's smallest type that holds them all, to the array's own
/// type, from sample `at` on. False: the array is of whole numbers and these are not.
bool store_mat_samples(SampleType stored, std::span<const std::uint8_t> samples, std::size_t at,
                       const MatSampleTarget& target);

} // namespace bloch::imaging::detail
