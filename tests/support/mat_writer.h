#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bloch::tests {

/// MAT-files of level 5 by the letter of the format, in either byte order.
/// source: MathWorks, MAT-File Format, 2019, chapter 1
class MatWriter {
 public:
  enum Class : std::uint8_t {
    cell = 1,
    structure = 2,
    text = 4,
    sparse = 5,
    real64 = 6,
    real32 = 7,
    int16 = 10
  };
  enum Stored : std::uint32_t {
    stored_int8 = 1,
    stored_uint8 = 2,
    stored_int16 = 3,
    stored_int32 = 5,
    stored_uint32 = 6,
    stored_single = 7,
    stored_double = 9,
    matrix = 14,
    compressed = 15
  };

  explicit MatWriter(bool big_endian = false)
      : big_endian_(big_endian) {}

  template <class T> std::string bytes(std::span<const T> values) const {
    std::string all(values.size_bytes(), '\0');
    std::memcpy(all.data(), values.data(), all.size());
    for (std::size_t at = 0; big_endian_ && at < all.size(); at += sizeof(T))
      std::reverse(all.begin() + static_cast<std::ptrdiff_t>(at),
                   all.begin() + static_cast<std::ptrdiff_t>(at + sizeof(T)));
    return all;
  }
  template <class T> std::string bytes(const std::vector<T>& values) const {
    return bytes(std::span<const T>(values));
  }

  /// Tag, data and padding; with `claimed` other than what there is.
  std::string element(std::uint32_t type, const std::string& data, std::int64_t claimed = -1) const {
    const std::vector<std::uint32_t> tag{
        type, static_cast<std::uint32_t>(claimed < 0 ? static_cast<std::int64_t>(data.size()) : claimed)};
    std::string all = bytes(tag) + data;
    if (type != compressed) all.append((8 - all.size() % 8) % 8, '\0');
    return all;
  }
  /// At most four bytes of data, within the tag.
  std::string small_element(std::uint32_t type, std::string data) const {
    const std::vector<std::uint32_t> tag{static_cast<std::uint32_t>(data.size()) << 16 | type};
    data.resize(4, '\0');
    return bytes(tag) + data;
  }

  /// A whole variable. parts: elements of the real and imaginary part, or whatever else its class has.
  std::string variable(Class type, const std::string& name, const std::vector<std::int32_t>& extents,
                       const std::string& parts, bool complex = false, bool logical = false) const {
    const std::vector<std::uint32_t> flags{type | (complex ? 0x800U : 0U) | (logical ? 0x200U : 0U), 0};
    return element(matrix, element(stored_uint32, bytes(flags)) + element(stored_int32, bytes(extents)) +
                               (name.size() <= 4 && !name.empty() ? small_element(stored_int8, name)
                                                                  : element(stored_int8, name)) +
                               parts);
  }

  std::string file(const std::string& variables) const {
    std::string head = "MATLAB 5.0 MAT-file, written by a test";
    head.resize(124, ' ');
    head += big_endian_ ? std::string("\1\0MI", 4) : std::string("\0\1IM", 4);
    return head + variables;
  }

 private:
  bool big_endian_;
};

} // namespace bloch::tests
