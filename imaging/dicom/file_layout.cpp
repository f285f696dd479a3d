#include "imaging/dicom/detail/file_layout.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <optional>
#include <string_view>

#include <fmt/format.h>
#include <zlib.h>

#include "imaging/dicom/detail/private_elements.h"

namespace bloch::imaging {
namespace {

constexpr std::uint32_t undefined_length = 0xFFFFFFFF;
constexpr int deepest_nesting = 48;
constexpr std::size_t longest_header = std::size_t{16} << 20;

struct ElementHead {
  std::uint16_t group = 0;
  std::uint16_t element = 0;
  std::array<char, 2> vr{};
  std::uint32_t length = 0;
  std::uint64_t value = 0; ///< offset of the value
};

Error not_dicom() { return {ErrorKind::unsupported, "not a DICOM file"}; }

Error broken(const char* what, std::uint64_t offset) {
  return {ErrorKind::malformed, fmt::format("damaged DICOM file: {} at byte {}", what, offset)};
}

bool is_vr(const std::uint8_t* bytes) {
  static constexpr std::string_view known =
      "AEASATCSDADSDTFDFLISLOLTOBODOFOLOVOWPNSHSLSQSSSTSVTMUCUIULUNURUSUTUV";
  for (std::size_t i = 0; i + 1 < known.size(); i += 2)
    if (known[i] == static_cast<char>(bytes[0]) && known[i + 1] == static_cast<char>(bytes[1])) return true;
  return false;
}

bool has_long_length(const std::array<char, 2>& vr) {
  const std::string_view name(vr.data(), 2);
  return name == "OB" || name == "OW" || name == "OF" || name == "OD" || name == "OL" || name == "OV" ||
         name == "SQ" || name == "UN" || name == "UC" || name == "UR" || name == "UT" || name == "SV" ||
         name == "UV";
}

/// Goes from element to element; the encoding can differ between the meta header and the data set.
class LayoutWalker {
 public:
  explicit LayoutWalker(const FileBytes& bytes)
      : bytes_(bytes)
      , cursor_(bytes) {}

  bool explicit_vr = true;
  bool big_endian = false;

  std::uint16_t u16(const std::uint8_t* p) const {
    return static_cast<std::uint16_t>(big_endian ? p[0] << 8 | p[1] : p[1] << 8 | p[0]);
  }
  std::uint32_t u32(const std::uint8_t* p) const {
    const auto high = static_cast<std::uint32_t>(u16(big_endian ? p : p + 2));
    return high << 16 | u16(big_endian ? p + 2 : p);
  }
  const std::uint8_t* at(std::uint64_t offset, std::size_t count) { return cursor_.at(offset, count); }
  bool copy(std::uint64_t offset, std::span<std::uint8_t> into) const { return cursor_.copy(offset, into); }
  std::uint64_t end() const { return bytes_.size(); }

  /// Nothing at the end of the file.
  std::optional<ElementHead> head(std::uint64_t offset) {
    const std::uint8_t* p = cursor_.at(offset, 8);
    if (!p) return std::nullopt;
    ElementHead head;
    head.group = u16(p);
    head.element = u16(p + 2);
    const bool item = head.group == 0xFFFE;
    if (!explicit_vr || item || !is_vr(p + 4)) { // some writers mix implicit elements into explicit files
      head.length = u32(p + 4);
      head.value = offset + 8;
      return head;
    }
    head.vr = {static_cast<char>(p[4]), static_cast<char>(p[5])};
    if (!has_long_length(head.vr)) {
      head.length = u16(p + 6);
      head.value = offset + 8;
      return head;
    }
    p = cursor_.at(offset, 12);
    if (!p) return std::nullopt;
    head.length = u32(p + 8);
    head.value = offset + 12;
    return head;
  }

  /// Refuses a value that reaches beyond the file.
  Result<void> check(const ElementHead& head) const {
    if (head.length <= end() - head.value) return {};
    return failure(
        ErrorKind::malformed,
        fmt::format("cut off: element ({:04X},{:04X}) claims {} bytes, but only {} are left in the file",
                    head.group, head.element, head.length, end() - head.value));
  }

