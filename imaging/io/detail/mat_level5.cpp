// MAT-files of level 5. source: MathWorks, MAT-File Format, 2019, chapter 1
#include <algorithm>
#include <array>
#include <cstring>
#include <fstream>

#include "core/base/file.h"
#include "imaging/io/detail/file_name.h"
#include "imaging/io/detail/mat_samples.h"
#include "imaging/io/detail/mat_stream.h"
#include "imaging/io/detail/mat_variable.h"

namespace bloch::imaging::detail {
namespace {

constexpr std::uint64_t mat_head_bytes = 128;
constexpr std::uint32_t mi_int32 = 5, mi_uint32 = 6, mi_matrix = 14, mi_compressed = 15;
constexpr std::size_t most_elements = 16384;
constexpr std::size_t most_dimensions = 32;
constexpr std::size_t longest_name = 4096;

/// The tag of a data element; up to four bytes of data stand in the tag itself.
struct MatTag {
  std::uint32_t type = 0, bytes = 0;
  bool small = false;
  std::array<std::uint8_t, 4> data{};
};

std::uint32_t word_at(std::span<const std::uint8_t> bytes, std::size_t at, bool swapped) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i)
    value |= static_cast<std::uint32_t>(bytes[at + i]) << (8 * (swapped ? 3 - i : i));
  return value;
}

MatTag tag_of(std::span<const std::uint8_t, 8> bytes, bool swapped) {
  MatTag tag;
  const std::uint32_t first = word_at(bytes, 0, swapped);
  tag.small = first >> 16 != 0;
  tag.type = tag.small ? first & 0xFFFF : first;
  tag.bytes = tag.small ? first >> 16 : word_at(bytes, 4, swapped);
  std::copy_n(bytes.begin() + 4, 4, tag.data.begin());
  return tag;
}

/// The data elements of one array, one after another.
class MatElements {
 public:
  MatElements(MatStream& stream, bool swapped, const std::filesystem::path& path)
      : stream_(stream)
      , path_(path)
      , swapped_(swapped) {}

  /// Enters the array: its own tag. errors: malformed
  Result<void> begin() {
    std::array<std::uint8_t, 8> bytes{};
    BLOCH_CHECK(stream_.read(bytes));
    const MatTag tag = tag_of(bytes, swapped_);
    if (tag.small || tag.type != mi_matrix) return broken(path_, "a compressed variable is no array");
    if (tag.bytes > stream_.most_bytes()) return claims_too_much();
    left_ = tag.bytes;
    return {};
  }
  /// The next element of the array; its data come from `data`.
  Result<MatTag> next() {
    std::array<std::uint8_t, 8> bytes{};
    if (left_ < bytes.size()) return broken(path_, "a variable breaks off");
    BLOCH_CHECK(stream_.read(bytes));
    left_ -= bytes.size();
    tag_ = tag_of(bytes, swapped_);
    taken_ = 0;
    if (tag_.bytes > (tag_.small ? tag_.data.size() : left_)) return claims_too_much();
    if (!tag_.small) left_ -= tag_.bytes;
    return tag_;
  }
  /// Bytes of the element, from front to back.
  Result<void> data(std::span<std::uint8_t> target) {
    if (target.size() > tag_.bytes - taken_) return broken(path_, "a variable breaks off");
    if (tag_.small)
      std::copy_n(tag_.data.begin() + static_cast<std::ptrdiff_t>(taken_), target.size(), target.begin());
    else
      BLOCH_CHECK(stream_.read(target));
    taken_ += static_cast<std::uint32_t>(target.size());
    return {};
  }
  /// Past the padding to 8 bytes, which the last element may lack.
  Result<void> finish() {
    if (tag_.small) return {};
    const std::uint64_t padding = std::min<std::uint64_t>(left_, (8 - tag_.bytes % 8) % 8);
    left_ -= padding;
    return stream_.skip(padding);
  }
  /// An element of few bytes, whole.
  Result<std::vector<std::uint8_t>> whole(std::size_t most) {
    BLOCH_TRY(tag, next());
    if (tag.bytes > most) return broken(path_, "the head of a variable is longer than it can be");
    std::vector<std::uint8_t> bytes(tag.bytes);
    BLOCH_CHECK(data(bytes));
    BLOCH_CHECK(finish());
    return bytes;
  }
  std::uint32_t type() const { return tag_.type; }
  bool swapped() const { return swapped_; }
  bool deflated() const { return stream_.deflated(); }
  Result<void> check_end() { return stream_.check_end(); }
  const std::filesystem::path& path() const { return path_; }
  tl::unexpected<Error> claims_too_much() const {
    return broken(path_, "a variable claims more than the file holds");
  }

