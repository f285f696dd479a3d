#include "imaging/io/detail/mat_stream.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <limits>
#include <vector>

#include <zlib.h>

#include "core/base/file.h"
#include "imaging/io/detail/file_name.h"

namespace bloch::imaging::detail {
namespace {

constexpr std::uint64_t inflate_best = 1032;
constexpr std::size_t inflate_buffer = std::size_t{1} << 16;
constexpr std::size_t inflate_piece = std::size_t{1} << 28; // zlib counts in 32 bits
constexpr std::size_t most_behind = 64; ///< padding that a writer may have put behind its last sample

} // namespace

struct MatStream::State {
  std::filesystem::path path;
  std::ifstream file;
  std::uint64_t left = 0; ///< of the part, not yet read from the file
  bool deflated = false, begun = false, ended = false;
  z_stream zlib{};
  std::vector<std::uint8_t> buffer;

  ~State() {
    if (begun) inflateEnd(&zlib);
  }

  Result<void> fill() {
    const auto length = static_cast<std::size_t>(std::min<std::uint64_t>(left, buffer.size()));
    if (length == 0) return broken(path, "a compressed variable breaks off");
    if (!file.read(reinterpret_cast<char*>(buffer.data()), static_cast<std::streamsize>(length)))
      return broken(path, "it ends before its data do");
    left -= length;
    zlib.next_in = buffer.data();
    zlib.avail_in = static_cast<uInt>(length);
    return {};
  }

  /// Inflates into the target until it is full or the compressed part ends; how much came.
  Result<std::size_t> inflate_some(std::span<std::uint8_t> target) {
    std::size_t done = 0;
    while (done < target.size() && !ended) {
      if (zlib.avail_in == 0) BLOCH_CHECK(fill());
      const std::size_t wanted = std::min(target.size() - done, inflate_piece);
      zlib.next_out = target.data() + done;
      zlib.avail_out = static_cast<uInt>(wanted);
      const int state = inflate(&zlib, Z_NO_FLUSH);
      done += wanted - zlib.avail_out;
      ended = state == Z_STREAM_END;
      if (state != Z_OK && state != Z_STREAM_END && !(state == Z_BUF_ERROR && zlib.avail_in == 0))
        return broken(path, "the data of a compressed variable are damaged");
    }
    return done;
  }
};

MatStream::MatStream(const std::filesystem::path& path, std::uint64_t begin, std::uint64_t length,
                     bool deflated)
    : state_(std::make_unique<State>()) {
  state_->path = path;
  state_->file.open(file_of(path), std::ios::binary);
  state_->file.seekg(static_cast<std::streamoff>(begin));
  state_->left = length;
  state_->deflated = deflated;
  if (!deflated) return;
  state_->begun = inflateInit(&state_->zlib) == Z_OK;
  state_->ended = !state_->begun;
  state_->buffer.resize(inflate_buffer);
}

MatStream::~MatStream() = default;

bool MatStream::deflated() const { return state_->deflated; }

std::uint64_t MatStream::most_bytes() const {
  if (!state_->deflated) return state_->left;
  if (state_->ended) return 0;
  const std::uint64_t rest = state_->left + state_->zlib.avail_in;
  // What zlib has taken in but not yet put out: at most its window.
  return std::min(rest, std::numeric_limits<std::uint64_t>::max() / (2 * inflate_best)) * inflate_best +
         (std::uint64_t{1} << 16);
}

Result<void> MatStream::read(std::span<std::uint8_t> target) {
  if (state_->deflated) {
    BLOCH_TRY(got, state_->inflate_some(target));
    if (got < target.size()) return broken(state_->path, "a compressed variable breaks off");
    return {};
  }
  if (target.size() > state_->left) return broken(state_->path, "it ends before its data do");
  if (!state_->file.read(reinterpret_cast<char*>(target.data()), static_cast<std::streamsize>(target.size())))
    return broken(state_->path, "it ends before its data do");
  state_->left -= target.size();
  return {};
}

Result<void> MatStream::skip(std::uint64_t bytes) {
  std::array<std::uint8_t, 4096> rest{};
  while (bytes > 0) {
    const auto length = static_cast<std::size_t>(std::min<std::uint64_t>(bytes, rest.size()));
    BLOCH_CHECK(read(std::span(rest).first(length)));
    bytes -= length;
  }
  return {};
}

Result<void> MatStream::check_end() {
  if (!state_->deflated) return {};
  std::array<std::uint8_t, most_behind> rest{};
  BLOCH_TRY(behind, state_->inflate_some(rest));
  if (behind == rest.size() && !state_->ended) return broken(state_->path, "a variable is longer than it says");
  return {};
}

} // namespace bloch::imaging::detail