  /// Offset behind a sequence (or item) of undefined length whose content begins at `offset`.
  Result<std::uint64_t> skip_sequence(std::uint64_t offset, int depth) {
    if (depth > deepest_nesting) return failure(broken("sequences nested too deeply", offset));
    while (const auto item = head(offset)) {
      if (item->group != 0xFFFE) return failure(broken("a sequence without items", offset));
      if (item->element == 0xE0DD) return item->value;
      if (item->length != undefined_length) {
        BLOCH_CHECK(check(*item));
        offset = item->value + item->length;
        continue;
      }
      BLOCH_TRY(next, skip_item(item->value, depth + 1));
      offset = next;
    }
    return failure(broken("a sequence that does not end", offset));
  }

  Result<std::uint64_t> skip_item(std::uint64_t offset, int depth) {
    if (depth > deepest_nesting) return failure(broken("items nested too deeply", offset));
    while (const auto element = head(offset)) {
      if (element->group == 0xFFFE && element->element == 0xE00D) return element->value;
      BLOCH_TRY(next, skip_value(*element, depth));
      offset = next;
    }
    return failure(broken("an item that does not end", offset));
  }

  Result<std::uint64_t> skip_value(const ElementHead& element, int depth) {
    if (element.length != undefined_length) {
      BLOCH_CHECK(check(element));
      return element.value + element.length;
    }
    const bool was_explicit = explicit_vr;
    if (std::string_view(element.vr.data(), 2) == "UN") explicit_vr = false; // PS3.5 6.2.2
    auto next = skip_sequence(element.value, depth + 1);
    explicit_vr = was_explicit;
    return next;
  }

