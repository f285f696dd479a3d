#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/data/label_map.h"
#include "core/data/study.h"
#include "core/data/volume.h"
#include "imaging/adapters/dcmtk_dataset.h"
#include "imaging/dicom/detail/instance.h"
#include "imaging/dicom/detail/stored_scale.h"
#include "imaging/dicom/write_series.h"

namespace bloch::imaging {

/// An image that a slice was made from.
struct SourceImage {
  std::string sop_class_uid;
  std::string sop_instance_uid;
  int frame = 0;            ///< from 1; 0: the object has one frame
  Eigen::Vector3d position; ///< LPS mm
};

/// What is the same in every instance of a series that is written.
struct SeriesTemplate {
  PatientInfo patient;
  StudyInfo study;
  SeriesInfo series; ///< uid, number, modality, description, frame of reference, image type
  bool derived = true;
  std::string derivation_description;
  std::string image_comments;
  std::string quantity;               ///< UCUM unit of the real-world values, empty: none
  mutable std::mutex source_mutex;    ///< DCMTK's lists move a cursor even when they are only read
  std::shared_ptr<DcmDataset> source; ///< header of an image of the source; nullptr: none
  std::vector<SourceImage> source_images;
  std::string source_series_uid;
  std::string burned_in; ///< BurnedInAnnotation; empty: left out
};

/// Patient, study and series of something derived, and what it was made from.
/// errors: invalid_parameter (no geometry), failed (DCMTK's dictionary is missing)
Result<void> fill_template(SeriesTemplate& target, const VolumeGeometry& geometry, const SeriesPlace& source,
                           const DerivedSeries& derived);

/// DICOM orders slices along the normal: left-handed grids are turned around without moving a voxel.
Volume right_handed(const Volume& volume);
LabelMap right_handed(const LabelMap& labels);

/// MR, CT or Secondary Capture Image Storage, by the modality.
std::string storage_class_of(const std::string& modality);

/// Bytes of the pixels of one slice, which an element of DICOM must hold.
/// errors: invalid_parameter (4 GiB or more)
Result<std::uint32_t> pixel_bytes(const VolumeGeometry& geometry, int bytes_per_pixel);

/// One instance, slice z of the volume. Errors: not_writable, failed, invalid_parameter (4 GiB or more)
Result<void> write_slice(const std::filesystem::path& path, const SeriesTemplate& series, const Volume& volume,
                         const StoredScale& scale, const WindowLevel& window, int z);

/// Where a colour image lies, as far as that is known, and what it was made from.
struct ColourPlace {
  FrameHeader plane;
  std::optional<SourceImage> source;
  std::string frame_of_reference_uid; ///< of the plane; empty: that of the series that is written
  std::string burned_in;              ///< what that image says of itself; empty: nothing
};

/// Where slice z of a grid lies.
FrameHeader plane_of(const VolumeGeometry& geometry, int z);

/// One RGB instance, slice z of the colours. Errors: as of write_slice
Result<void> write_colour_slice(const std::filesystem::path& path, const SeriesTemplate& series,
                                const RgbVolume& colours, const ColourPlace& place, int z);

} // namespace bloch::imaging
