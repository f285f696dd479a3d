#pragma once

#include <array>
#include <complex>
#include <cstdint>
#include <optional>

#include "core/data/value_range.h"
#include "core/data/voxel_grid.h"

namespace bloch {

/// Grey values after the Modality LUT (HU, SUV, arbitrary MR units).
using Volume = VoxelGrid<std::int16_t, float>;
/// Complex reconstruction before the magnitude is taken.
using ComplexVolume = VoxelGrid<std::complex<float>>;
/// Colour images: red, green, blue.
using RgbVolume = VoxelGrid<std::array<std::uint8_t, 3>>;

/// Not-a-number samples and those of the padding are left out; {0, 0} when there are none else.
ValueRange value_range(const Volume& volume, const std::optional<ValueRange>& padding = {});

/// Value below which the given fraction (0 to 1) of the finite samples outside the padding lies; from at most a
/// million samples, evenly taken.
double percentile(const Volume& volume, double fraction, const std::optional<ValueRange>& padding = {});

/// One sample as a number. Contract: inside the grid.
double value_at(const Volume& volume, int x, int y, int z);

/// Trilinear value at a point of the patient; not-a-number outside.
double value_at(const Volume& volume, const WorldPoint& point);

/// float32 copy of the samples (or of one slice z), x fastest.
std::vector<float> to_float(const Volume& volume);
std::vector<float> slice_to_float(const Volume& volume, int z);

/// How bright a colour image is, 0 to 255 (ITU-R BT.601), as int16.
Volume brightness(const RgbVolume& volume);
/// Red, green and blue as grey volumes of int16.
std::array<Volume, 3> channels(const RgbVolume& volume);
/// The colours that such channels came from. Contract: int16, of one size.
RgbVolume colours_of(const Volume& red, const Volume& green, const Volume& blue);

/// Magnitude as float32.
Volume magnitude(const ComplexVolume& volume);

} // namespace bloch
