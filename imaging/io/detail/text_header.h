#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace bloch::imaging::detail {

/// The key and value lines at the front of a MetaImage ('=') or NRRD (':') file, keys in lower case, up to the
/// data.
struct TextHeader {
  std::string first_line;
  std::map<std::string, std::string> values;
  std::uint64_t bytes = 0; ///< where the data begin

  std::string value(const std::string& key) const;
  /// Numbers separated by blanks, commas and brackets. Nothing when a word is none.
  std::optional<std::vector<double>> numbers(const std::string& key) const;
};

/// Reads at most the first 64 kB. last_key: the header ends after this key; empty: at the first empty line.
Result<TextHeader> read_text_header(const std::filesystem::path& path, char separator,
                                    const std::string& last_key);

/// Where the samples of such a file lie.
struct SampleBlock {
  std::string data_file;    ///< beside the header; empty: in the same file, behind it
  std::uint64_t offset = 0; ///< in the file that holds them
  bool compressed = false;  ///< gzip or zlib
};

/// Fills the samples whole. Errors: not_found (no such data file), unsupported (in another folder), malformed
/// (fewer than wanted). count * bytes_each is checked against the file before anything is allocated.
Result<std::vector<std::uint8_t>> read_sample_block(const std::filesystem::path& path, const SampleBlock& block,
                                                    std::uint64_t count, std::uint64_t bytes_each);

/// "1 0 -2.5": shortest texts that read back the same.
std::string joined_numbers(const std::vector<double>& numbers, const char* separator = " ");

} // namespace bloch::imaging::detail
