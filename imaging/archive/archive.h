#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/data/study.h"
#include "core/jobs/progress.h"

namespace bloch::imaging {

/// What an archive may grow to: an exported examination fits many times, a bomb does not.
struct ArchiveLimits {
  std::size_t entries = 200'000;
  std::uint64_t bytes = 64ULL << 30;
  double growth = 300; ///< bytes out for one byte in, looked at beyond `free_bytes`
  std::uint64_t free_bytes = 512ULL << 20;
};

/// What came out of an archive.
struct UnpackedArchive {
  std::filesystem::path folder;
  std::vector<RejectedFile> rejected; ///< entries that were not taken, and why; paths are ARCHIVE/entry
};

/// Unpacks the files of an archive into a private folder of this process, which is removed when it ends. Links,
/// devices and encrypted entries are left out by name; no entry lands outside the folder, whatever it is
/// called. The same archive, unchanged, is unpacked once.
///
/// errors: not_found, malformed (no archive, damaged before its first file), unsupported (beyond the limits:
/// nothing
///         is kept), not_writable (no room), cancelled
Result<UnpackedArchive> unpack_archive(const std::filesystem::path& path, const ArchiveLimits& limits = {},
                                       const Progress& progress = {});

/// Takes one piece of a file.
using ArchiveWriter = std::function<Result<void>(std::span<const std::uint8_t>)>;
/// Is given the clean relative name of a file, answers with what takes its bytes.
using ArchiveFile = std::function<Result<ArchiveWriter>(const std::filesystem::path& name)>;

/// The same from memory, for tests: every file goes to `open`. Returns what was left out.
Result<std::vector<RejectedFile>> read_archive(std::span<const std::uint8_t> bytes, const ArchiveLimits& limits,
                                               const ArchiveFile& open);

} // namespace bloch::imaging
