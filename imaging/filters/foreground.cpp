#include "imaging/filters/foreground.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <itkBinaryBallStructuringElement.h>
#include <itkBinaryMorphologicalClosingImageFilter.h>

#include "imaging/adapters/itk_volume.h"
#include "imaging/filters/regions.h"

namespace bloch::imaging {
namespace {

constexpr double closing_radius_mm = 2;
constexpr double noise_fraction = 0.98;

std::size_t count_set(const std::vector<std::uint8_t>& mask) {
  return static_cast<std::size_t>(std::count(mask.begin(), mask.end(), std::uint8_t{1}));
}

template <class Condition>
std::vector<std::uint8_t> voxels_where(const std::vector<float>& samples, Condition condition) {
  std::vector<std::uint8_t> mask(samples.size());
  std::transform(samples.begin(), samples.end(), mask.begin(), [&](float value) {
    return static_cast<std::uint8_t>(std::isfinite(value) && condition(value));
  });
  return mask;
}

std::array<double, 3> spacing_of(const VolumeGeometry& geometry) {
  return {geometry.spacing_mm[0], geometry.spacing_mm[1], geometry.spacing_mm[2]};
}

} // namespace

double otsu_threshold(std::span<const float> samples) {
  const auto [low, high] = std::minmax_element(samples.begin(), samples.end());
  BLOCH_EXPECTS(low != samples.end());
  const double width = (static_cast<double>(*high) - *low) / 256;
  if (!(width > 0)) return *low;
  std::array<double, 256> histogram{};
  for (const float value : samples) {
    const int bin = static_cast<int>((value - *low) / width);
    histogram[static_cast<std::size_t>(std::clamp(bin, 0, 255))] += 1;
  }
  double whole = 0;
  for (std::size_t i = 0; i < 256; ++i) whole += static_cast<double>(i) * histogram[i];
  const double count = static_cast<double>(samples.size());
  double below = 0, moment = 0, best = -1;
  std::size_t chosen = 0;
  for (std::size_t i = 0; i + 1 < 256; ++i) {
    below += histogram[i];
    moment += static_cast<double>(i) * histogram[i];
    if (below == 0 || below == count) continue;
    const double gap = moment / below - (whole - moment) / (count - below);
    const double between = below * (count - below) * gap * gap;
    if (between > best) {
      best = between;
      chosen = i;
    }
  }
  return *low + width * static_cast<double>(chosen + 1);
}

Result<std::vector<std::uint8_t>> close_mask(std::span<const std::uint8_t> mask, const std::array<int, 3>& size,
                                             const std::array<double, 3>& spacing_mm, double radius_mm) {
  using Image = itk::Image<std::uint8_t, 3>;
  using Ball = itk::BinaryBallStructuringElement<std::uint8_t, 3>;
  try {
    Ball ball;
    Ball::SizeType radius;
    for (unsigned axis = 0; axis < 3; ++axis)
      radius[axis] =
          size[axis] > 1 ? static_cast<itk::SizeValueType>(std::lround(radius_mm / spacing_mm[axis])) : 0;
    ball.SetRadius(radius);
    ball.CreateStructuringElement();
    const auto filter = itk::BinaryMorphologicalClosingImageFilter<Image, Image, Ball>::New();
    filter->SetInput(wrap_as_itk(mask, size, spacing_mm));
    filter->SetKernel(ball);
    filter->SetForegroundValue(1);
    filter->SetSafeBorder(true);
    filter->SetNumberOfWorkUnits(1);
    filter->Update();
    const std::uint8_t* first = filter->GetOutput()->GetBufferPointer();
    return std::vector<std::uint8_t>(first, first + mask.size());
  } catch (const itk::ExceptionObject& error) {
    return failure(ErrorKind::failed, std::string("the mask cannot be closed: ") + error.GetDescription());
  }
}

Result<Foreground> find_foreground(const Volume& volume, bool inverse) {
  std::vector<float> samples = to_float(volume);
  if (inverse) {
    const auto largest = static_cast<float>(value_range(volume).maximum);
    for (float& sample : samples) sample = largest - sample;
  }
  const VolumeGeometry& geometry = volume.geometry();
  Foreground foreground;
  foreground.mask = voxels_where(samples, [](float value) { return value != 0; });
  const std::size_t not_zero = count_set(foreground.mask);
  if (not_zero == 0)
    return failure(ErrorKind::invalid_parameter,
                   inverse ? "every voxel of the image has the same value; choose another image or give a mask"
                           : "every voxel of the image is 0; choose another image or give a mask");
  if (static_cast<double>(not_zero) > noise_fraction * static_cast<double>(samples.size())) {
    std::vector<float> finite;
    finite.reserve(samples.size());
    std::copy_if(samples.begin(), samples.end(), std::back_inserter(finite),
                 [](float value) { return std::isfinite(value); });
    const double threshold = otsu_threshold(finite);
    auto bright = voxels_where(samples, [&](float value) { return value > threshold; });
    if (count_set(bright) > 0) {
      foreground.mask = std::move(bright);
      foreground.warning =
          fmt::format("the background of the image is not {}, so the mask is what lies {} Otsu's "
                      "threshold; give a mask to choose it yourself",
                      inverse ? "its largest value" : "0", inverse ? "below" : "above");
    }
  }
  BLOCH_TRY(closed, close_mask(foreground.mask, geometry.size, spacing_of(geometry), closing_radius_mm));
  BLOCH_TRY(regions, connected_regions(closed, geometry.size, false));
  for (std::size_t i = 0; i < samples.size(); ++i)
    foreground.mask[i] = static_cast<std::uint8_t>(regions.labels[i] == 1 && std::isfinite(samples[i]));
  foreground.voxels = count_set(foreground.mask);
  return foreground;
}

} // namespace bloch::imaging
