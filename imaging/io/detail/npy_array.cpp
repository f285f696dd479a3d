#include "imaging/io/detail/npy_array.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <optional>
#include <string_view>

#include "core/base/file.h"
#include "core/base/text.h"
#include "imaging/io/detail/byte_source.h"
#include "imaging/io/detail/file_name.h"

namespace bloch::imaging::detail {
namespace {

static_assert(std::endian::native == std::endian::little);

struct NpyHeader {
  std::string descr;
  bool fortran_order = false;
  std::vector<long long> shape;
};

/// The text after 'key': in the header's dictionary.
std::optional<std::string_view> npy_value(std::string_view text, const std::string& key) {
  const std::size_t at = text.find("'" + key + "'");
  if (at == std::string_view::npos) return std::nullopt;
  const std::size_t colon = text.find(':', at);
  if (colon == std::string_view::npos) return std::nullopt;
  return trimmed(text.substr(colon + 1));
}

std::optional<NpyHeader> parse_npy_header(std::string_view text) {
  const auto descr = npy_value(text, "descr");
  const auto order = npy_value(text, "fortran_order");
  const auto shape = npy_value(text, "shape");
  if (!descr || !order || !shape || descr->size() < 2 || (*descr)[0] != '\'' || !shape->starts_with('('))
    return std::nullopt;
  NpyHeader header;
  const std::size_t quote = descr->find('\'', 1);
  const std::size_t bracket = shape->find(')');
  if (quote == std::string_view::npos || bracket == std::string_view::npos) return std::nullopt;
  header.descr = std::string(descr->substr(1, quote - 1));
  header.fortran_order = order->starts_with("True");
  for (const std::string& part : split(shape->substr(1, bracket - 1), ',')) {
    if (trimmed(part).empty()) continue;
    const auto extent = to_integer(trimmed(part));
    if (!extent) return std::nullopt;
    header.shape.push_back(*extent);
  }
  return header;
}

std::optional<SampleType> npy_type(std::string_view kind) {
  if (kind == "b1" || kind == "u1") return SampleType::uint8;
  if (kind == "i1") return SampleType::int8;
  if (kind == "u2") return SampleType::uint16;
  if (kind == "i2") return SampleType::int16;
  if (kind == "u4") return SampleType::uint32;
  if (kind == "i4") return SampleType::int32;
  if (kind == "u8") return SampleType::uint64;
  if (kind == "i8") return SampleType::int64;
  if (kind == "f4" || kind == "c8") return SampleType::float32;
  if (kind == "f8" || kind == "c16") return SampleType::float64;
  return std::nullopt;
}

/// First extent fastest to last extent fastest.
void to_c_order(NpyArray& array, std::size_t item_bytes) {
  const std::size_t count = array.bytes.size() / item_bytes;
  std::vector<std::uint8_t> turned(array.bytes.size());
  std::vector<std::size_t> index(array.extents.size(), 0);
  for (std::size_t from = 0; from < count; ++from) {
    std::size_t to = 0;
    for (std::size_t axis = 0; axis < index.size(); ++axis)
      to = to * static_cast<std::size_t>(array.extents[axis]) + index[axis];
    std::memcpy(turned.data() + to * item_bytes, array.bytes.data() + from * item_bytes, item_bytes);
    for (std::size_t axis = 0;
         axis < index.size() && ++index[axis] == static_cast<std::size_t>(array.extents[axis]); ++axis)
      index[axis] = 0;
  }
  array.bytes = std::move(turned);
}

/// Bytes in memory, read from front to back as a file is.
class MemorySource {
 public:
  MemorySource(std::span<const std::uint8_t> bytes, const std::filesystem::path& path)
      : bytes_(bytes)
      , path_(path) {}
  Result<void> read(std::span<std::uint8_t> target) {
    if (target.size() > bytes_.size()) return broken(path_, "it ends before its data do");
    std::copy_n(bytes_.begin(), target.size(), target.begin());
    bytes_ = bytes_.subspan(target.size());
    return {};
  }
  std::uint64_t most_bytes() const { return bytes_.size(); }

