#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "core/base/result.h"
#include "core/data/label_map.h"
#include "core/data/volume.h"
#include "imaging/dicom/detail/image_marks.h"
#include "imaging/dicom/detail/instance.h"
#include "imaging/dicom/detail/series_template.h"
#include "imaging/dicom/detail/stored_scale.h"

namespace bloch::imaging {

/// DICOM orders slices along the normal: left-handed grids are turned around without moving a voxel.
Volume right_handed(const Volume& volume);
LabelMap right_handed(const LabelMap& labels);

/// MR, CT or Secondary Capture Image Storage, by the modality.
std::string storage_class_of(const std::string& modality);

/// Bytes of the pixels of one slice, which an element of DICOM must hold.
/// errors: invalid_parameter (4 GiB or more)
Result<std::uint32_t> pixel_bytes(const VolumeGeometry& geometry, int bytes_per_pixel);

/// One slice of a volume that is written.
struct SliceOfVolume {
  const Volume& volume;
  StoredScale scale;
  WindowLevel window;
  int z = 0;
  int number = 1;                    ///< InstanceNumber
  const ImageMarks* marks = nullptr; ///< what it says of itself; nullptr: what its series says
};

/// As one instance. Errors: not_writable, failed, invalid_parameter (4 GiB or more)
Result<void> write_slice(const std::filesystem::path& path, const SeriesTemplate& series,
                         const SliceOfVolume& slice);

/// Where a colour image lies, as far as that is known, and what it was made from.
struct ColourPlace {
  FrameHeader plane;
  std::optional<SourceImage> source;
  std::string frame_of_reference_uid; ///< of the plane; empty: that of the series that is written
  std::string burned_in;              ///< what that image says of itself; empty: nothing
  std::filesystem::path file;         ///< of that image; empty: none
};

/// The scale of an ultrasound image (PS3.3 C.8.5.5) is in pixels: it stays true as long as those are the same.
/// source: a file, or empty. geometry: of the images that are written
void copy_regions(DcmItem& dataset, const std::filesystem::path& source, const VolumeGeometry& geometry);

/// Where slice z of a grid lies.
FrameHeader plane_of(const VolumeGeometry& geometry, int z);
/// The same, or where the slice was taken.
FrameHeader plane_of(const SeriesTemplate& series, const VolumeGeometry& geometry, int z);

/// One RGB instance, slice z of the colours. Errors: as of write_slice
Result<void> write_colour_slice(const std::filesystem::path& path, const SeriesTemplate& series,
                                const RgbVolume& colours, const ColourPlace& place, int z);

} // namespace bloch::imaging
