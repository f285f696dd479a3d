#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/data/image_scale.h"
#include "core/data/value_range.h"
#include "core/data/window_level.h"
#include "core/geometry/volume_geometry.h"

namespace bloch {

/// Something about the data that a reader must know: what it is in one word (kebab-case), and in one sentence.
struct Warning {
  std::string kind; ///< "uneven-spacing", "gantry-tilt", "missing-slices", "duplicate-slices", "no-geometry", …
  std::string message;
};

/// One image among the files of a series.
struct ImagePlace {
  int file = 0;  ///< index into SeriesInfo::files
  int frame = 0; ///< frame of that file, or tile of a mosaic, from 0

  bool operator==(const ImagePlace&) const = default;
};

/// One series as its headers tell it, before any pixel is read.
struct SeriesInfo {
  std::string uid;         ///< SeriesInstanceUID; of a part, ":1", ":2", … behind it
  std::string part;        ///< images of one orientation and size among others: "axial, 1 of 3"; else empty
  std::string modality;    ///< "MR", "CT", "PT", …
  std::string description; ///< SeriesDescription
  std::string protocol;
  std::string body_part;
  std::string date;
  std::string time;
  std::string manufacturer;
  std::string sop_class_uid;
  std::string transfer_syntax; ///< UID
  std::string frame_of_reference_uid;
  std::vector<std::string> image_type; ///< "ORIGINAL", "PRIMARY", …
  int number = 0;
  int instances = 0; ///< files
  int frames = 0;    ///< images in them
  double field_strength_t = 0;
  bool colour = false; ///< red, green and blue instead of grey values
  /// Small values are bright (Presentation LUT Shape INVERSE, which Photometric Interpretation MONOCHROME1
  /// stands for): the values are what the file says, what shows them turns the window's output around.
  bool inverse = false;
  int overlays = 0;   ///< overlay planes (60xx) that its images carry, at most
  bool lossy = false; ///< LossyImageCompression (0028,2110) says 01
  std::string lossy_ratio;
  std::string value_unit; ///< UCUM code of a parametric map's values, "mm2/s"; empty: not said
  double suv_factor =
      0; ///< PET: a value times this is SUVbw in g/ml; 0: it cannot be told (a warning says why)
  std::optional<ValueRange> padding; ///< values that mean "no data" (PixelPaddingValue), in those of the volume
  std::vector<std::filesystem::path> files; ///< in slice order
  /// Grid of the volume; nothing when the images do not form one.
  std::optional<VolumeGeometry> geometry;
  /// Where the first voxel of each slice really lies, when that is not where `geometry` says (tilt, gaps,
  /// uneven or shifted slices); empty: on the grid.
  std::vector<WorldPoint> slice_origins;
  /// Every image: the slices of the first volume in order, then those of the second… Without geometry: in order
  /// of acquisition.
  std::vector<ImagePlace> images;
  std::vector<ImagePlace> left_out;       ///< second images of a place, of incomplete volumes, of other parts
  int volumes = 1;                        ///< volumes of the same grid: echoes, b-values, phases, times
  std::vector<std::string> volume_labels; ///< one a volume when there are several: "echo time 4.92 ms"
  std::string split_by;                   ///< what tells the volumes apart: "echo time"; empty: one volume
  std::vector<WindowLevel> windows;       ///< from the middle image, file order
  std::vector<UltrasoundRegion> regions;  ///< of the files in order; those that say nothing are left out
  std::vector<Warning> warnings;
};

/// SeriesInfo::value_unit of PET values that are SUVbw (UCUM, DICOM CID 84).
inline constexpr const char* suv_unit = "{SUVbw}g/ml";

/// SeriesInstanceUID of a series or of a part of one.
inline std::string series_instance_uid(const SeriesInfo& series) {
  return series.part.empty() ? series.uid : series.uid.substr(0, series.uid.rfind(':'));
}

} // namespace bloch
