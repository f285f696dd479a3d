#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/data/study.h"
#include "core/data/volume.h"
#include "imaging/adapters/dcmtk_dataset.h"
#include "imaging/dicom/detail/instance.h"
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
  std::shared_ptr<DcmDataset> source; ///< header of an image of what it was made from; nullptr: none
  std::vector<SourceImage> source_images;
  std::string source_series_uid;
  std::string source_study_uid; ///< of the images it was made from; may be another study
  std::string burned_in;        ///< BurnedInAnnotation; empty: left out
  std::vector<std::filesystem::path>
      region_files; ///< a slice each: what its ultrasound regions are in; or none
  /// Where the first voxel of each slice lies, when that is not where the grid says; empty: on the grid.
  std::vector<WorldPoint> slice_origins;
  double stated_thickness_mm = 0; ///< of a slice, as the source's header says it; 0: not said

  WorldPoint origin_of(const VolumeGeometry& geometry, int z) const;
};

/// Patient, study and series of something derived, and what it was made from.
///
/// Patient and study are those of `source`. What made the images and how (General Series and Equipment, PS3.3
/// C.7.3.1, C.7.5.1: device, institution, body part, side, position in the scanner, sequence, lossy history) is
/// what their own series says where `derived.made_from` is DICOM, else what `source` says.
/// Slices that lean, are missing or unevenly spaced keep the places that they have in the series they are of.
/// errors: invalid_parameter (no geometry), unsupported (slices off the grid whose places cannot be told),
///         failed (DCMTK's dictionary is missing)
Result<void> fill_template(SeriesTemplate& target, const VolumeGeometry& geometry, const SeriesPlace& source,
                           const DerivedSeries& derived);

/// The file with the ultrasound regions of each slice of a volume: of the images on whose grid it lies, where
/// that is certain (series of several volumes may have others in each). Empty: none.
std::vector<std::filesystem::path> region_files(const SeriesInfo& series, const VolumeGeometry& geometry);

/// For what needs one grid for all of its frames. errors: unsupported (slices off the grid)
Result<void> check_on_grid(const SeriesTemplate& series);

/// errors: invalid_parameter (not a grid that DICOM can write slice by slice)
Result<void> check_volume(const VolumeGeometry& geometry);

/// As an image names itself in what is made from it.
SourceImage source_image(const Instance& instance, const FrameHeader& frame);

/// "...; not for diagnostic use", once.
std::string comments_of(const std::string& given);

} // namespace bloch::imaging
