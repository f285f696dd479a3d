#include "imaging/io/detail/samples.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <type_traits>
#include <utility>

namespace bloch::imaging::detail {
namespace {

template <class T> T sample_at(const std::vector<std::uint8_t>& bytes, std::size_t index) {
  T value;
  std::memcpy(&value, bytes.data() + index * sizeof(T), sizeof(T));
  return value;
}

/// Shares the bytes as they are; vectors from operator new are aligned for every sample type.
template <class T> Volume wrap(VolumeGeometry geometry, std::vector<std::uint8_t> bytes) {
  const auto owner = std::make_shared<const std::vector<std::uint8_t>>(std::move(bytes));
  const std::size_t count = owner->size() / sizeof(T);
  return Volume(std::move(geometry),
                std::pair(std::shared_ptr<const T>(owner, reinterpret_cast<const T*>(owner->data())), count));
}

template <class T> bool fits_int16(const std::vector<std::uint8_t>& bytes, double intercept) {
  if constexpr (std::is_floating_point_v<T>) {
    return false;
  } else {
    if (intercept != std::round(intercept)) return false;
    const std::size_t count = bytes.size() / sizeof(T);
    for (std::size_t i = 0; i < count; ++i) {
      const double value = static_cast<double>(sample_at<T>(bytes, i)) + intercept;
      if (value < -32768 || value > 32767) return false;
    }
    return true;
  }
}

template <class T>
Volume converted(VolumeGeometry geometry, std::vector<std::uint8_t> bytes, double slope, double intercept) {
  const std::size_t count = geometry.voxel_count();
  BLOCH_EXPECTS(bytes.size() == count * sizeof(T));
  const bool plain = slope == 1 && intercept == 0;
  if constexpr (std::is_same_v<T, std::int16_t> || std::is_same_v<T, float>)
    if (plain) return wrap<T>(std::move(geometry), std::move(bytes));
  if (slope == 1 && fits_int16<T>(bytes, intercept)) {
    std::vector<std::int16_t> samples(count);
    for (std::size_t i = 0; i < count; ++i)
      samples[i] = static_cast<std::int16_t>(static_cast<double>(sample_at<T>(bytes, i)) + intercept);
    return Volume(std::move(geometry), std::move(samples));
  }
  std::vector<float> samples(count);
  for (std::size_t i = 0; i < count; ++i) {
    const double value = static_cast<double>(sample_at<T>(bytes, i));
    samples[i] = static_cast<float>(plain ? value : value * slope + intercept);
  }
  return Volume(std::move(geometry), std::move(samples));
}

} // namespace

std::size_t bytes_of(SampleType type) {
  switch (type) {
  case SampleType::uint8:
  case SampleType::int8:
    return 1;
  case SampleType::uint16:
  case SampleType::int16:
    return 2;
  case SampleType::uint32:
  case SampleType::int32:
  case SampleType::float32:
    return 4;
  default:
    return 8;
  }
}

void swap_bytes(std::span<std::uint8_t> bytes, std::size_t sample_bytes) {
  for (std::size_t i = 0; i + sample_bytes <= bytes.size(); i += sample_bytes)
    std::reverse(bytes.begin() + static_cast<std::ptrdiff_t>(i),
                 bytes.begin() + static_cast<std::ptrdiff_t>(i + sample_bytes));
}

Volume to_volume(VolumeGeometry geometry, SampleType type, std::vector<std::uint8_t> bytes, double slope,
                 double intercept) {
  switch (type) {
  case SampleType::uint8:
    return converted<std::uint8_t>(std::move(geometry), std::move(bytes), slope, intercept);
  case SampleType::int8:
    return converted<std::int8_t>(std::move(geometry), std::move(bytes), slope, intercept);
  case SampleType::uint16:
    return converted<std::uint16_t>(std::move(geometry), std::move(bytes), slope, intercept);
  case SampleType::int16:
    return converted<std::int16_t>(std::move(geometry), std::move(bytes), slope, intercept);
  case SampleType::uint32:
    return converted<std::uint32_t>(std::move(geometry), std::move(bytes), slope, intercept);
  case SampleType::int32:
    return converted<std::int32_t>(std::move(geometry), std::move(bytes), slope, intercept);
  case SampleType::uint64:
    return converted<std::uint64_t>(std::move(geometry), std::move(bytes), slope, intercept);
  case SampleType::int64:
    return converted<std::int64_t>(std::move(geometry), std::move(bytes), slope, intercept);
  case SampleType::float32:
    return converted<float>(std::move(geometry), std::move(bytes), slope, intercept);
  default:
    return converted<double>(std::move(geometry), std::move(bytes), slope, intercept);
  }
}

} // namespace bloch::imaging::detail
