#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

struct stat;

namespace bloch {

/// What tells a file from another and from itself after a change.
struct FileIdentity {
  std::uint64_t device = 0, inode = 0, size = 0;
  std::int64_t modified_ns = 0, changed_ns = 0;

  bool operator==(const FileIdentity&) const = default;
};

FileIdentity identity_of(const struct stat& status);
/// Nothing when there is no such file.
std::optional<FileIdentity> identity_of(const std::filesystem::path& path);

} // namespace bloch
