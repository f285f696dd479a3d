#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace bloch::imaging::detail {

/// gzip of several pieces in a row, on all threads; the same bytes give the same file (no time stamp), whatever
/// the number of threads. Throws std::bad_alloc.
std::vector<std::uint8_t> gzip(std::span<const std::span<const std::uint8_t>> pieces);

} // namespace bloch::imaging::detail
