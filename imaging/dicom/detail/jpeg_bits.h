#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <span>

namespace bloch::imaging {

/// Bits of entropy-coded JPEG data (T.81 F.2.2.5): byte stuffing is taken out, and a marker ends them. Past the
/// end come zeros, and `overrun` tells.
class JpegBits {
 public:
  explicit JpegBits(std::span<const std::uint8_t> bytes)
      : next_(bytes.data())
      , end_(bytes.data() + bytes.size()) {}

  /// Makes at least 32 bits ready for peek and skip.
  void fill() {
    if (count_ >= 32) return;
    if (end_ - next_ >= 8) {
      std::uint64_t word = 0;
      std::memcpy(&word, next_, 8);
      const std::uint64_t inverse = ~word; // a zero byte of it is an 0xFF
      if (((inverse - 0x0101010101010101ULL) & ~inverse & 0x8080808080808080ULL) == 0) {
        if constexpr (std::endian::native == std::endian::little) word = __builtin_bswap64(word);
        bits_ |= word >> count_;
        next_ += (63 - count_) >> 3;
        count_ |= 56;
        return;
      }
    }
    fill_slowly();
  }

  /// The next 1 to 32 bits, without taking them.
  std::uint32_t peek(int count) const { return static_cast<std::uint32_t>(bits_ >> (64 - count)); }
  void skip(int count) {
    bits_ <<= count;
    count_ -= count;
  }
  std::uint32_t take(int count) {
    if (count == 0) return 0;
    const std::uint32_t value = peek(count);
    skip(count);
    return value;
  }
  /// One bit, at any time.
  bool take_bit() {
    fill();
    return take(1) != 0;
  }
  /// A number of `size` bits as T.81 F.2.2.1 codes it ("EXTEND").
  int take_signed(int size) {
    if (size == 0) return 0;
    const int value = static_cast<int>(take(size));
    return value < 1 << (size - 1) ? value - (1 << size) + 1 : value;
  }

  /// Whether more bits were taken than there were.
  bool overrun() const { return padding_ > count_; }
  /// Drops the rest of the interval and passes the restart marker behind it; false when there is none.
  bool restart() {
    bits_ = 0;
    count_ = padding_ = 0;
    while (end_ - next_ >= 2) {
      if (next_[0] == 0xFF && next_[1] >= 0xD0 && next_[1] <= 0xD7) {
        next_ += 2;
        return true;
      }
      ++next_;
    }
    return false;
  }

 private:
  void fill_slowly() {
    while (count_ <= 56) {
      std::uint64_t byte = 0;
      if (next_ < end_ && *next_ != 0xFF) {
        byte = *next_++;
      } else if (end_ - next_ >= 2 && next_[1] == 0) {
        byte = 0xFF;
        next_ += 2;
      } else {
        padding_ += 8; // the end, or a marker
      }
      bits_ |= byte << (56 - count_);
      count_ += 8;
    }
  }

  const std::uint8_t* next_;
  const std::uint8_t* end_;
  std::uint64_t bits_ = 0; ///< the next bit is the highest
  int count_ = 0;
  int padding_ = 0; ///< of count_, those that were not in the data
};

/// Huffman codes of one table (T.81 annex C).
class HuffmanTable {
 public:
  /// counts: codes of 1 to 16 bits; symbols in their order. False when these are no prefix codes.
  bool set(std::span<const std::uint8_t, 16> counts, std::span<const std::uint8_t> symbols) {
    *this = {};
    std::uint32_t code = 0;
    std::size_t index = 0;
    for (int length = 1; length <= 16; ++length) {
      const std::uint32_t count = counts[static_cast<std::size_t>(length) - 1];
      if (code + count > 1U << length || index + count > symbols.size()) return false;
      auto& row = rows_[static_cast<std::size_t>(length)];
      row = {code, code + count, static_cast<std::uint32_t>(index)};
      for (std::uint32_t i = 0; i < count; ++i, ++index) {
        symbols_[index] = symbols[index];
        if (length > quick_bits) continue;
        const std::size_t first = (code + i) << (quick_bits - length);
        for (std::size_t k = 0; k < std::size_t{1} << (quick_bits - length); ++k)
          quick_[first + k] = {static_cast<std::uint8_t>(length), symbols[index]};
      }
      code = (code + count) << 1;
    }
    ready_ = index > 0;
    return ready_;
  }
  bool ready() const { return ready_; }

  /// The next symbol, after fill(); -1 when the bits are no code.
  int take(JpegBits& bits) const {
    const Quick quick = quick_[bits.peek(quick_bits)];
    if (quick.length > 0) {
      bits.skip(quick.length);
      return quick.symbol;
    }
    const std::uint32_t all = bits.peek(16);
    for (int length = quick_bits + 1; length <= 16; ++length) {
      const std::uint32_t code = all >> (16 - length);
      const Row& row = rows_[static_cast<std::size_t>(length)];
      if (code < row.first || code >= row.end) continue;
      bits.skip(length);
      return symbols_[row.index + code - row.first];
    }
    return -1;
  }

 private:
  static constexpr int quick_bits = 10;
  struct Quick {
    std::uint8_t length = 0, symbol = 0;
  };
  struct Row {
    std::uint32_t first = 0, end = 0, index = 0; ///< codes of one length, and where their symbols begin
  };

  std::array<Quick, 1 << quick_bits> quick_{};
  std::array<Row, 17> rows_{};
  std::array<std::uint8_t, 256> symbols_{};
  bool ready_ = false;
};

} // namespace bloch::imaging
