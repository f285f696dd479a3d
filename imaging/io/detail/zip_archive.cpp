// The part of ZIP that NumPy's savez and savez_compressed write. source: PKWARE APPNOTE 6.3.9, sections 4.3
// and 4.4
#include "imaging/io/detail/zip_archive.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <optional>
#include <span>

#include <zlib.h>

#include "core/base/file.h"
#include "imaging/io/detail/byte_source.h"
#include "imaging/io/detail/file_name.h"

namespace bloch::imaging::detail {
namespace {

constexpr std::uint64_t end_record_bytes = 22;
constexpr std::uint64_t longest_comment = 65535;
constexpr std::uint64_t entry_bytes = 46;
constexpr std::uint64_t local_header_bytes = 30;

using Bytes = std::vector<std::uint8_t>;

std::uint32_t number_at(std::span<const std::uint8_t> bytes, std::size_t at, std::size_t length) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < length; ++i) value |= static_cast<std::uint32_t>(bytes[at + i]) << (8 * i);
  return value;
}

/// Part of a file; nothing where it does not reach so far.
std::optional<Bytes> read_range(const std::filesystem::path& path, std::uint64_t begin, std::uint64_t length) {
  std::error_code code;
  const std::uint64_t size = std::filesystem::file_size(file_of(path), code);
  if (code || begin > size || length > size - begin) return std::nullopt;
  std::ifstream file(file_of(path), std::ios::binary);
  file.seekg(static_cast<std::streamoff>(begin));
  Bytes bytes(length);
  if (!file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(length)))
    return std::nullopt;
  return bytes;
}

/// The record at the end of every archive, behind which only a comment may stand.
std::optional<Bytes> end_record(const std::filesystem::path& path) {
  std::error_code code;
  const std::uint64_t size = std::filesystem::file_size(file_of(path), code);
  if (code || size < end_record_bytes) return std::nullopt;
  const std::uint64_t tail = std::min(size, end_record_bytes + longest_comment);
  const auto bytes = read_range(path, size - tail, tail);
  if (!bytes) return std::nullopt;
  for (std::size_t at = bytes->size() - end_record_bytes + 1; at-- > 0;)
    if (number_at(*bytes, at, 4) == 0x06054b50)
      return Bytes(bytes->begin() + static_cast<std::ptrdiff_t>(at), bytes->end());
  return std::nullopt;
}

Result<ZipMember> member_at(const std::filesystem::path& path, std::span<const std::uint8_t> entry) {
  ZipMember member;
  const std::uint32_t flags = number_at(entry, 8, 2);
  const std::uint32_t method = number_at(entry, 10, 2);
  if (flags & 1) return refused(path, "is encrypted; save it without a password");
  if (method != 0 && method != 8) return refused(path, "is compressed in a way that NumPy does not use");
  member.deflated = method == 8;
  member.crc = number_at(entry, 16, 4);
  member.stored_bytes = number_at(entry, 20, 4);
  member.bytes = number_at(entry, 24, 4);
  member.offset = number_at(entry, 42, 4);
  if (member.stored_bytes == 0xFFFFFFFF || member.bytes == 0xFFFFFFFF || member.offset == 0xFFFFFFFF)
    return refused(path, "holds an array above 4 GB; save it as .npy");
  const std::uint64_t most = member.deflated ? member.stored_bytes * best_deflate : member.stored_bytes;
  if (member.bytes > most) return broken(path, "it claims more than it holds");
  return member;
}

/// The first `bytes` of what was packed; the whole, and no more, unless `begin`.
Result<Bytes> inflate_member(const std::filesystem::path& path, const Bytes& packed, std::uint64_t bytes,
                             bool begin = false) {
  Bytes unpacked(bytes);
  z_stream stream{};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK)
    return failure(ErrorKind::out_of_memory, "there is not enough memory to unpack " + quoted(path));
  std::uint8_t nothing = 0;
  stream.next_in = const_cast<Bytef*>(packed.data());
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = bytes > 0 ? unpacked.data() : &nothing;
  stream.avail_out = static_cast<uInt>(bytes);
  const int state = inflate(&stream, begin ? Z_SYNC_FLUSH : Z_FINISH);
  const bool fits = (begin ? state == Z_OK : false) || state == Z_STREAM_END;
  const bool whole = fits && stream.total_out == bytes;
  inflateEnd(&stream);
  if (!whole) return broken(path, "a compressed array breaks off");
  return unpacked;
}

} // namespace

