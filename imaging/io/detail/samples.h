#pragma once

#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <vector>

#include "core/data/volume.h"

namespace bloch::imaging::detail {

enum class SampleType { uint8, int8, uint16, int16, uint32, int32, uint64, int64, float32, float64 };

std::size_t bytes_of(SampleType type);

/// Reverses the bytes of every sample.
void swap_bytes(std::span<std::uint8_t> bytes, std::size_t sample_bytes);

/// A volume of native-order samples: int16 and float32 stay; other whole numbers become int16 when all of them
/// fit, else float32; float64 becomes float32. With slope and intercept: int16 only when the result is whole
/// and fits. Contract: as many bytes as the geometry needs.
Volume to_volume(VolumeGeometry geometry, SampleType type, std::vector<std::uint8_t> bytes, double slope = 1,
                 double intercept = 0);

} // namespace bloch::imaging::detail
