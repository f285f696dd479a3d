#include "core/data/volume.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace bloch {

namespace {

/// Says of a sample whether it stands for "no data"; in floats, as the samples are kept.
class PaddingTest {
 public:
  explicit PaddingTest(const std::optional<ValueRange>& padding)
      : first_(padding ? static_cast<float>(padding->minimum) : std::numeric_limits<float>::infinity())
      , last_(padding ? static_cast<float>(padding->maximum) : -std::numeric_limits<float>::infinity()) {}

  bool operator()(float sample) const { return sample >= first_ && sample <= last_; }

 private:
  float first_, last_;
};

} // namespace

ValueRange value_range(const Volume& volume, const std::optional<ValueRange>& padding) {
  return volume.visit([is_padding = PaddingTest(padding)](auto samples) {
    ValueRange range{std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};
    for (const auto sample : samples) {
      if (is_padding(static_cast<float>(sample))) continue;
      const double value = static_cast<double>(sample);
      if (value < range.minimum) range.minimum = value;
      if (value > range.maximum) range.maximum = value;
    }
    return range.minimum <= range.maximum ? range : ValueRange{};
  });
}

double percentile(const Volume& volume, double fraction, const std::optional<ValueRange>& padding) {
  BLOCH_EXPECTS(fraction >= 0 && fraction <= 1);
  return volume.visit([&, is_padding = PaddingTest(padding)](auto samples) {
    const std::size_t step = std::max<std::size_t>(1, samples.size() / 1'000'000);
    std::vector<float> values;
    values.reserve(samples.size() / step + 1);
    for (std::size_t i = 0; i < samples.size(); i += step) {
      const auto value = static_cast<float>(samples[i]);
      if (std::isfinite(value) && !is_padding(value)) values.push_back(value);
    }
    if (values.empty()) return 0.0;
    const auto rank = values.begin() + static_cast<std::ptrdiff_t>(
                                           std::llround(fraction * static_cast<double>(values.size() - 1)));
    std::nth_element(values.begin(), rank, values.end());
    return static_cast<double>(*rank);
  });
}

double value_at(const Volume& volume, int x, int y, int z) {
  const std::size_t offset = volume.offset(x, y, z);
  BLOCH_EXPECTS(offset < volume.voxel_count());
  return volume.visit([&](auto samples) { return static_cast<double>(samples[offset]); });
}

double value_at(const Volume& volume, const WorldPoint& point) {
  const VolumeGeometry& geometry = volume.geometry();
  const VoxelIndex voxel = geometry.to_voxel(point);
  if (!geometry.contains(voxel)) return std::numeric_limits<double>::quiet_NaN();
  int low[3];
  int high[3];
  double weight[3];
  for (int axis = 0; axis < 3; ++axis) {
    const int last = geometry.size[static_cast<std::size_t>(axis)] - 1;
    const double place = std::clamp(voxel.index[axis], 0.0, static_cast<double>(last));
    low[axis] = static_cast<int>(place);
    high[axis] = std::min(low[axis] + 1, last);
    weight[axis] = place - low[axis];
  }
  double sum = 0;
  for (int corner = 0; corner < 8; ++corner) {
    const double share = (corner & 1 ? weight[0] : 1 - weight[0]) * (corner & 2 ? weight[1] : 1 - weight[1]) *
                         (corner & 4 ? weight[2] : 1 - weight[2]);
    if (share > 0)
      sum += share * value_at(volume, corner & 1 ? high[0] : low[0], corner & 2 ? high[1] : low[1],
                              corner & 4 ? high[2] : low[2]);
  }
  return sum;
}

std::vector<float> to_float(const Volume& volume) {
  return volume.visit([](auto samples) { return std::vector<float>(samples.begin(), samples.end()); });
}

std::vector<float> slice_to_float(const Volume& volume, int z) {
  const std::size_t count =
      static_cast<std::size_t>(volume.geometry().size[0]) * static_cast<std::size_t>(volume.geometry().size[1]);
  BLOCH_EXPECTS(z >= 0 && z < volume.geometry().size[2]);
  return volume.visit([&](auto samples) {
    const auto slice = samples.subspan(count * static_cast<std::size_t>(z), count);
    return std::vector<float>(slice.begin(), slice.end());
  });
}

Volume brightness(const RgbVolume& volume) {
  const auto samples = volume.samples<std::array<std::uint8_t, 3>>();
  std::vector<std::int16_t> values(samples.size());
  std::transform(samples.begin(), samples.end(), values.begin(), [](const auto& c) {
    return static_cast<std::int16_t>(std::lround(0.299 * c[0] + 0.587 * c[1] + 0.114 * c[2]));
  });
  return {volume.geometry(), std::move(values)};
}

std::array<Volume, 3> channels(const RgbVolume& volume) {
  const auto samples = volume.samples<std::array<std::uint8_t, 3>>();
  const auto channel = [&](std::size_t which) {
    std::vector<std::int16_t> values(samples.size());
    std::transform(samples.begin(), samples.end(), values.begin(),
                   [which](const auto& c) { return static_cast<std::int16_t>(c[which]); });
    return Volume(volume.geometry(), std::move(values));
  };
  return {channel(0), channel(1), channel(2)};
}

RgbVolume colours_of(const Volume& red, const Volume& green, const Volume& blue) {
  BLOCH_EXPECTS(red.geometry().size == green.geometry().size && red.geometry().size == blue.geometry().size);
  std::vector<std::array<std::uint8_t, 3>> colours(red.voxel_count());
  std::size_t channel = 0;
  for (const Volume* volume : {&red, &green, &blue}) {
    const auto values = volume->samples<std::int16_t>();
    for (std::size_t i = 0; i < values.size(); ++i) colours[i][channel] = static_cast<std::uint8_t>(values[i]);
    ++channel;
  }
  return {red.geometry(), std::move(colours)};
}

Volume magnitude(const ComplexVolume& volume) {
  const auto samples = volume.samples<std::complex<float>>();
  std::vector<float> values(samples.size());
  std::transform(samples.begin(), samples.end(), values.begin(),
                 [](std::complex<float> s) { return std::abs(s); });
  return {volume.geometry(), std::move(values)};
}

} // namespace bloch
