#include "imaging/recon/map_coverage.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>

namespace bloch::imaging {
namespace {

constexpr double scarce_share = 0.9; // a body fills more than a tenth of any usual field of view

} // namespace

double empty_share(const Sensitivities& maps) {
  const std::size_t pixels =
      static_cast<std::size_t>(maps.x) * static_cast<std::size_t>(maps.y) * static_cast<std::size_t>(maps.z);
  if (pixels == 0 || maps.samples.empty()) return 1;
  std::vector<std::uint8_t> seen(pixels, 0);
  for (std::size_t begin = 0; begin < maps.samples.size(); begin += pixels)
    for (std::size_t i = 0; i < pixels; ++i)
      if (maps.samples[begin + i] != std::complex<float>()) seen[i] = 1;
  return static_cast<double>(std::count(seen.begin(), seen.end(), 0)) / static_cast<double>(pixels);
}

std::string slices_text(const std::vector<int>& slices) {
  constexpr std::size_t named = 5;
  std::string text = slices.size() > 1 ? "slices " : "slice ";
  for (std::size_t i = 0; i < std::min(slices.size(), named); ++i) {
    const bool last = i + 1 == slices.size();
    text += (i == 0 ? "" : last ? " and " : ", ") + std::to_string(slices[i]);
  }
  if (slices.size() > named) text += " and " + std::to_string(slices.size() - named) + " others";
  return text;
}

std::optional<std::string> scarce_maps_warning(const std::vector<double>& shares,
                                               const std::vector<int>& slices) {
  double worst = 0;
  std::vector<int> scarce;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    worst = std::max(worst, shares[i]);
    if (shares[i] > scarce_share && i < slices.size()) scarce.push_back(slices[i]);
  }
  if (!(worst > scarce_share)) return std::nullopt;
  std::array<char, 32> percent{};
  std::snprintf(percent.data(), percent.size(), "%.1f", 100 * worst);
  return (scarce.empty() ? std::string() : slices_text(scarce) + ": ") + "the coil maps are zero on " +
         (scarce.size() > 1 ? "up to " : "") + percent.data() +
         " % of the pixels, where the image is black; acquire a larger calibration region (or allow one with "
         "the "
         "setting calibration), or try another threshold or a lower crop";
}

} // namespace bloch::imaging
