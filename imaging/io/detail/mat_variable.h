#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "imaging/io/detail/npy_array.h"
#include "imaging/io/detail/samples.h"

namespace bloch::imaging::detail {

/// A variable of a MAT-file, as its head describes it.
struct MatVariable {
  std::string name;
  std::string type;                 ///< "complex double", "logical", "struct"
  std::vector<long long> extents;   ///< MATLAB's: first fastest; empty where it has none
  std::optional<SampleType> sample; ///< what its numbers are read as; none: it is no array of numbers
  bool complex = false;
  // Where a level 5 file keeps it; a level 7.3 file goes by the name.
  std::uint64_t begin = 0, length = 0;
  bool deflated = false;

  bool is_empty() const; ///< no sample at all
};

/// Variables of a level 5 file (MATLAB's -v6 uncompressed, -v7 compressed), both byte orders. `path` may be
/// FILE#NAME. errors: malformed. source: MathWorks, MAT-File Format, 2019, chapter 1
Result<std::vector<MatVariable>> list_mat5(const std::filesystem::path& path);
/// One of them; extents slowest first; complex numbers and double as float32. No memory is taken beyond what
/// the file holds. errors: malformed (claims more than the file holds)
Result<NpyArray> read_mat5(const std::filesystem::path& path, const MatVariable& variable);

/// The same of MATLAB's -v7.3, which is HDF5.
Result<std::vector<MatVariable>> list_mat73(const std::filesystem::path& path);
Result<NpyArray> read_mat73(const std::filesystem::path& path, const MatVariable& variable);

/// A name of a file as it may be shown: what is not printable ASCII becomes a question mark.
std::string printable(std::string name);

} // namespace bloch::imaging::detail
