#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "core/base/result.h"
#include "core/data/study.h"

namespace bloch::imaging {

/// What tells the volumes of one series apart, in the order in which they are tried.
enum class VolumeKey {
  stack,
  echo_time,
  image_type,
  b_value,
  gradient,
  temporal_position,
  trigger_time,
  inversion_time,
  flip_angle,
  energy,
  acquisition,
  acquisition_time,
  dimensions,
  count
};
inline constexpr std::size_t volume_key_count = static_cast<std::size_t>(VolumeKey::count);
/// "echo time", and the unit behind the value ("ms").
const char* volume_key_name(VolumeKey key);
const char* volume_key_unit(VolumeKey key);

/// One image as its header describes it: where it lies and what it belongs to.
struct FrameHeader {
  int number = 0;                                  ///< frame in the file, or tile of a mosaic, from 0
  std::optional<Eigen::Vector3d> position;         ///< centre of the first pixel, LPS mm
  std::optional<Eigen::Matrix<double, 3, 2>> axes; ///< direction of the columns' index x, of the rows' index y
  std::optional<std::array<double, 2>> pixel_spacing_mm; ///< x, y
  double thickness_mm = 0;
  std::optional<double> stated_step_mm; ///< SpacingBetweenSlices, which may be wrong
  std::array<std::string, volume_key_count> keys;
};

/// One DICOM file, as read up to its pixel data.
struct Instance {
  std::filesystem::path path;
  PatientInfo patient; ///< without studies
  StudyInfo study;     ///< without series
  SeriesInfo series;   ///< what the file says about its series; files, images and geometry empty
  std::string sop_instance_uid;
  int number = 0;            ///< InstanceNumber
  int rows = 0, columns = 0; ///< of one image (of one tile of a mosaic)
  bool colour = false;
  std::string burned_in; ///< BurnedInAnnotation (0028,0301): "YES", "NO", or empty
  bool mosaic = false;
  std::vector<FrameHeader> frames;
  std::optional<ObjectInfo> object; ///< when the file is no image: nothing from `number` on is filled
};

/// Header of one DICOM file.
///
/// errors: not_found, malformed, unsupported (not DICOM)
Result<Instance> read_instance(const std::filesystem::path& path);

} // namespace bloch::imaging
