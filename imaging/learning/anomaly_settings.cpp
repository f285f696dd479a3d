#include "imaging/learning/anomaly_settings.h"

#include "core/base/text.h"
#include "imaging/learning/anomaly.h"
#include "imaging/radiomics/patch_features.h"
#include "quantum/feature_maps/feature_map.h"

namespace bloch::imaging {
namespace {

std::vector<std::string> map_names() {
  std::vector<std::string> names;
  for (const quantum::FeatureMap& map : quantum::feature_maps()) names.push_back(map.name);
  return names;
}

std::string family_names() {
  std::vector<std::string> names;
  for (const PatchFeatureFamily& family : patch_feature_families()) names.push_back(family.name);
  return join(names, ",");
}

Fields<AnomalySettings> make_fields() {
  using S = AnomalySettings;
  return Fields<S>()
      .add("qubits", &S::qubits,
           {.label = "Qubits", .help = "principal components kept, one a qubit", .minimum = 2, .maximum = 12})
      .add("patch-mm", &S::patch_mm,
           {.label = "Patch",
            .help = "side of the patch that features are taken from",
            .unit = "mm",
            .minimum = 1,
            .maximum = 20,
            .step = 0.5})
      .add("features", &S::features,
           {.label = "Features", .help = "families of patch features, comma-separated: " + family_names()})
      .add("contrast", &S::contrast,
           {.label = "Contrast",
            .help =
                "which grey values can be odd: any, only brighter or only darker than the median of the mask",
            .choices = {"any", "bright", "dark"}})
      .add("asymmetry", &S::asymmetry,
           {.label = "Asymmetry",
            .help = "also the difference to the mirrored side; auto: when the mirrored side is what normal is "
                    "learnt from",
            .choices = {"auto", "on", "off"}})
      .add("map", &S::map, {.label = "Feature map", .help = "quantum feature map", .choices = map_names()})
      .add("reps", &S::reps,
           {.label = "Repetitions", .help = "layers of the feature map", .minimum = 1, .maximum = 8})
      .add("entanglement", &S::entanglement,
           {.label = "Entanglement",
            .help = "which pairs of qubits the map couples",
            .choices = {"linear", "circular", "full", "pairs"}})
      .add("bandwidth", &S::bandwidth,
           {.label = "Bandwidth",
            .help = "multiplies the angles of the quantum map; auto: so that the mean kernel value between "
                    "training patches is kernel-mean",
            .minimum = 1e-3,
            .maximum = 10,
            .scale = ParameterScale::logarithmic})
      .add("gamma", &S::gamma,
           {.label = "RBF gamma",
            .help = "of the classical twin; auto: by the same rule",
            .minimum = 1e-4,
            .maximum = 1e4,
            .scale = ParameterScale::logarithmic})
      .add("kernel-mean", &S::kernel_mean,
           {.label = "Kernel mean",
            .help = "mean kernel value between different training patches that bandwidth and gamma aim at when "
                    "they are auto",
            .minimum = 0.01,
            .maximum = 0.99,
            .step = 0.05})
      .add("nu", &S::nu,
           {.label = "nu",
            .help = "share of training patches that may lie outside what is learnt as normal",
            .minimum = 0.001,
            .maximum = 0.9,
            .step = 0.01})
      .add("training-patches", &S::training_patches,
           {.label = "Training patches",
            .help = "patches both twins are fitted on; others of the same region set the scale of the map",
            .minimum = 50,
            .maximum = 4000})
      .add("stride", &S::stride,
           {.label = "Stride",
            .help = "score every n-th voxel along each axis and interpolate between",
            .unit = "voxels",
            .minimum = 1,
            .maximum = 8})
      .add("seed", &S::seed,
           {.label = "Seed",
            .help = "of the choice of patches and of the bootstrap",
            .minimum = 0,
            .maximum = 2147483647});
}

} // namespace

const Fields<AnomalySettings>& anomaly_fields() {
  static const Fields<AnomalySettings> fields = make_fields();
  return fields;
}

Contrast contrast_of(const AnomalySettings& settings) {
  if (settings.contrast == "bright") return Contrast::bright;
  return settings.contrast == "dark" ? Contrast::dark : Contrast::any;
}

const std::vector<Parameter>& anomaly_parameters() { return anomaly_fields().parameters(); }

Result<NormalRegion> parse_normal_region(std::string_view text) {
  NormalRegion region;
  if (text == "all") return region;
  if (text == "mirror") {
    region.kind = NormalRegion::Kind::mirror;
    return region;
  }
  if (!text.starts_with("box="))
    return failure(ErrorKind::invalid_parameter,
                   "'" + std::string(text) +
                       "' is no normal region; write box=x0,y0,z0,x1,y1,z1, mirror, all or a file");
  const auto parts = split(text.substr(4), ',');
  region.kind = NormalRegion::Kind::box;
  bool good = parts.size() == 6;
  for (std::size_t i = 0; good && i < 6; ++i) {
    const auto number = to_integer(trimmed(parts[i]));
    good = number && *number >= 0 && *number < (1LL << 30);
    if (good) (i < 3 ? region.first[i] : region.last[i - 3]) = static_cast<int>(*number);
  }
  for (std::size_t axis = 0; good && axis < 3; ++axis) good = region.first[axis] <= region.last[axis];
  if (!good)
    return failure(ErrorKind::invalid_parameter, "'" + std::string(text) +
                                                     "' is no box; write box=x0,y0,z0,x1,y1,z1 with six voxel "
                                                     "numbers, the first corner not beyond the last");
  return region;
}

} // namespace bloch::imaging
