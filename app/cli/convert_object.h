#pragma once

#include <filesystem>
#include <string>

#include "app/cli/command.h"
#include "core/data/dicom_object.h"
#include "core/data/segmentation.h"

namespace bloch::app {

/// What `convert` is told about an object.
struct ObjectConversion {
  std::filesystem::path out;
  int segment = 0;                      ///< 0: all
  const VolumeGeometry* grid = nullptr; ///< of --like: labels are put on it
};

/// Segments to an image file of labels (of fractions, where one segment of a fractional object is written).
/// errors: unsupported (several layers without a choice of segment), those of writing
Result<void> convert_segmentation(const Invocation& invocation, const Segmentation& segmentation,
                                  const ObjectConversion& conversion);

/// Segmentation to an image file, wrapped document to its file, everything else to a text file (.txt).
/// errors: unsupported (a target that the object cannot become: says which it can), those of reading and
/// writing
Result<void> convert_object(const Invocation& invocation, const ObjectInfo& object,
                            const ObjectConversion& conversion);

} // namespace bloch::app
