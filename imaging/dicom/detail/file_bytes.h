#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

#include "core/base/file_identity.h"
#include "core/base/result.h"

namespace bloch::imaging {

/// The bytes of a file, read by position. Never mapped: a file that shrinks meanwhile is a failed read, not a
/// crash.
class FileBytes {
 public:
  /// errors: not_found (missing, a folder, no permission)
  static Result<FileBytes> open(const std::filesystem::path& path);
  /// Bytes that are in memory already (an inflated data set).
  explicit FileBytes(std::vector<std::uint8_t> bytes);

  std::uint64_t size() const { return size_; }
  /// As it was when it was opened; of bytes in memory: nothing but zeros.
  const FileIdentity& identity() const { return identity_; }
  /// False when the file does not hold all of them.
  bool read(std::uint64_t offset, std::span<std::uint8_t> into) const;

 private:
  struct Descriptor;
  FileBytes() = default;

  std::shared_ptr<const Descriptor> descriptor_;
  std::shared_ptr<const std::vector<std::uint8_t>> memory_;
  std::uint64_t size_ = 0;
  FileIdentity identity_;
};

/// Reads small pieces in ascending order through one buffer.
class ByteCursor {
 public:
  explicit ByteCursor(const FileBytes& bytes)
      : bytes_(bytes) {}

  /// Pointer to `count` (at most 256) bytes at `offset`; nullptr past the end. Valid until the next call.
  const std::uint8_t* at(std::uint64_t offset, std::size_t count);
  /// Any number of bytes; false past the end.
  bool copy(std::uint64_t offset, std::span<std::uint8_t> into) const;

 private:
  const FileBytes& bytes_;
  std::vector<std::uint8_t> buffer_;
  std::uint64_t begin_ = 0;
};

} // namespace bloch::imaging
