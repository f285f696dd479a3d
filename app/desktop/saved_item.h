#pragma once

#include <filesystem>

#include "core/parameters/recipe.h"
#include "core/session/document.h"
#include "imaging/dicom/write_series.h"

namespace bloch::app {

/// What a saved copy says about how it was made: the item's own recipe, or that it is a conversion.
Recipe recipe_of(const Item& item, const std::filesystem::path& output);

/// What a DICOM series or object made of the item says about itself.
imaging::DerivedSeries description_of(const Item& item);

} // namespace bloch::app
