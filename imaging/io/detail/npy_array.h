#pragma once

#include <complex>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "imaging/io/detail/array_head.h"
#include "imaging/io/detail/samples.h"

namespace bloch::imaging::detail {

/// An array of a NumPy file: last extent fastest, native byte order.
struct NpyArray {
  std::vector<int> extents; ///< slowest first; empty for a single number
  bool complex = false;     ///< then `type` is that of the real and imaginary parts
  SampleType type = SampleType::float32;
  std::vector<std::uint8_t> bytes;

  std::size_t count() const;
};

/// Versions 1 to 3 of the format, both byte orders, both storage orders; numbers, booleans and complex numbers.
/// errors: not_found, malformed (claims more than the file holds), unsupported (objects, strings, records)
Result<NpyArray> read_npy(const std::filesystem::path& path);

/// The array without its samples. Errors: as read_npy
Result<ArrayHead> read_npy_head(const std::filesystem::path& path);
/// The same from the first bytes of such a file, which has `size` of them.
Result<ArrayHead> read_npy_head(std::span<const std::uint8_t> begin, std::uint64_t size,
                                const std::filesystem::path& path);

/// The same from the bytes of such a file; `path` is named in messages.
Result<NpyArray> read_npy_bytes(std::span<const std::uint8_t> bytes, const std::filesystem::path& path);

/// The samples as complex64, whatever they were.
std::vector<std::complex<float>> to_complex(const NpyArray& array);

/// descr: "<f4", "<i2", "|u1", "<u2", "<c8". Whole or not at all.
Result<void> write_npy(const std::filesystem::path& path, const std::string& descr,
                       std::span<const int> extents, std::span<const std::uint8_t> bytes);

} // namespace bloch::imaging::detail
