#pragma once

#include <vector>

#include "app/cli/convert_run.h"
#include "imaging/open/open.h"

namespace bloch::app {

/// Volumes of a series, not read yet.
struct WantedVolumes {
  imaging::ChosenSeries chosen;
  std::vector<int> numbers;
};

/// What --volume says; the first where it says nothing.
std::string named_volume(const ConvertOptions& options);

/// The series that is named, and its volumes. errors: not_found, invalid_parameter (says which volumes there
/// are)
Result<WantedVolumes> choose_wanted(const Invocation& invocation, const ConvertOptions& options);

/// Each volume with its values, on a true grid and as SUV where that is asked for.
/// errors: those of reading; unsupported (no PET)
Result<std::vector<imaging::OpenedImage>>
read_wanted(const Invocation& invocation, const ConvertOptions& options, const WantedVolumes& wanted);

/// Whether what is written can hold several volumes: a NIfTI file of four dimensions without --like, a DICOM
/// series, or segments. errors: invalid_parameter (what else can be done)
Result<void> check_several(const ConvertOptions& options, bool dicom);

/// Says what tells the volumes of an image file apart in the DICOM that they become (marks of `like`,
/// where it has as many on the same grid).
void tell_names(const Invocation& invocation, const std::vector<imaging::OpenedImage>& images,
                const imaging::OpenedImage& like);

/// Several volumes as one NIfTI file of four dimensions.
Result<void> write_several(const Invocation& invocation, const ConvertOptions& options,
                           const std::vector<imaging::OpenedImage>& images);

} // namespace bloch::app
