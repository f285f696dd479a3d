#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/data/study.h"
#include "core/data/volume.h"
#include "core/jobs/progress.h"

namespace bloch::imaging {

/// What a derived series says about itself.
struct DerivedSeries {
  std::string description;            ///< SeriesDescription, "T1 l1-wavelet R 4"
  std::string derivation_description; ///< DerivationDescription (0008,2111): algorithm, settings, version
  std::string image_comments;         ///< always holds "not for diagnostic use"; simulated data say so
  int series_number = 0;              ///< 0: source's number + 100
  std::vector<std::string> image_type_extra; ///< third and later values of ImageType
  std::string modality;                      ///< empty: the source's
  std::string quantity; ///< unit of the real-world value mapping: "" for arbitrary units, "{0:1}" for a score
  std::string frame_of_reference_uid; ///< of the grid; empty: the source's
  /// Small values are bright (SeriesInfo::inverse), which goes out as MONOCHROME1; nothing: as of what it was
  /// made from.
  std::optional<bool> inverse;
  /// What the pixels were read from, where that is not the source: it says what is burned into them.
  const SeriesInfo* made_from = nullptr;
  /// Which volumes of that series (of the source, where made_from is missing) the values are, from 0; empty:
  /// they are none of them, as a reconstruction.
  std::vector<int> volumes;
  double time_step_ms = 0; ///< between the volumes of an image file; 0: not known, or no times
};

/// Writes one uint16 instance a slice by the rules of DESIGN.md 4: UIDs 2.25.<uuid>, new series and instances,
/// study and frame of reference kept from the source, DERIVED\SECONDARY, rescale and real-world value mapping.
///
/// source: the series whose patient, study, equipment and frame of reference go out again. Files of it may be
/// empty
///         (k-space without a DICOM source): then a new study of an anonymous patient is made.
/// Slices that lean, are missing or unevenly spaced (SeriesInfo::slice_origins) stay where they were taken.
/// errors: not_writable, invalid_parameter (geometry that is no geometry), unsupported (a grid between such
///         slices), cancelled. The folder appears whole
/// or not at all.
Result<void> write_derived_series(const std::filesystem::path& folder, const Volume& volume,
                                  const SeriesPlace& source, const DerivedSeries& derived,
                                  const Progress& progress = {});

/// Volumes of one grid (echoes, times, b-values) as one series, volume after volume; InstanceNumber runs over
/// all.
///
/// derived.volumes: one for each. Every instance says what its image says in the source: echo, trigger and
///         acquisition time, temporal position, b-value and gradient, image type. Volumes of an image file get
///         those of a source with as many volumes on the same grid, else temporal positions, with the time
///         between them where the file says it.
/// Whole numbers come back as they were. Other values of volumes that differ in time alone share one rescale
/// and one window; echoes, b-values and image types have their own.
/// errors: as above, invalid_parameter too (the grids differ)
Result<void> write_derived_series(const std::filesystem::path& folder, std::span<const Volume> volumes,
                                  const SeriesPlace& source, const DerivedSeries& derived,
                                  const Progress& progress = {});

/// The same for colour images: RGB of 8 bits as Secondary Capture, whatever the modality.
///
/// series: what the colours were read from: each image goes where its own header says, or nowhere. Without
/// images, the grid of the colours says where they lie.
Result<void> write_derived_colours(const std::filesystem::path& folder, const RgbVolume& colours,
                                   const SeriesInfo& series, const SeriesPlace& source,
                                   const DerivedSeries& derived, const Progress& progress = {});

/// An original MR series of our own making (the demo study): every attribute comes from the three structs.
Result<void> write_original_series(const std::filesystem::path& folder, const Volume& volume,
                                   const PatientInfo& patient, const StudyInfo& study, const SeriesInfo& series,
                                   const Progress& progress = {});

/// A new unique identifier, 2.25.<decimal of a random UUID> (PS3.5 B.2).
std::string new_uid();

} // namespace bloch::imaging
