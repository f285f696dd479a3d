#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>

namespace bloch {

/// From now on map_file() gives large files as they lie in the system's memory instead of having them copied.
/// For programs that do one thing and end: a file that another program cuts short meanwhile ends the process,
/// with a sentence on standard error and the given exit status. A window must not.
void allow_mapped_files(int exit_status);

/// The bytes of a file, and who keeps them. Empty where mapping was not allowed, is not worth it (below 16 MB)
/// or is refused by the system: read the file then. A file that is still looked at is not mapped again.
struct MappedFile {
  std::shared_ptr<const void> owner;
  std::span<const std::byte> bytes;
};
MappedFile map_file(const std::filesystem::path& path);

} // namespace bloch
