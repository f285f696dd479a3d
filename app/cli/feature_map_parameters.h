#pragma once

#include <vector>

#include "core/base/result.h"
#include "core/parameters/parameter_set.h"
#include "quantum/feature_maps/feature_map.h"

namespace bloch::app {

/// The settings of a feature map as the command line, forms and lists describe them; only those the map uses.
std::vector<Parameter> feature_map_parameters(const quantum::FeatureMap& map);

/// Errors: invalid_parameter (unknown key, out of range).
Result<quantum::FeatureMapOptions> feature_map_options(const quantum::FeatureMap& map,
                                                       const ParameterSet& given);

/// errors: invalid_parameter, naming the nearest map
Result<const quantum::FeatureMap*> feature_map_of(std::string_view name);

} // namespace bloch::app
