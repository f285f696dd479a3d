#pragma once

#include <complex>
#include <filesystem>
#include <numeric>
#include <string>
#include <vector>

#include <zlib.h>

#include "core/base/file.h"
#include "core/data/kspace.h"
#include "tests/support/mat_writer.h"

namespace bloch::imaging::io_test {

/// Samples number n are n + 1 - 2 n i, as MATLAB keeps them: real parts, then imaginary parts.
template <class T>
std::string complex_parts(const tests::MatWriter& writer, std::uint32_t stored, std::size_t count) {
  std::vector<T> real(count), imaginary(count);
  for (std::size_t i = 0; i < count; ++i) {
    real[i] = static_cast<T>(i + 1);
    imaginary[i] = static_cast<T>(-2 * static_cast<double>(i));
  }
  return writer.element(stored, writer.bytes(real)) + writer.element(stored, writer.bytes(imaginary));
}

inline std::string complex_variable(const tests::MatWriter& writer, const std::string& name,
                                    const std::vector<std::int32_t>& extents) {
  const auto count = static_cast<std::size_t>(
      std::accumulate(extents.begin(), extents.end(), std::int64_t{1}, std::multiplies<>()));
  return writer.variable(tests::MatWriter::real64, name, extents,
                         complex_parts<double>(writer, tests::MatWriter::stored_double, count), true);
}

inline std::complex<float> counted(std::size_t i) {
  return {static_cast<float>(i) + 1, -2 * static_cast<float>(i)};
}

/// zlib's form of an element, as MATLAB's -v7 keeps every variable.
inline std::string deflated(const tests::MatWriter& writer, const std::string& variable) {
  std::string packed(compressBound(variable.size()), '\0');
  uLongf length = packed.size();
  compress(reinterpret_cast<Bytef*>(packed.data()), &length, reinterpret_cast<const Bytef*>(variable.data()),
           variable.size());
  packed.resize(length);
  return writer.element(tests::MatWriter::compressed, packed);
}

inline std::filesystem::path written(const std::filesystem::path& path, const std::string& bytes) {
  (void)write_file(path, std::string_view(bytes));
  return path;
}

} // namespace bloch::imaging::io_test