 private:
  MatStream& stream_;
  const std::filesystem::path& path_;
  bool swapped_;
  std::uint64_t left_ = 0; ///< of the array
  MatTag tag_;
  std::uint32_t taken_ = 0; ///< of the element
};

struct MatClass {
  std::uint8_t number;
  const char* name;
  std::optional<SampleType> sample;
};

/// double is read as float32: nothing here computes with more.
constexpr std::array<MatClass, 17> mat_classes{{{1, "cell", {}},
                                                {2, "struct", {}},
                                                {3, "object", {}},
                                                {4, "text", {}},
                                                {5, "sparse", {}},
                                                {6, "double", SampleType::float32},
                                                {7, "single", SampleType::float32},
                                                {8, "int8", SampleType::int8},
                                                {9, "uint8", SampleType::uint8},
                                                {10, "int16", SampleType::int16},
                                                {11, "uint16", SampleType::uint16},
                                                {12, "int32", SampleType::int32},
                                                {13, "uint32", SampleType::uint32},
                                                {14, "int64", SampleType::int64},
                                                {15, "uint64", SampleType::uint64},
                                                {16, "function", {}},
                                                {17, "object", {}}}};
constexpr std::uint8_t opaque_class = 17;

/// Flags, extents and name; the elements then stand before the real part.
Result<MatVariable> read_head(MatElements& elements) {
  const auto& path = elements.path();
  MatVariable variable;
  BLOCH_TRY(flags, elements.whole(8));
  if (flags.size() != 8 || elements.type() != mi_uint32)
    return broken(path, "the head of a variable cannot be understood");
  const std::uint32_t word = word_at(flags, 0, elements.swapped());
  const auto number = static_cast<std::uint8_t>(word & 0xFF);
  const auto found = std::find_if(mat_classes.begin(), mat_classes.end(),
                                  [&](const MatClass& one) { return one.number == number; });
  if (found == mat_classes.end()) return broken(path, "a variable is of a class that MATLAB does not have");
  variable.type = (word & 0x200) != 0 ? "logical" : found->name;
  variable.sample = found->sample;
  variable.complex = (word & 0x800) != 0;
  if (variable.complex) variable.type = "complex " + variable.type;
  if (variable.complex && variable.sample) variable.sample = SampleType::float32;
  if (number != opaque_class) {
    BLOCH_TRY(extents, elements.whole(4 * most_dimensions));
    if (extents.size() < 8 || extents.size() % 4 != 0 ||
        (elements.type() != mi_int32 && elements.type() != mi_uint32))
      return broken(path, "the extents of a variable cannot be understood");
    for (std::size_t at = 0; at < extents.size(); at += 4)
      variable.extents.push_back(static_cast<std::int32_t>(word_at(extents, at, elements.swapped())));
    if (std::any_of(variable.extents.begin(), variable.extents.end(), [](long long n) { return n < 0; }))
      return broken(path, "it claims a negative extent");
  }
  BLOCH_TRY(name, elements.whole(longest_name));
  variable.name = printable({name.begin(), name.end()});
  return variable;
}

