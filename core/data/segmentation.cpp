#include "core/data/segmentation.h"

#include <algorithm>

namespace bloch {

std::array<std::uint8_t, 3> default_colour(int number) {
  // Okabe and Ito 2008: told apart by every kind of colour vision.
  static constexpr std::array<std::array<std::uint8_t, 3>, 7> colours = {{{230, 159, 0},
                                                                          {86, 180, 233},
                                                                          {0, 158, 115},
                                                                          {240, 228, 66},
                                                                          {0, 114, 178},
                                                                          {213, 94, 0},
                                                                          {204, 121, 167}}};
  return colours[static_cast<std::size_t>(std::max(0, number - 1)) % colours.size()];
}

} // namespace bloch
