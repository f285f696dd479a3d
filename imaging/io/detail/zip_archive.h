#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace bloch::imaging::detail {

/// One file within a ZIP archive, as its central directory describes it.
struct ZipMember {
  std::string name;
  bool deflated = false;
  std::uint32_t crc = 0;
  std::uint64_t stored_bytes = 0; ///< in the archive
  std::uint64_t bytes = 0;        ///< unpacked; no more than the stored bytes can hold
  std::uint64_t offset = 0;       ///< of its local header
};

/// What an archive of at most 4 GB holds. errors: not_found, malformed (no archive, claims more than it holds),
/// unsupported (encrypted, ZIP64, other compression)
Result<std::vector<ZipMember>> read_zip_directory(const std::filesystem::path& path);

/// Its first bytes, at most so many, unpacked and not checked. errors: malformed
Result<std::vector<std::uint8_t>> read_zip_begin(const std::filesystem::path& path, const ZipMember& member,
                                                 std::uint64_t most);

/// One member unpacked, its checksum compared. errors: malformed
Result<std::vector<std::uint8_t>> read_zip_member(const std::filesystem::path& path, const ZipMember& member);

} // namespace bloch::imaging::detail
