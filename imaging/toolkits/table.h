#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/jobs/progress.h"
#include "imaging/archive/archive.h"
#include "imaging/dicom/list_files.h"
#include "imaging/dicom/objects.h"
#include "imaging/dicom/read_colour.h"
#include "imaging/dicom/read_overlays.h"
#include "imaging/dicom/read_series.h"
#include "imaging/dicom/scan.h"
#include "imaging/dicom/true_grid.h"
#include "imaging/dicom/write_objects.h"
#include "imaging/dicom/write_series.h"
#include "imaging/filters/distance.h"
#include "imaging/filters/foreground.h"
#include "imaging/filters/masked_gaussian.h"
#include "imaging/filters/regions.h"

namespace bloch::imaging {

/// The functions of the toolkits' module, by the names of functions.inc.
struct ToolkitFunctions {
  const char* build; ///< of the program and the module, which must be the same
#define BLOCH_TOOLKIT_FUNCTION(id, name, result, parameters, arguments) result(*id) parameters;
#include "imaging/toolkits/functions.inc"
#undef BLOCH_TOOLKIT_FUNCTION
};

} // namespace bloch::imaging