 private:
  const FileBytes& bytes_;
  ByteCursor cursor_;
};

/// Value of UI elements: printable characters, padded with zero or blank.
std::string uid_value(LayoutWalker& walker, const ElementHead& head) {
  if (head.length > 64) return {};
  const std::uint8_t* p = walker.at(head.value, head.length);
  std::string uid = p ? std::string(reinterpret_cast<const char*>(p), head.length) : std::string();
  while (!uid.empty() && (uid.back() == '\0' || uid.back() == ' ')) uid.pop_back();
  return uid;
}

struct Start {
  std::uint64_t data_set = 0;
  std::string transfer_syntax;
  std::string media_class;
  bool headerless = false;
};

/// Reads group 0002 from `offset`.
Result<Start> read_meta(LayoutWalker& walker, std::uint64_t offset) {
  Start start{offset, {}, {}, false};
  walker.explicit_vr = true;
  walker.big_endian = false;
  while (const auto head = walker.head(start.data_set)) {
    if (head->group != 0x0002) break;
    if (head->length == undefined_length)
      return failure(broken("a meta element of undefined length", start.data_set));
    BLOCH_CHECK(walker.check(*head));
    if (head->element == 0x0002) start.media_class = uid_value(walker, *head);
    if (head->element == 0x0010) start.transfer_syntax = uid_value(walker, *head);
    start.data_set = head->value + head->length;
  }
  return start;
}

/// Implicit or explicit, little or big endian, from the first element of a data set; false when it looks like
/// neither.
bool guess_encoding(LayoutWalker& walker, std::uint64_t offset) {
  const std::uint8_t* p = walker.at(offset, 8);
  if (!p) return false;
  walker.big_endian = p[0] == 0 && p[1] != 0 && p[1] <= 0x20;
  walker.explicit_vr = is_vr(p + 4);
  const std::uint16_t group = walker.u16(p);
  if (group == 0 || group > 0x0020 || group % 2 != 0) return false;
  const auto head = walker.head(offset);
  return head && (head->length == undefined_length || head->length <= walker.end() - head->value);
}

/// A data set at the very beginning, without preamble and meta header.
bool begins_with_data_set(LayoutWalker& walker) {
  const std::uint8_t* p = walker.at(0, 8);
  if (!p) return false;
  const auto group = static_cast<std::uint16_t>(p[0] | p[1] << 8);
  if ((group != 0x0008 && group != 0x0800) || !guess_encoding(walker, 0)) return false;
  p = walker.at(0, 8);
  return walker.u16(p + 2) <= 0x0100;
}

Result<Start> find_start(LayoutWalker& walker) {
  if (const std::uint8_t* magic = walker.at(128, 4); magic && std::memcmp(magic, "DICM", 4) == 0) {
    const std::uint8_t* next = walker.at(132, 4);
    const bool meta = next && next[0] == 2 && next[1] == 0;
    if (meta || !begins_with_data_set(walker))
      return read_meta(walker, 132); // else the magic is part of a value
    return Start{0, {}, {}, true};
  }
  const std::uint8_t* p = walker.at(0, 8);
  if (!p) return failure(not_dicom());
  if (p[0] == 2 && p[1] == 0 && p[3] == 0 && is_vr(p + 4)) {
    BLOCH_TRY(start, read_meta(walker, 0));
    start.headerless = true;
    return start;
  }
  if (!begins_with_data_set(walker)) return failure(not_dicom());
  return Start{0, {}, {}, true};
}

std::string name_encoding(LayoutWalker& walker, const Start& start) {
  if (!guess_encoding(walker, start.data_set)) return "1.2.840.10008.1.2";
  if (!walker.explicit_vr) return "1.2.840.10008.1.2";
  return walker.big_endian ? "1.2.840.10008.1.2.2" : "1.2.840.10008.1.2.1";
}

Result<void> read_fragments(LayoutWalker& walker, std::uint64_t offset, FileLayout& layout) {
  bool table = true;
  const bool extended = !layout.frame_offsets.empty();
  std::uint64_t expected_end = offset;
  while (const auto item = walker.head(offset)) {
    if (item->group != 0xFFFE) return failure(broken("pixel data without items", offset));
    if (item->element == 0xE0DD) return {};
    if (item->length == undefined_length)
      return failure(broken("a pixel fragment of undefined length", offset));
    if (item->length > walker.end() - item->value)
      return failure(ErrorKind::malformed,
                     fmt::format("its pixel data is cut off: a fragment claims {} bytes, but only {} are left",
                                 item->length, walker.end() - item->value));
    if (!table) {
      layout.fragments.push_back({item->value, item->length});
    } else if (!extended) {
      for (std::uint32_t i = 0; i + 4 <= item->length; i += 4)
        if (const auto* p = walker.at(item->value + i, 4)) layout.frame_offsets.push_back(walker.u32(p));
    }
    table = false;
    offset = item->value + item->length;
    expected_end = offset;
  }
  if (layout.fragments.empty()) return failure(broken("pixel data that does not begin", expected_end));
  return {}; // the closing delimiter is missing: everything else is there
}

Result<void> read_offset_table(LayoutWalker& walker, const ElementHead& head, FileLayout& layout) {
  for (std::uint64_t i = 0; i + 8 <= head.length; i += 8)
    if (const auto* p = walker.at(head.value + i, 8))
      layout.frame_offsets.push_back(static_cast<std::uint64_t>(walker.u32(p)) |
                                     static_cast<std::uint64_t>(walker.u32(p + 4)) << 32);
  return {};
}

Result<void> read_pixel_element(LayoutWalker& walker, const ElementHead& head, FileLayout& layout) {
  layout.pixel_element = head.element;
  if (head.length == undefined_length) {
    layout.encapsulated = true;
    return read_fragments(walker, head.value, layout);
  }
  if (head.length > walker.end() - head.value)
    return failure(ErrorKind::malformed, fmt::format("its pixel data is cut off: {} bytes claimed, {} there",
                                                     head.length, walker.end() - head.value));
  layout.pixels = {head.value, head.length};
  layout.bytes_swapped_in_words = walker.big_endian && std::string_view(head.vr.data(), 2) == "OW";
  return {};
}

/// Gathers the elements of a header that are worth parsing.
class HeaderCopy {
 public:
  explicit HeaderCopy(std::vector<std::uint8_t>* header)
      : header_(header) {}

  void add(const LayoutWalker& walker, const ElementHead& head, std::uint64_t begin, std::uint64_t end) {
    const bool group_length = head.element == 0; // would be wrong, and means nothing
    if (!header_ || group_length || (head.group % 2 != 0 && !is_private_element_read(head.group, head.element)))
      return;
    const std::size_t size = header_->size();
    const std::uint64_t length = end - begin;
    if (length <= longest_header - size) {
      header_->resize(size + static_cast<std::size_t>(length));
      if (walker.copy(begin, std::span(*header_).subspan(size))) return;
    }
    header_->clear();
    header_ = nullptr;
  }

