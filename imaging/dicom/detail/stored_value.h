#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "imaging/dicom/detail/pixel_source.h"

namespace bloch::imaging {

/// Sample number i of bytes that need not be aligned.
template <class T> T load_sample(const std::uint8_t* bytes, std::size_t i) {
  T sample;
  std::memcpy(&sample, bytes + i * sizeof(T), sizeof(T));
  return sample;
}

/// Container bits to the stored value: high bit, bits stored and sign (PS3.5 8.1.1).
class StoredValue {
 public:
  StoredValue(const PixelFormat& format, int bits_allocated) {
    const int stored = std::min(format.bits_stored, bits_allocated);
    const int high =
        bits_allocated == format.bits_allocated ? format.high_bit : stored - 1; // decoders align to the right
    shift_ = std::max(0, high + 1 - stored);
    mask_ = stored >= 32 ? 0xFFFFFFFFULL : (1ULL << stored) - 1;
    sign_ = format.is_signed ? 1ULL << (stored - 1) : 0;
  }

  std::int64_t operator()(std::uint64_t container) const {
    const std::uint64_t bits = container >> shift_ & mask_;
    return static_cast<std::int64_t>(bits ^ sign_) - static_cast<std::int64_t>(sign_);
  }
  /// The same for containers of 8 and 16 bits, in numbers that the processor takes several at once.
  std::int32_t narrow(std::uint32_t container) const {
    const auto bits = static_cast<std::int32_t>(container >> shift_ & static_cast<std::uint32_t>(mask_));
    return (bits ^ static_cast<std::int32_t>(sign_)) - static_cast<std::int32_t>(sign_);
  }
  std::int64_t smallest() const { return -static_cast<std::int64_t>(sign_); }

 private:
  int shift_ = 0;
  std::uint64_t mask_ = 0;
  std::uint64_t sign_ = 0;
};

} // namespace bloch::imaging
