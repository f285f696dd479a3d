#include <algorithm>
#include <cmath>

#include "imaging/radiomics/patch_features.h"

namespace bloch::imaging {
namespace {

constexpr int level_count = 8;
constexpr std::uint8_t no_level = 255;

/// Equal bins between the 1st and 99th percentile of the mask; what lies beyond goes to the end bins.
std::vector<std::uint8_t> grey_levels(const FeatureVolume& volume) {
  std::vector<float> inside;
  for (std::size_t i = 0; i < volume.mask.size(); ++i)
    if (volume.mask[i]) inside.push_back(volume.intensity[i]);
  std::sort(inside.begin(), inside.end());
  const double low = quantile_of_sorted(inside, 0.01), high = quantile_of_sorted(inside, 0.99);
  const double width = high > low ? (high - low) / level_count : 1;
  std::vector<std::uint8_t> levels(volume.mask.size(), no_level);
  for (std::size_t i = 0; i < levels.size(); ++i)
    if (volume.mask[i])
      levels[i] = static_cast<std::uint8_t>(
          std::clamp(static_cast<int>(std::floor((volume.intensity[i] - low) / width)), 0, level_count - 1));
  return levels;
}

class TextureFeature final : public PatchFeature {
 public:
  explicit TextureFeature(const FeatureVolume& volume)
      : volume_(volume)
      , levels_(grey_levels(volume)) {
    const std::ptrdiff_t row = volume.size[0], plane = row * volume.size[1];
    const std::array<int, 3>& half = volume.half;
    for (int z = 0; z <= 1; ++z)
      for (int y = -1; y <= 1; ++y)
        for (int x = -1; x <= 1; ++x) {
          const bool forward = z > 0 || (z == 0 && (y > 0 || (y == 0 && x > 0)));
          if (!forward || (x != 0 && half[0] == 0) || (y != 0 && half[1] == 0) || (z != 0 && half[2] == 0))
            continue;
          for (int pz = -half[2]; pz + z <= half[2]; ++pz)
            for (int py = std::max(-half[1], -half[1] - y); py <= std::min(half[1], half[1] - y); ++py)
              for (int px = std::max(-half[0], -half[0] - x); px <= std::min(half[0], half[0] - x); ++px) {
                const std::ptrdiff_t from = pz * plane + py * row + px;
                pairs_.push_back({from, from + z * plane + y * row + x});
              }
        }
    logarithms_.resize(2 * pairs_.size() + 1, 0.0);
    for (std::size_t i = 1; i < logarithms_.size(); ++i)
      logarithms_[i] = static_cast<double>(i) * std::log2(static_cast<double>(i));
  }

  void compute(const Patch& patch, std::span<double> outputs) const override {
    std::array<int, level_count * level_count> counts{};
    const std::uint8_t* levels = levels_.data() + patch.centre;
    int total = 0;
    for (const auto& [from, to] : pairs_) {
      const int a = levels[from], b = levels[to];
      if (a == no_level || b == no_level) continue;
      ++counts[static_cast<std::size_t>(a * level_count + b)];
      ++total;
    }
    outputs[0] = outputs[1] = outputs[2] = 0;
    if (total == 0) return;
    double contrast = 0, homogeneity = 0, logarithm = 0;
    for (int a = 0; a < level_count; ++a)
      for (int b = a; b < level_count; ++b) {
        const int both = counts[static_cast<std::size_t>(a * level_count + b)] +
                         counts[static_cast<std::size_t>(b * level_count + a)];
        if (both == 0) continue;
        const int pairs = a == b ? both / 2 : both;
        contrast += pairs * (b - a) * (b - a);
        homogeneity += pairs / (1.0 + (b - a) * (b - a));
        // Symmetric matrix: cells (a, b) and (b, a) hold `both` each, (a, a) twice its count.
        logarithm += a == b ? logarithms_[static_cast<std::size_t>(both)]
                            : 2 * logarithms_[static_cast<std::size_t>(both)];
      }
    const double all = 2.0 * total;
    outputs[0] = contrast / total;
    outputs[1] = homogeneity / total;
    outputs[2] = std::log2(all) - logarithm / all;
  }

 private:
  const FeatureVolume& volume_;
  std::vector<std::uint8_t> levels_;
  std::vector<std::pair<std::ptrdiff_t, std::ptrdiff_t>>
      pairs_;                      ///< offsets of neighbours within a patch, 13 directions
  std::vector<double> logarithms_; ///< n log2 n
};

Result<std::unique_ptr<PatchFeature>> make_texture(const FeatureVolume& volume) {
  return std::make_unique<TextureFeature>(volume);
}

} // namespace

PatchFeatureFamily texture_feature() {
  return {"texture",
          "Grey-level co-occurrence",
          "Contrast, homogeneity (inverse difference moment) and entropy of the symmetric co-occurrence "
          "matrix: 8 grey levels, "
          "neighbours at one voxel in all directions together.",
          "Haralick 1973, doi:10.1109/TSMC.1973.4309314",
          {"texture-contrast", "texture-homogeneity", "texture-entropy"},
          make_texture};
}

} // namespace bloch::imaging
