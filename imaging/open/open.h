#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/data/label_map.h"
#include "core/data/study.h"
#include "core/data/volume.h"
#include "core/jobs/progress.h"

namespace bloch::imaging {

/// A volume with everything known about where it came from.
struct OpenedImage {
  Volume volume;
  std::optional<RgbVolume> colour; ///< of a colour series, on the same grid; the volume is then its brightness
  PatientInfo patient;             ///< without studies; empty for files that name none
  StudyInfo study;                 ///< without series
  SeriesInfo series;
};

/// Whatever a person may drop on the window: DICOM files and folders, archives of them (unpacked for as long as
/// the program runs, see archive.h), and image files of any listed format, which appear as one series each (uid
/// "file:<path>", of an entry of an archive "file:<archive>/<entry>", modality "OT", patient without a name).
/// errors: not_found, cancelled
Result<StudyIndex> index_paths(std::span<const std::filesystem::path> paths, const Progress& progress = {});

/// Reads one series of such an index; volume: which one of SeriesInfo::volumes, from 0.
Result<OpenedImage> open_series(const SeriesPlace& place, const Progress& progress = {}, int volume = 0);

/// What the command line does with INPUT: a path to an image file or to a DICOM file or folder.
///
/// series_uid: which series to take, an image file in it also by its path as seen from there or by its name;
/// empty: the only one, or the DICOM series with the most images when one clearly has most. errors: not_found
/// (empty folder, no such series: lists those there are), unsupported, malformed, cancelled
Result<OpenedImage> open_image(const std::filesystem::path& path, const std::string& series_uid = {},
                               const Progress& progress = {}, int volume = 0);

/// A series by itself, with what it belongs to.
struct ChosenSeries {
  PatientInfo patient; ///< without studies
  StudyInfo study;     ///< without series
  SeriesInfo series;

  SeriesPlace place() const { return {&patient, &study, &series}; }
};

/// The series that open_image would read, unread. An image file comes without geometry. Errors: as open_image
Result<ChosenSeries> choose_series(const std::filesystem::path& path, const std::string& series_uid = {},
                                   const Progress& progress = {});

/// Which volumes of a series a person means, from 0: "3" (from 1), "b-value 1000 s/mm2" or a part of a label
/// that only one volume has, "all". Errors: invalid_parameter (names those there are)
Result<std::vector<int>> volumes_named(const SeriesInfo& series, const std::string& name);

/// All images of a series as one stack, volume after volume, those that are in no volume last: how the series
/// looks before it is split. Says so in its warnings; the steps between slices mean nothing any more. Nothing
/// to undo: the split series is the one that came in. A series of one volume without left-out images stays as
/// it is.
SeriesInfo unsplit(const SeriesInfo& series);

/// A series whose slices do not lie on its grid (SeriesInfo::slice_origins), resampled to a true one; the
/// warning "resampled" takes the place of those it settles. spacing_mm: 0 for the smallest distance of two
/// slices. errors: invalid_parameter (its slices lie on a true grid already), out_of_memory, cancelled
Result<OpenedImage> to_true_grid(const OpenedImage& image, double spacing_mm = 0,
                                 const Progress& progress = {});

/// PET values as standardised uptake values by body weight: SeriesInfo::suv_factor times each, with the windows
/// and the padding; the unit is then suv_unit and the factor 1. errors: unsupported (says why)
Result<OpenedImage> to_suv(const OpenedImage& image);

/// The same voxels in the order of another grid, when they lie at its places and only run along other axes or
/// the other way round; nothing when they lie elsewhere (by more than a hundredth of a voxel).
std::optional<Volume> in_order_of(const Volume& volume, const VolumeGeometry& grid);

/// A mask: any image whose samples are whole numbers from 0 to 65535, or a DICOM segmentation.
Result<LabelMap> open_label_map(const std::filesystem::path& path);
/// errors: malformed (values that are not whole numbers from 0 to 65535)
Result<LabelMap> to_labels(const Volume& volume);

} // namespace bloch::imaging