/// The real or the imaginary part of an array.
Result<void> read_part(MatElements& elements, const MatSampleTarget& target) {
  const std::size_t count = target.count;
  BLOCH_TRY(tag, elements.next());
  const auto stored = mat_stored_type(tag.type);
  if (!stored) return broken(elements.path(), "a variable holds samples of an unknown type");
  const std::size_t sample_bytes = bytes_of(*stored);
  if (tag.bytes % sample_bytes != 0 || tag.bytes / sample_bytes != count)
    return broken(elements.path(), "a variable does not hold as many samples as it says");
  // Of a compressed variable memory follows what comes out; another one holds what it says, as was seen above.
  if (!elements.deflated()) target.bytes.resize(count * target.parts * bytes_of(target.type));
  constexpr std::size_t piece = std::size_t{1} << 16;
  std::vector<std::uint8_t> bytes(std::min(count, piece) * sample_bytes);
  for (std::size_t at = 0; at < count; at += piece) {
    const std::size_t length = std::min(piece, count - at);
    const auto part = std::span(bytes).first(length * sample_bytes);
    BLOCH_CHECK(elements.data(part));
    if (elements.swapped()) swap_bytes(part, sample_bytes);
    if (!store_mat_samples(*stored, part, at, target))
      return broken(elements.path(), "a variable of whole numbers holds others");
  }
  return elements.finish();
}

Result<bool> is_swapped(const std::filesystem::path& path) {
  std::ifstream file(file_of(path), std::ios::binary);
  std::array<char, mat_head_bytes> head{};
  if (!file.read(head.data(), head.size())) return broken(path, "it is shorter than its head");
  return head[126] == 'M';
}

} // namespace

Result<std::vector<MatVariable>> list_mat5(const std::filesystem::path& path) {
  BLOCH_TRY(swapped, is_swapped(path));
  std::error_code code;
  const std::uint64_t size = std::filesystem::file_size(file_of(path), code);
  if (code) return broken(path, "its size cannot be told");
  std::vector<MatVariable> variables;
  std::size_t seen = 0;
  for (std::uint64_t at = mat_head_bytes; at < size;) {
    if (++seen > most_elements) return broken(path, "it claims more variables than anybody has");
    std::array<std::uint8_t, 8> bytes{};
    MatStream outer(path, at, size - at, false);
    BLOCH_CHECK(outer.read(bytes));
    const MatTag tag = tag_of(bytes, swapped);
    if (tag.small || tag.bytes > size - at - 8) return broken(path, "a variable reaches beyond its end");
    const bool deflated = tag.type == mi_compressed;
    const std::uint64_t begin = deflated ? at + 8 : at;
    const std::uint64_t length = deflated ? tag.bytes : tag.bytes + std::uint64_t{8};
    at += 8 + std::uint64_t{tag.bytes};
    if ((tag.type != mi_matrix && !deflated) || tag.bytes == 0) continue;
    MatStream stream(path, begin, length, deflated);
    MatElements elements(stream, swapped, path);
    BLOCH_CHECK(elements.begin());
    BLOCH_TRY(variable, read_head(elements));
    if (variable.name.empty()) continue; // MATLAB's own: what objects refer to
    variable.begin = begin;
    variable.length = length;
    variable.deflated = deflated;
    variables.push_back(std::move(variable));
  }
  return variables;
}

Result<NpyArray> read_mat5(const std::filesystem::path& path, const MatVariable& variable) {
  BLOCH_TRY(swapped, is_swapped(path));
  MatStream stream(path, variable.begin, variable.length, variable.deflated);
  MatElements elements(stream, swapped, path);
  BLOCH_CHECK(elements.begin());
  const std::uint64_t most = stream.most_bytes();
  BLOCH_TRY(head, read_head(elements));
  BLOCH_TRY(count, checked_count(path, head.extents, most));
  NpyArray array;
  array.extents.assign(head.extents.rbegin(), head.extents.rend());
  array.complex = head.complex;
  array.type = *head.sample;
  const std::size_t parts = head.complex ? 2 : 1;
  if (count > most / parts) return elements.claims_too_much();
  for (std::size_t part = 0; part < parts; ++part)
    BLOCH_CHECK(read_part(elements, {array.bytes, array.type, count, parts, part}));
  BLOCH_CHECK(elements.check_end());
  return array;
}

} // namespace bloch::imaging::detail
