#include <algorithm>
#include <array>
#include <cstdint>
#include <random>
#include <string>

#include "imaging/dicom/write_series.h"

namespace bloch::imaging {

std::string new_uid() {
  std::random_device entropy;
  std::array<std::uint8_t, 16> uuid{};
  for (std::size_t i = 0; i < uuid.size(); i += 4) {
    const std::uint32_t bits = entropy();
    for (std::size_t k = 0; k < 4; ++k) uuid[i + k] = static_cast<std::uint8_t>(bits >> (8 * k));
  }
  uuid[6] = static_cast<std::uint8_t>((uuid[6] & 0x0F) | 0x40); // version 4, RFC 4122
  uuid[8] = static_cast<std::uint8_t>((uuid[8] & 0x3F) | 0x80);
  std::string digits; // the 128 bits as one decimal number, by repeated division
  while (std::any_of(uuid.begin(), uuid.end(), [](std::uint8_t byte) { return byte != 0; })) {
    unsigned remainder = 0;
    for (std::uint8_t& byte : uuid) {
      const unsigned value = remainder * 256 + byte;
      byte = static_cast<std::uint8_t>(value / 10);
      remainder = value % 10;
    }
    digits += static_cast<char>('0' + remainder);
  }
  std::reverse(digits.begin(), digits.end());
  return "2.25." + digits;
}

} // namespace bloch::imaging