 private:
  std::vector<std::uint8_t>* header_;
};

Result<void> read_data_set(LayoutWalker& walker, std::uint64_t offset, FileLayout& layout, HeaderCopy copy) {
  std::size_t elements = 0;
  while (const auto head = walker.head(offset)) {
    if (head->group == 0x7FE0 && (head->element == 0x10 || head->element == 0x08 || head->element == 0x09))
      return read_pixel_element(walker, *head, layout);
    if (head->group == 0 && head->element == 0 && elements > 0) break; // zeros appended to the file
    if (head->group == 0xFFFE) return failure(broken("an item outside of a sequence", offset));
    BLOCH_TRY(next, walker.skip_value(*head, 0));
    if (head->group == 0x7FE0 && head->element == 0x01)
      BLOCH_CHECK(read_offset_table(walker, *head, layout));
    else
      copy.add(walker, *head, offset, next);
    offset = next;
    ++elements;
  }
  if (elements == 0) return failure(ErrorKind::malformed, "a DICOM file without any element");
  return {};
}

Result<Start> read_start(LayoutWalker& walker, FileLayout& layout) {
  BLOCH_TRY(start, find_start(walker));
  layout.headerless = start.headerless;
  if (start.transfer_syntax.empty()) start.transfer_syntax = name_encoding(walker, start);
  layout.transfer_syntax = start.transfer_syntax;
  layout.media_class = start.media_class;
  return start;
}

} // namespace

Result<FileLayout> read_layout(const FileBytes& bytes, std::vector<std::uint8_t>* header) {
  if (header) header->clear();
  LayoutWalker walker(bytes);
  FileLayout layout;
  BLOCH_TRY(start, read_start(walker, layout));
  if (start.transfer_syntax == deflated_syntax) {
    BLOCH_TRY(inflated, inflate_data_set(bytes));
    LayoutWalker inner(inflated);
    BLOCH_CHECK(read_data_set(inner, 0, layout, HeaderCopy(nullptr)));
  } else {
    walker.big_endian = start.transfer_syntax == "1.2.840.10008.1.2.2";
    walker.explicit_vr = start.transfer_syntax != "1.2.840.10008.1.2";
    if (const auto* p = walker.at(start.data_set, 8)) // the header may lie
      walker.explicit_vr = is_vr(p + 4);
    layout.explicit_vr = walker.explicit_vr;
    layout.big_endian = walker.big_endian;
    BLOCH_CHECK(read_data_set(walker, start.data_set, layout, HeaderCopy(header)));
  }
  return layout;
}

Result<FileBytes> inflate_data_set(const FileBytes& bytes) {
  constexpr std::size_t largest = std::size_t{2} << 30;
  LayoutWalker walker(bytes);
  FileLayout layout;
  BLOCH_TRY(start, read_start(walker, layout));
  std::vector<std::uint8_t> packed(static_cast<std::size_t>(bytes.size() - start.data_set));
  if (!bytes.read(start.data_set, packed)) return failure(ErrorKind::malformed, "could not be read to its end");
  z_stream stream{};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) return failure(ErrorKind::failed, "zlib could not start");
  stream.next_in = packed.data();
  stream.avail_in = static_cast<uInt>(std::min<std::size_t>(packed.size(), std::numeric_limits<uInt>::max()));
  std::vector<std::uint8_t> data;
  int state = Z_OK;
  while (state == Z_OK && data.size() < largest) {
    const std::size_t done = data.size();
    data.resize(done + std::max<std::size_t>(65536, done));
    stream.next_out = data.data() + done;
    stream.avail_out = static_cast<uInt>(data.size() - done);
    state = inflate(&stream, Z_NO_FLUSH);
    data.resize(data.size() - stream.avail_out);
  }
  inflateEnd(&stream);
  if (state == Z_OK) return failure(ErrorKind::out_of_memory, "its deflated data set is larger than 2 GB");
  if (state != Z_STREAM_END)
    return failure(ErrorKind::malformed, "its deflated data set is damaged or cut off");
  return FileBytes(std::move(data));
}

} // namespace bloch::imaging
