#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>

#include "core/base/result.h"

namespace bloch::imaging::detail {

/// Bytes that one byte of deflate can stand for at best (zlib, "Maximum Compression Factor").
inline constexpr std::uint64_t best_deflate = 1032;

/// A file read from front to back, gunzipped on the way when it is gzip.
class ByteSource {
 public:
  explicit ByteSource(const std::filesystem::path& path);
  ~ByteSource();
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;

  /// Fills the whole span, or says that the file ends or breaks off before.
  Result<void> read(std::span<std::uint8_t> target);
  Result<void> skip(std::uint64_t bytes);
  /// Says when a gzip file breaks off after the last byte that was read, its checksum included.
  Result<void> check_end();

  /// No file of this size can hold more bytes than this: its size, or what deflate can reach at best (1032 :
  /// 1).
  std::uint64_t most_bytes() const { return most_bytes_; }

 private:
  struct Handle;
  std::unique_ptr<Handle> handle_;
  std::filesystem::path path_;
  std::uint64_t most_bytes_ = 0;
};

} // namespace bloch::imaging::detail
