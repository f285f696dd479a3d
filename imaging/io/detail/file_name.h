#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace bloch::imaging::detail {

/// Whether the file name ends so, whatever its case; of FILE.mat#NAME and FILE.npz#NAME that of the file.
bool has_ending(const std::filesystem::path& path, std::string_view ending);

/// The path with its ending replaced: "a.cfl" to "a.hdr".
std::filesystem::path with_ending(const std::filesystem::path& path, std::string_view ending);

/// errors: not_found (not there, a folder, not permitted)
Result<void> check_readable(const std::filesystem::path& path);

/// "'name' ": file names without folder, for messages.
std::string quoted(const std::filesystem::path& path);

/// "'name' is broken: reason; …", kind malformed.
tl::unexpected<Error> broken(const std::filesystem::path& path, const std::string& reason);

/// "'name' reason", kind unsupported.
tl::unexpected<Error> refused(const std::filesystem::path& path, const std::string& reason);

/// Product of extents, or nothing when one is not positive or the product exceeds the limit.
Result<std::size_t> checked_count(const std::filesystem::path& path, std::span<const long long> extents,
                                  unsigned long long limit);

template <class Format>
Result<const Format*> format_by_ending(std::span<const Format> formats, const std::filesystem::path& path,
                                       const std::string& what) {
  std::string known;
  for (const Format& format : formats)
    for (const std::string& ending : format.extensions) {
      if (has_ending(path, ending)) return &format;
      known += (known.empty() ? "" : ", ") + ending;
    }
  return failure(ErrorKind::unsupported,
                 quoted(path) + " is not " + what + " by its name; known endings: " + known);
}

} // namespace bloch::imaging::detail
