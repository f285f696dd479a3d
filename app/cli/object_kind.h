#pragma once

#include <filesystem>
#include <string>

#include "app/cli/command.h"
#include "core/data/series.h"

namespace bloch::app {

/// A name that ends in .dcm, in any case, and is no folder: one DICOM object.
bool is_dicom_file(const std::filesystem::path& out);

/// Which of dicom_kinds() one .dcm file becomes without --as: what is one file already stays what it is;
/// anything else follows --like, an enhanced MR or CT by the modality of the values, where that is known. Says
/// so where the answer is not what --like is.
///
/// pixels: what the values come from
/// like:   nullptr without --like
/// errors: invalid_parameter (nothing says which: names the choices)
Result<std::string> object_kind(const Invocation& invocation, const SeriesInfo& pixels, const SeriesInfo* like);

} // namespace bloch::app
