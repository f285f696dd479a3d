#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>

#include "core/base/result.h"

namespace bloch {

/// SHA-256 digests of large files that somebody works with for a while, such as a scan's raw data, so that each
/// recipe does not cost reading them through again.
///
/// A digest counts for as long as the file is the same one (device and number) with the same size and times of
/// modification and of change, to the nanosecond; and it is only kept where both times lay some seconds back
/// when it was made, for a file may be written to twice within one tick of its clock. The time of change cannot
/// be set by hand: copying, restoring and `touch` all renew it. source: Git's index, "racy-git"
class DigestList {
 public:
  struct Settings {
    std::filesystem::path file;                         ///< a line a digest; made when there is one to keep
    std::uintmax_t smallest = std::uintmax_t{16} << 20; ///< smaller files are read each time
    std::chrono::seconds settled{3};                    ///< how far back the file's times must lie
  };

  explicit DigestList(Settings settings);
  /// That of the user, in the cache folder.
  static DigestList of_user();

  /// From the list, or made and kept; a list that cannot be read or written is done without. To check a file
  /// against a recipe use sha256_of_file. errors: those of sha256_of_file
  Result<std::string> sha256_of(const std::filesystem::path& path) const;

 private:
  Settings settings_;
};

} // namespace bloch
