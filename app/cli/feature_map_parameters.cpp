#include "app/cli/feature_map_parameters.h"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "core/base/text.h"
#include "core/parameters/fields.h"

namespace bloch::app {
namespace {

constexpr std::array entanglement_names = {"linear", "circular", "full",
                                           "pairs"};   // in the order of quantum::Entanglement
constexpr std::array rotation_names = {"x", "y", "z"}; // in the order of quantum::RotationAxis

struct MapSettings {
  static constexpr quantum::FeatureMapOptions defaults{};
  int reps = defaults.reps;
  std::string entanglement = entanglement_names[static_cast<std::size_t>(defaults.entanglement)];
  double bandwidth = defaults.bandwidth;
  std::string paulis = quantum::FeatureMapOptions{}.paulis;
  std::string pairs;
  std::string rotation = rotation_names[static_cast<std::size_t>(quantum::FeatureMapOptions{}.rotation)];
  double threshold = quantum::FeatureMapOptions{}.threshold;
  int layer_seed = quantum::FeatureMapOptions{}.layer_seed;
};

const Fields<MapSettings>& map_fields() {
  static const Fields<MapSettings> fields =
      Fields<MapSettings>()
          .add("reps", &MapSettings::reps,
               {.label = "repetitions", .help = "how often the layers repeat", .minimum = 1, .maximum = 1000})
          .add("entanglement", &MapSettings::entanglement,
               {.label = "entanglement",
                .help = "which pairs of qubits interact",
                .choices = {entanglement_names.begin(), entanglement_names.end()}})
          .add("bandwidth", &MapSettings::bandwidth,
               {.label = "bandwidth",
                .help = "multiplies the features; the first thing to tune",
                .minimum = 1e-6,
                .maximum = 1e6,
                .scale = ParameterScale::logarithmic})
          .add("paulis", &MapSettings::paulis,
               {.label = "Pauli words", .help = "words of X, Y and Z, one letter a qubit, separated by commas"})
          .add("pairs", &MapSettings::pairs,
               {.label = "pairs", .help = "qubits that interact, such as 0-1,1-3; replaces the entanglement's"})
          .add("rotation", &MapSettings::rotation,
               {.label = "rotation",
                .help = "axis of the rotations; z comes after an H",
                .choices = {rotation_names.begin(), rotation_names.end()}})
          .add("threshold", &MapSettings::threshold,
               {.label = "threshold", .help = "a feature above it is a 1"})
          .add("layer-seed", &MapSettings::layer_seed,
               {.label = "layer seed",
                .help = "draws the fixed angles between the features",
                .minimum = 0,
                .maximum = 2147483647});
  return fields;
}

bool map_uses(const quantum::FeatureMap& map, const std::string& name) {
  if (name == "reps") return map.uses_reps;
  if (name == "entanglement" || name == "pairs") return map.uses_entanglement;
  if (name == "paulis") return map.uses_paulis;
  if (name == "rotation") return map.uses_rotation;
  if (name == "threshold") return map.uses_threshold;
  if (name == "layer-seed") return map.uses_layer_seed;
  return name != "bandwidth" || map.uses_bandwidth;
}

} // namespace

std::vector<Parameter> feature_map_parameters(const quantum::FeatureMap& map) {
  std::vector<Parameter> parameters;
  for (const Parameter& parameter : map_fields().parameters())
    if (map_uses(map, parameter.name)) parameters.push_back(parameter);
  return parameters;
}

Result<quantum::FeatureMapOptions> feature_map_options(const quantum::FeatureMap& map,
                                                       const ParameterSet& given) {
  BLOCH_TRY(complete, with_defaults(feature_map_parameters(map), given));
  BLOCH_TRY(settings, map_fields().from(complete));
  quantum::FeatureMapOptions options;
  options.reps = settings.reps;
  options.bandwidth = settings.bandwidth;
  options.paulis = settings.paulis;
  const auto found = std::find(entanglement_names.begin(), entanglement_names.end(), settings.entanglement);
  options.entanglement = static_cast<quantum::Entanglement>(found - entanglement_names.begin());
  const auto axis = std::find(rotation_names.begin(), rotation_names.end(), settings.rotation);
  options.rotation = static_cast<quantum::RotationAxis>(axis - rotation_names.begin());
  options.threshold = settings.threshold;
  options.layer_seed = settings.layer_seed;
  try {
    options.coupled = quantum::parse_pairs(settings.pairs);
  } catch (const std::invalid_argument& error) {
    return failure(ErrorKind::invalid_parameter, error.what());
  }
  return options;
}

Result<const quantum::FeatureMap*> feature_map_of(std::string_view name) {
  if (const quantum::FeatureMap* map = quantum::find_feature_map(name)) return map;
  std::vector<std::string> names;
  for (const quantum::FeatureMap& map : quantum::feature_maps()) names.push_back(map.name);
  return failure(ErrorKind::invalid_parameter,
                 "there is no feature map '" + std::string(name) + "'" + suggestion(name, names));
}

} // namespace bloch::app
