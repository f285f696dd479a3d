#pragma once

#include <filesystem>
#include <string>

#include "app/cli/command.h"
#include "app/cli/write_dicom.h"

namespace bloch::app {

/// What `convert` is told.
struct ConvertOptions {
  std::filesystem::path input;
  std::string series;
  std::string like;
  std::string out;
  std::string volume; ///< empty: the first, and what is left out is told
  std::string split = "auto";
  std::string resample;
  int segment = 0;
  bool suv = false;
  bool overlays = false;
  DicomTarget target;
};

/// Series, object or image file to an image file, a DICOM series or object. errors: those of reading and
/// writing, invalid_parameter (options that contradict each other: says which)
Result<void> run_convert(const Invocation& invocation, const ConvertOptions& options);

} // namespace bloch::app
