#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "app/cli/command.h"
#include "imaging/dicom/write_series.h"
#include "imaging/open/open.h"

namespace bloch::app {

/// What kind of DICOM object `convert` writes.
struct DicomTarget {
  std::string out;                   ///< a new folder, or a .dcm file for objects that are one file
  std::string kind;                  ///< one of dicom_kinds(), or empty: by the modality of the source
  std::string unit;                  ///< UCUM code of the values
  std::optional<double> threshold;   ///< for seg: the label is 1 where a value reaches it
  bool fractional = false;           ///< for seg: the values are probabilities, and are kept as such
  bool occupancy = false;            ///< for seg: the values are how much of a voxel is occupied, and are kept
  std::vector<std::string> segments; ///< for seg: "1=Lesion"

  /// The values are labels, not amounts: a place between two voxels has the nearest one's.
  bool holds_labels() const { return kind == "seg" && !threshold && !keeps_fractions(); }
  bool keeps_fractions() const { return fractional || occupancy; }
};

/// "mr", "ct", "secondary-capture", "multi-frame-secondary-capture", "enhanced-mr", "enhanced-ct",
/// "parametric-map", "seg".
const std::vector<std::string>& dicom_kinds();
/// Whether the kind is one file, which may be named instead of a folder.
bool is_single_file(const std::string& kind);

/// images: one; several on one grid are the volumes of a series or an enhanced object, or fractional segments
/// source: what gives patient, study and frame of reference; it may be the image itself
/// errors: invalid_parameter (labels that are no whole numbers, a segment text without '='), those of writing
Result<void> write_dicom_as(const Invocation& invocation, const DicomTarget& target,
                            std::span<const imaging::OpenedImage> images, const imaging::OpenedImage& source,
                            imaging::DerivedSeries derived);

} // namespace bloch::app