Result<std::vector<ZipMember>> read_zip_directory(const std::filesystem::path& path) {
  BLOCH_CHECK(check_readable(path));
  const auto end = end_record(path);
  if (!end)
    return failure(ErrorKind::malformed,
                   quoted(path) + " is not a ZIP archive, or it is cut off; check what it is");
  const std::uint32_t count = number_at(*end, 10, 2);
  const std::uint32_t length = number_at(*end, 12, 4);
  const std::uint32_t begin = number_at(*end, 16, 4);
  if (count == 0xFFFF || length == 0xFFFFFFFF || begin == 0xFFFFFFFF)
    return refused(path, "is a ZIP64 archive; save its arrays as .npy");
  const auto directory = read_range(path, begin, length);
  if (!directory) return broken(path, "its directory lies outside the file");
  std::vector<ZipMember> members;
  std::size_t at = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::span<const std::uint8_t> rest = std::span(*directory).subspan(at);
    if (rest.size() < entry_bytes || number_at(rest, 0, 4) != 0x02014b50)
      return broken(path, "its directory cannot be understood");
    const std::size_t name = number_at(rest, 28, 2);
    const std::size_t whole = entry_bytes + name + number_at(rest, 30, 2) + number_at(rest, 32, 2);
    if (rest.size() < whole) return broken(path, "its directory breaks off");
    BLOCH_TRY(member, member_at(path, rest));
    member.name.assign(reinterpret_cast<const char*>(rest.data()) + entry_bytes, name);
    members.push_back(std::move(member));
    at += whole;
  }
  return members;
}

namespace {

/// Where the bytes of a member begin.
Result<std::uint64_t> member_begin(const std::filesystem::path& path, const ZipMember& member) {
  const auto local = read_range(path, member.offset, local_header_bytes);
  if (!local || number_at(*local, 0, 4) != 0x04034b50)
    return broken(path, "an array is not where it should be");
  return member.offset + local_header_bytes + number_at(*local, 26, 2) + number_at(*local, 28, 2);
}

} // namespace

Result<std::vector<std::uint8_t>> read_zip_begin(const std::filesystem::path& path, const ZipMember& member,
                                                 std::uint64_t most) {
  BLOCH_TRY(begin, member_begin(path, member));
  const std::uint64_t bytes = std::min(most, member.bytes);
  // Stored blocks and their heads make deflate longer than what it packs by a little.
  const std::uint64_t packed_bytes = std::min(member.stored_bytes, member.deflated ? 2 * bytes + 1024 : bytes);
  auto packed = read_range(path, begin, packed_bytes);
  if (!packed) return broken(path, "an array reaches beyond its end");
  if (!member.deflated) return std::move(*packed);
  return inflate_member(path, *packed, bytes, true);
}

Result<std::vector<std::uint8_t>> read_zip_member(const std::filesystem::path& path, const ZipMember& member) {
  BLOCH_TRY(begin, member_begin(path, member));
  auto packed = read_range(path, begin, member.stored_bytes);
  if (!packed) return broken(path, "an array reaches beyond its end");
  if (member.deflated) {
    BLOCH_TRY(unpacked, inflate_member(path, *packed, member.bytes));
    packed = std::move(unpacked);
  }
  if (packed->size() != member.bytes ||
      crc32(0, packed->data(), static_cast<uInt>(packed->size())) != member.crc)
    return broken(path, "the checksum of an array is wrong");
  return std::move(*packed);
}

} // namespace bloch::imaging::detail
