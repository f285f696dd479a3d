#include "imaging/io/detail/byte_source.h"

#include <algorithm>
#include <array>
#include <limits>

#include <zlib.h>

#include "core/base/contract.h"
#include "imaging/io/detail/file_name.h"

namespace bloch::imaging::detail {
namespace {
constexpr std::size_t piece_bytes = std::size_t{1} << 28; // zlib counts in 32 bits
} // namespace

struct ByteSource::Handle {
  gzFile file = nullptr;
  ~Handle() {
    if (file) gzclose(file);
  }
};

ByteSource::ByteSource(const std::filesystem::path& path)
    : handle_(std::make_unique<Handle>())
    , path_(path) {
  handle_->file = gzopen(path.c_str(), "rb");
  std::error_code code;
  const std::uintmax_t size = std::filesystem::file_size(path, code);
  if (!handle_->file || code) return;
  gzbuffer(handle_->file, 1u << 17);
  const bool plain = gzdirect(handle_->file) != 0;
  most_bytes_ = plain
                    ? size
                    : std::min<std::uint64_t>(size, std::numeric_limits<std::uint64_t>::max() / best_deflate) *
                          best_deflate;
}

ByteSource::~ByteSource() = default;

Result<void> ByteSource::read(std::span<std::uint8_t> target) {
  if (!handle_->file) return failure(ErrorKind::not_found, quoted(path_) + " cannot be opened; check the path");
  while (!target.empty()) {
    const std::size_t wanted = std::min(target.size(), piece_bytes);
    const int got = gzread(handle_->file, target.data(), static_cast<unsigned>(wanted));
    if (got < 0) return broken(path_, "its compressed data are damaged");
    if (got == 0) return broken(path_, "it ends before its data do");
    target = target.subspan(static_cast<std::size_t>(got));
  }
  return {};
}

Result<void> ByteSource::skip(std::uint64_t bytes) {
  if (bytes > most_bytes_) return broken(path_, "its data would start behind its end");
  if (bytes == 0) return {};
  if (!handle_->file) return failure(ErrorKind::not_found, quoted(path_) + " cannot be opened; check the path");
  if (gzseek(handle_->file, static_cast<z_off_t>(bytes), SEEK_CUR) < 0)
    return broken(path_, "its compressed data are damaged");
  return {};
}

Result<void> ByteSource::check_end() {
  std::array<std::uint8_t, 4096> rest{};
  int got = 0;
  do got = gzread(handle_->file, rest.data(), static_cast<unsigned>(rest.size()));
  while (got > 0);
  int state = Z_OK;
  gzerror(handle_->file, &state);
  if (got < 0 || state == Z_BUF_ERROR || state == Z_DATA_ERROR)
    return broken(path_, "its compressed data are cut off or damaged");
  return {};
}

} // namespace bloch::imaging::detail
