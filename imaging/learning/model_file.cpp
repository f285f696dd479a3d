#include <cmath>

#include <nlohmann/json.hpp>

#include "core/base/file.h"
#include "imaging/learning/anomaly_model.h"
#include "imaging/radiomics/patch_features.h"
#include "quantum/feature_maps/feature_map.h"

namespace bloch::imaging {
namespace {

using ModelJson = nlohmann::ordered_json;

constexpr const char* model_format = "bloch-anomaly-model";
constexpr int model_version = 1;
constexpr std::uintmax_t most_bytes = 256U << 20;

template <class Derived> ModelJson vector_json(const Eigen::DenseBase<Derived>& values) {
  ModelJson json = ModelJson::array();
  for (Eigen::Index i = 0; i < values.size(); ++i) json.push_back(values(i));
  return json;
}

template <class Derived> ModelJson matrix_json(const Eigen::DenseBase<Derived>& values) {
  ModelJson json = ModelJson::array();
  for (Eigen::Index i = 0; i < values.rows(); ++i) json.push_back(vector_json(values.row(i)));
  return json;
}

ModelJson twin_json(const KernelTwin& twin) {
  const PatchKernel& kernel = twin.kernel;
  ModelJson json;
  if (kernel.kind == PatchKernel::Kind::quantum)
    json["kernel"] = {{"kind", "fidelity"},
                      {"map", kernel.map},
                      {"reps", kernel.reps},
                      {"entanglement", kernel.entanglement},
                      {"bandwidth", kernel.bandwidth}};
  else
    json["kernel"] = {{"kind", "rbf"}, {"gamma", kernel.gamma}};
  json["offset"] = twin.offset;
  json["coefficients"] = vector_json(twin.coefficients);
  json["support_angles_rad"] = matrix_json(twin.support);
  json["calibration_scores"] = twin.quantile.sorted();
  return json;
}

ModelJson scaling_json(const AngleScaling& scaling) {
  return {{"rule", "cut((x - centre) / spread, 10) -> minus mean -> axes -> / length -> pi/2 tanh(z / 3)"},
          {"centre", vector_json(scaling.centre)},
          {"spread", vector_json(scaling.spread)},
          {"mean", vector_json(scaling.mean)},
          {"axes", matrix_json(scaling.axes)},
          {"length", vector_json(scaling.length)},
          {"explained_variance", scaling.explained_variance}};
}

// Reading throws nlohmann's exceptions for a wrong type or a missing key, and MalformedModel for what does not
// fit together.
struct MalformedModel : std::runtime_error {
  using std::runtime_error::runtime_error;
};

Eigen::VectorXd vector_of(const ModelJson& json) {
  Eigen::VectorXd result(static_cast<Eigen::Index>(json.size()));
  for (std::size_t i = 0; i < json.size(); ++i) result[static_cast<Eigen::Index>(i)] = json.at(i).get<double>();
  if (!json.is_array() || !result.allFinite()) throw MalformedModel("a list of numbers");
  return result;
}

SampleMatrix matrix_of(const ModelJson& json, Eigen::Index columns) {
  if (!json.is_array()) throw MalformedModel("a table of numbers");
  SampleMatrix result(static_cast<Eigen::Index>(json.size()), columns);
  for (std::size_t i = 0; i < json.size(); ++i) {
    const Eigen::VectorXd row = vector_of(json.at(i));
    if (row.size() != columns) throw MalformedModel("a table whose rows have one length");
    result.row(static_cast<Eigen::Index>(i)) = row.transpose();
  }
  return result;
}

KernelTwin twin_of(const ModelJson& json, Eigen::Index angles) {
  KernelTwin twin;
  const ModelJson& kernel = json.at("kernel");
  if (kernel.at("kind") == "fidelity") {
    twin.kernel.kind = PatchKernel::Kind::quantum;
    twin.kernel.map = kernel.at("map").get<std::string>();
    twin.kernel.reps = kernel.at("reps").get<int>();
    twin.kernel.entanglement = kernel.at("entanglement").get<std::string>();
    twin.kernel.bandwidth = kernel.at("bandwidth").get<double>();
    if (!quantum::find_feature_map(twin.kernel.map))
      throw MalformedModel("a feature map that this version knows");
  } else {
    twin.kernel.gamma = kernel.at("gamma").get<double>();
  }
  twin.offset = json.at("offset").get<double>();
  twin.coefficients = vector_of(json.at("coefficients"));
  twin.support = matrix_of(json.at("support_angles_rad"), angles);
  const auto scores = json.at("calibration_scores").get<std::vector<double>>();
  if (twin.support.rows() != twin.coefficients.size() || twin.support.rows() == 0 || scores.size() < 2 ||
      !std::isfinite(twin.offset))
    throw MalformedModel("support patches with a coefficient each");
  for (const double score : scores)
    if (!std::isfinite(score)) throw MalformedModel("finite scores");
  twin.quantile = ScoreQuantile(scores);
  return twin;
}

AngleScaling scaling_of(const ModelJson& json, Eigen::Index features) {
  AngleScaling scaling;
  scaling.centre = vector_of(json.at("centre"));
  scaling.spread = vector_of(json.at("spread"));
  scaling.mean = vector_of(json.at("mean"));
  scaling.length = vector_of(json.at("length"));
  scaling.axes = matrix_of(json.at("axes"), scaling.length.size());
  scaling.explained_variance = json.at("explained_variance").get<double>();
  const bool fits = scaling.centre.size() == features && scaling.spread.size() == features &&
                    scaling.mean.size() == features && scaling.axes.rows() == features &&
                    scaling.length.size() > 0 && (scaling.spread.array() > 0).all() &&
                    (scaling.length.array() > 0).all();
  if (!fits) throw MalformedModel("a scaling of its features");
  return scaling;
}

Result<AnomalyModel> model_of(const ModelJson& json, const std::string& name) {
  if (!json.is_object() || json.value("format", "") != model_format)
    return failure(ErrorKind::malformed, name + " is not an anomaly model; make one with anomaly train");
  if (json.at("version").get<int>() != model_version)
    return failure(ErrorKind::unsupported, name + " is a model of another version of Bloch; train it again");
  auto data = std::make_shared<AnomalyModelData>();
  BLOCH_TRY(set, parameter_set_from_json(anomaly_parameters(), json.at("settings").dump()));
  BLOCH_TRY(settings, anomaly_fields().from(set));
  data->settings = settings;
  data->version = json.at("bloch").get<std::string>();
  data->normal = json.at("normal").get<std::string>();
  data->families = json.at("families").get<std::string>();
  data->feature_names = json.at("features").get<std::vector<std::string>>();
  data->patches = json.at("patches").get<std::size_t>();
  data->calibration_patches = json.at("calibration_patches").get<std::size_t>();
  BLOCH_TRY(families, find_feature_families(data->families));
  std::vector<std::string> names;
  for (const PatchFeatureFamily* family : families)
    names.insert(names.end(), family->outputs.begin(), family->outputs.end());
  if (names != data->feature_names)
    return failure(ErrorKind::unsupported,
                   name + " was trained on features this version does not compute; train it again");
  data->scaling = scaling_of(json.at("scaling"), static_cast<Eigen::Index>(names.size()));
  data->quantum = twin_of(json.at("quantum"), data->scaling.length.size());
  data->classical = twin_of(json.at("classical"), data->scaling.length.size());
  return AnomalyModel(std::move(data));
}

} // namespace

Result<void> write_model(const std::filesystem::path& path, const AnomalyModel& model) {
  const AnomalyModelData& data = model.data();
  ModelJson json{{"format", model_format},
                 {"version", model_version},
                 {"bloch", data.version},
                 {"note", "for research, not for diagnosis"}};
  json["settings"] = ModelJson::parse(to_json(anomaly_fields().to_set(data.settings)));
  json["normal"] = data.normal;
  json["families"] = data.families;
  json["features"] = data.feature_names;
  json["patches"] = data.patches;
  json["calibration_patches"] = data.calibration_patches;
  json["scaling"] = scaling_json(data.scaling);
  json["quantum"] = twin_json(data.quantum);
  json["classical"] = twin_json(data.classical);
  return write_file(path, std::string_view(json.dump(1) + "\n"));
}

Result<AnomalyModel> read_model(const std::filesystem::path& path) {
  BLOCH_TRY(bytes, read_file(path, most_bytes));
  const std::string name = path.filename().string();
  try {
    return model_of(ModelJson::parse(bytes.begin(), bytes.end()), name);
  } catch (const nlohmann::json::exception&) {
    return failure(ErrorKind::malformed,
                   name + " is not a whole anomaly model; make it again with anomaly train");
  } catch (const MalformedModel& error) {
    return failure(ErrorKind::malformed,
                   name + " should hold " + error.what() + "; make it again with anomaly train");
  }
}

} // namespace bloch::imaging
