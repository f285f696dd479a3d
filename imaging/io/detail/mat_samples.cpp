#include "imaging/io/detail/mat_samples.h"

#include <algorithm>
#include <cstring>
#include <type_traits>

namespace bloch::imaging::detail {
namespace {

template <class Stored, class Own>
bool convert(std::span<const std::uint8_t> samples, std::uint8_t* target, std::size_t step) {
  if constexpr (std::is_floating_point_v<Stored> && std::is_integral_v<Own>) {
    return false;
  } else {
    for (std::size_t at = 0; at < samples.size(); at += sizeof(Stored), target += step * sizeof(Own)) {
      Stored value;
      std::memcpy(&value, samples.data() + at, sizeof(Stored));
      const Own own = static_cast<Own>(value);
      std::memcpy(target, &own, sizeof(Own));
    }
    return true;
  }
}

template <class Stored>
bool convert_to(SampleType own, std::span<const std::uint8_t> samples, std::uint8_t* target, std::size_t step) {
  switch (own) {
  case SampleType::uint8:
    return convert<Stored, std::uint8_t>(samples, target, step);
  case SampleType::int8:
    return convert<Stored, std::int8_t>(samples, target, step);
  case SampleType::uint16:
    return convert<Stored, std::uint16_t>(samples, target, step);
  case SampleType::int16:
    return convert<Stored, std::int16_t>(samples, target, step);
  case SampleType::uint32:
    return convert<Stored, std::uint32_t>(samples, target, step);
  case SampleType::int32:
    return convert<Stored, std::int32_t>(samples, target, step);
  case SampleType::uint64:
    return convert<Stored, std::uint64_t>(samples, target, step);
  case SampleType::int64:
    return convert<Stored, std::int64_t>(samples, target, step);
  default:
    return convert<Stored, float>(samples, target, step);
  }
}

} // namespace

std::optional<SampleType> mat_stored_type(std::uint32_t type) {
  switch (type) {
  case 1:
    return SampleType::int8;
  case 2:
    return SampleType::uint8;
  case 3:
    return SampleType::int16;
  case 4:
    return SampleType::uint16;
  case 5:
    return SampleType::int32;
  case 6:
    return SampleType::uint32;
  case 7:
    return SampleType::float32;
  case 9:
    return SampleType::float64;
  case 12:
    return SampleType::int64;
  case 13:
    return SampleType::uint64;
  default:
    return std::nullopt;
  }
}

bool store_mat_samples(SampleType stored, std::span<const std::uint8_t> samples, std::size_t at,
                       const MatSampleTarget& target) {
  const std::size_t length = samples.size() / bytes_of(stored);
  const std::size_t own = bytes_of(target.type) * target.parts;
  const std::size_t needed = (at + length) * own;
  if (target.bytes.size() < needed)
    target.bytes.resize(std::min(target.count * own, std::max(needed, 2 * target.bytes.size())));
  std::uint8_t* begin = target.bytes.data() + at * own + target.part * bytes_of(target.type);
  switch (stored) {
  case SampleType::uint8:
    return convert_to<std::uint8_t>(target.type, samples, begin, target.parts);
  case SampleType::int8:
    return convert_to<std::int8_t>(target.type, samples, begin, target.parts);
  case SampleType::uint16:
    return convert_to<std::uint16_t>(target.type, samples, begin, target.parts);
  case SampleType::int16:
    return convert_to<std::int16_t>(target.type, samples, begin, target.parts);
  case SampleType::uint32:
    return convert_to<std::uint32_t>(target.type, samples, begin, target.parts);
  case SampleType::int32:
    return convert_to<std::int32_t>(target.type, samples, begin, target.parts);
  case SampleType::uint64:
    return convert_to<std::uint64_t>(target.type, samples, begin, target.parts);
  case SampleType::int64:
    return convert_to<std::int64_t>(target.type, samples, begin, target.parts);
  case SampleType::float32:
    return convert_to<float>(target.type, samples, begin, target.parts);
  default:
    return convert_to<double>(target.type, samples, begin, target.parts);
  }
}

} // namespace bloch::imaging::detail
