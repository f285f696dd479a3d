#pragma once

#include <cstdint>

namespace bloch::imaging {

/// A private element that is read somewhere here, or names the creator of one (PS3.5 7.8). Whatever reads a new
/// one adds it: headers are parsed without the others, which are most of a scanner's elements.
constexpr bool is_private_element_read(std::uint16_t group, std::uint16_t element) {
  if (element < 0x0100)
    return group == 0x0019 || group == 0x0029 || group == 0x0043 || group == 0x0065 || group == 0x2001 ||
           group == 0x7053;
  switch (group) {
  case 0x0019: // Siemens: tiles of a mosaic, b-value
    return element == 0x100A || element == 0x100C;
  case 0x0029: // Siemens CSA: image and series header, in any block
    return (element & 0xFF) == 0x10 || (element & 0xFF) == 0x20;
  case 0x0043: // GE: b-value
    return element == 0x1039;
  case 0x0065: // United Imaging: b-value, tiles of a grid
    return element == 0x1009 || element == 0x1050 || element == 0x1051;
  case 0x2001: // Philips: b-value
    return element == 0x1003;
  case 0x7053: // Philips: factor of SUV
    return element == 0x1000;
  default:
    return false;
  }
}

} // namespace bloch::imaging