 private:
  std::span<const std::uint8_t> bytes_;
  const std::filesystem::path& path_;
};

template <class Source>
Result<NpyHeader> read_npy_header(Source& source, const std::filesystem::path& path, std::uint64_t& left) {
  std::array<std::uint8_t, 12> front{};
  BLOCH_CHECK(source.read(std::span(front).first(8)));
  if (std::memcmp(front.data(), "\x93NUMPY", 6) != 0)
    return failure(ErrorKind::malformed, quoted(path) + " is not a NumPy file; check what it is");
  const int version = front[6];
  if (version < 1 || version > 3)
    return refused(path, "is of a NumPy format version that nobody has written yet");
  const std::size_t length_bytes = version == 1 ? 2 : 4;
  BLOCH_CHECK(source.read(std::span(front).subspan(8, length_bytes)));
  std::uint64_t length = 0;
  for (std::size_t i = 0; i < length_bytes; ++i) length |= static_cast<std::uint64_t>(front[8 + i]) << (8 * i);
  if (length > left || length > 65536) return broken(path, "its header claims more than the file holds");
  std::string text(length, ' ');
  BLOCH_CHECK(source.read({reinterpret_cast<std::uint8_t*>(text.data()), text.size()}));
  left -= std::min<std::uint64_t>(left, 8 + length_bytes + length);
  const auto header = parse_npy_header(text);
  if (!header && npy_value(text, "descr").value_or("").starts_with('['))
    return refused(path, "holds records of several fields (a structured type); save one field of numbers");
  if (!header) return broken(path, "its header cannot be understood");
  return *header;
}

/// What is stored, before the samples: their number fits into the `left` bytes behind the header.
struct NpyStored {
  NpyHeader header;
  NpyArray array; ///< without bytes
  std::size_t count = 0, item_bytes = 0;
};

template <class Source>
Result<NpyStored> read_npy_stored(Source& source, std::uint64_t left, const std::filesystem::path& path) {
  BLOCH_TRY(header, read_npy_header(source, path, left));
  const std::string_view kind =
      std::string_view(header.descr).substr(std::min<std::size_t>(1, header.descr.size()));
  const auto type = npy_type(kind);
  if (!type || std::string_view("<>|=").find(header.descr.front()) == std::string_view::npos)
    return refused(path, "holds samples of NumPy type '" + header.descr +
                             "'; convert them to real or complex numbers of 32 or 64 bits");
  NpyArray array;
  array.type = *type;
  array.complex = kind.starts_with('c');
  const std::size_t item_bytes = bytes_of(*type) * (array.complex ? 2 : 1);
  BLOCH_TRY(count, checked_count(path, header.shape, left / item_bytes));
  if (count > left / item_bytes) return broken(path, "it claims more samples than the file holds");
  for (const long long extent : header.shape) array.extents.push_back(static_cast<int>(extent));
  return NpyStored{std::move(header), std::move(array), count, item_bytes};
}

ArrayHead head_of(NpyStored stored) { return {{}, std::move(stored.array.extents), stored.array.complex}; }

template <class Source> Result<NpyArray> read_array(Source& source, const std::filesystem::path& path) {
  BLOCH_TRY(stored, read_npy_stored(source, source.most_bytes(), path));
  auto& [header, array, count, item_bytes] = stored;
  array.bytes.resize(count * item_bytes);
  BLOCH_CHECK(source.read(array.bytes));
  if (header.descr.front() == '>') swap_bytes(array.bytes, bytes_of(array.type));
  if (header.fortran_order) to_c_order(array, item_bytes);
  return std::move(array);
}

} // namespace

std::size_t NpyArray::count() const { return bytes.size() / (bytes_of(type) * (complex ? 2 : 1)); }

Result<NpyArray> read_npy(const std::filesystem::path& path) {
  BLOCH_CHECK(check_readable(path));
  ByteSource source(path);
  return read_array(source, path);
}

Result<ArrayHead> read_npy_head(const std::filesystem::path& path) {
  BLOCH_CHECK(check_readable(path));
  ByteSource source(path);
  BLOCH_TRY(stored, read_npy_stored(source, source.most_bytes(), path));
  return head_of(std::move(stored));
}

Result<ArrayHead> read_npy_head(std::span<const std::uint8_t> begin, std::uint64_t size,
                                const std::filesystem::path& path) {
  MemorySource source(begin, path);
  BLOCH_TRY(stored, read_npy_stored(source, size, path));
  return head_of(std::move(stored));
}

Result<NpyArray> read_npy_bytes(std::span<const std::uint8_t> bytes, const std::filesystem::path& path) {
  MemorySource source(bytes, path);
  return read_array(source, path);
}

std::vector<std::complex<float>> to_complex(const NpyArray& array) {
  std::vector<std::complex<float>> samples(array.count());
  const auto real_count = static_cast<int>(samples.size() * (array.complex ? 2 : 1));
  if (array.complex && array.type == SampleType::float32) {
    std::memcpy(samples.data(), array.bytes.data(), array.bytes.size());
    return samples;
  }
  VolumeGeometry flat;
  flat.size = {real_count, 1, 1};
  const std::vector<float> values = to_float(to_volume(flat, array.type, array.bytes));
  for (std::size_t i = 0; i < samples.size(); ++i)
    samples[i] =
        array.complex ? std::complex<float>(values[2 * i], values[2 * i + 1]) : std::complex<float>(values[i]);
  return samples;
}

Result<void> write_npy(const std::filesystem::path& path, const std::string& descr,
                       std::span<const int> extents, std::span<const std::uint8_t> bytes) {
  std::string header = "{'descr': '" + descr + "', 'fortran_order': False, 'shape': (";
  for (const int extent : extents) header += std::to_string(extent) + ", ";
  if (extents.size() > 1) header.resize(header.size() - 2);
  header += "), }";
  header.append(63 - (10 + header.size()) % 64, ' ');
  header += '\n';
  const std::array<std::uint8_t, 10> magic{0x93,
                                           'N',
                                           'U',
                                           'M',
                                           'P',
                                           'Y',
                                           1,
                                           0,
                                           static_cast<std::uint8_t>(header.size() & 255),
                                           static_cast<std::uint8_t>(header.size() >> 8)};
  const std::array<std::span<const std::uint8_t>, 3> pieces{
      magic, std::span(reinterpret_cast<const std::uint8_t*>(header.data()), header.size()), bytes};
  return write_file(path, pieces);
}

} // namespace bloch::imaging::detail
