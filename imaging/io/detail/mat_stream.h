#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>

#include "core/base/result.h"

namespace bloch::imaging::detail {

/// Part of a file read from front to back, inflated on the way (zlib) when it is compressed.
class MatStream {
 public:
  MatStream(const std::filesystem::path& path, std::uint64_t begin, std::uint64_t length, bool deflated);
  ~MatStream();
  MatStream(const MatStream&) = delete;
  MatStream& operator=(const MatStream&) = delete;

  /// Fills the whole span. errors: malformed (breaks off before, damaged)
  Result<void> read(std::span<std::uint8_t> target);
  Result<void> skip(std::uint64_t bytes);
  /// Says when the compressed part does not end, with a right checksum, a few bytes behind what was read.
  Result<void> check_end();

  /// No more bytes than these can still come: the rest of the part, times what deflate reaches at best (1032)
  /// where it is compressed.
  std::uint64_t most_bytes() const;
  bool deflated() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

} // namespace bloch::imaging::detail
