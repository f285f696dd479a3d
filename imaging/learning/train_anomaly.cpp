#include <chrono>
#include <cmath>

#include "core/base/text.h"
#include "core/base/version.h"
#include "imaging/learning/anomaly_model.h"
#include "imaging/learning/normal_patches.h"
#include "imaging/radiomics/patch_features.h"
#include "quantum/feature_maps/feature_map.h"
#include "quantum/kernels/kernel.h"

namespace bloch::imaging {
namespace {

constexpr std::size_t calibration_wanted = 4000;
constexpr std::size_t calibration_least = 200;
constexpr Eigen::Index width_rows = 200; ///< patches that the kernel-mean rule looks at
constexpr double concentrated_deviation =
    0.01; ///< of the off-diagonal: below, the kernel tells patches hardly apart

const char* name_of(NormalRegion::Kind kind) {
  switch (kind) {
  case NormalRegion::Kind::box:
    return "box";
  case NormalRegion::Kind::mirror:
    return "mirror";
  case NormalRegion::Kind::all:
    return "all";
  case NormalRegion::Kind::other:
    return "other";
  }
  return "";
}

std::string families_of(const AnomalySettings& settings, NormalRegion::Kind kind) {
  const bool wanted =
      settings.asymmetry == "on" || (settings.asymmetry == "auto" && kind == NormalRegion::Kind::mirror);
  std::vector<std::string> names;
  for (const std::string& name : split(settings.features, ','))
    if (settings.asymmetry != "off" || trimmed(name) != "asymmetry") names.emplace_back(trimmed(name));
  if (wanted && std::find(names.begin(), names.end(), "asymmetry") == names.end())
    names.emplace_back("asymmetry");
  return join(names, ",");
}

KernelDiagnostics diagnostics_of(const SampleMatrix& gram) {
  const quantum::GramDiagnostics found = quantum::diagnose(gram);
  KernelDiagnostics result;
  result.off_diagonal_mean = found.off_diagonal_mean;
  result.off_diagonal_deviation = found.off_diagonal_deviation;
  result.effective_rank = found.effective_rank;
  const Eigen::Index kept = std::min<Eigen::Index>(32, found.eigenvalues.size());
  result.eigenvalues.assign(found.eigenvalues.data(), found.eigenvalues.data() + kept);
  result.rows = static_cast<int>(gram.rows());
  result.gram.resize(static_cast<std::size_t>(gram.size()));
  for (Eigen::Index i = 0; i < gram.size(); ++i)
    result.gram[static_cast<std::size_t>(i)] = static_cast<float>(gram.data()[i]);
  return result;
}

/// What a twin is fitted and scaled on.
struct TwinData {
  const SampleMatrix& fit;
  const SampleMatrix& calibration;
  double nu;
  double kernel_mean;
  std::optional<double> width;
};

Result<KernelDiagnostics> fit_twin(KernelTwin& twin, const TwinData& data, std::vector<std::string>& warnings,
                                   const std::string& name) {
  const auto start = std::chrono::steady_clock::now();
  if (data.width)
    twin.kernel.width() = *data.width;
  else {
    BLOCH_TRY(reached, set_width_by_mean(twin.kernel, data.fit.topRows(std::min(width_rows, data.fit.rows())),
                                         data.kernel_mean));
    if (!reached)
      warnings.push_back("no width of the " + name + " kernel reaches the mean of " +
                         to_text(data.kernel_mean) + "; it stays at 1");
  }
  BLOCH_TRY(gram, twin.kernel.gram(data.fit));
  BLOCH_TRY(machine, fit_one_class_svm(gram, data.nu));
  twin.support.resize(static_cast<Eigen::Index>(machine.support.size()), data.fit.cols());
  twin.coefficients.resize(twin.support.rows());
  for (std::size_t i = 0; i < machine.support.size(); ++i) {
    twin.support.row(static_cast<Eigen::Index>(i)) = data.fit.row(machine.support[i]);
    twin.coefficients[static_cast<Eigen::Index>(i)] = machine.coefficients[i];
  }
  twin.offset = machine.offset;
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  BLOCH_TRY(scores, twin.scores(data.calibration));
  twin.quantile = ScoreQuantile(std::move(scores));
  KernelDiagnostics diagnostics = diagnostics_of(gram);
  diagnostics.seconds = seconds;
  diagnostics.support = static_cast<int>(twin.support.rows());
  diagnostics.width = twin.kernel.width();
  if (diagnostics.off_diagonal_deviation < concentrated_deviation)
    warnings.push_back("the " + name + " kernel is concentrated (values between patches " +
                       to_text(std::round(diagnostics.off_diagonal_mean * 1e4) / 1e4) + " +- " +
                       to_text(std::round(diagnostics.off_diagonal_deviation * 1e4) / 1e4) +
                       "), so it tells patches hardly apart; set bandwidth and gamma to auto");
  return diagnostics;
}

Result<void> check_map(const AnomalySettings& settings) {
  const quantum::FeatureMap* map = quantum::find_feature_map(settings.map);
  BLOCH_EXPECTS(map);
  try {
    const int qubits = map->qubits(settings.qubits);
    if (qubits > 12)
      return failure(ErrorKind::invalid_parameter,
                     "the map needs " + std::to_string(qubits) + " qubits; choose 12 or fewer");
  } catch (const std::invalid_argument& error) {
    return failure(ErrorKind::invalid_parameter, std::string("the feature map refuses: ") + error.what());
  }
  return {};
}

/// Splits the drawn patches into those fitted on and those that set the scale.
void split_patches(const SampleMatrix& all, std::size_t fit_wanted, SampleMatrix& fit,
                   SampleMatrix& calibration, std::vector<std::string>& warnings) {
  const auto count = static_cast<std::size_t>(all.rows());
  if (count >= fit_wanted + calibration_least) {
    fit = all.topRows(static_cast<Eigen::Index>(fit_wanted));
    calibration = all.bottomRows(static_cast<Eigen::Index>(count - fit_wanted));
    return;
  }
  if (count >= 3 * calibration_least) { // a small region: two thirds and one third
    const auto part = static_cast<Eigen::Index>(count - count / 3);
    fit = all.topRows(part);
    calibration = all.bottomRows(all.rows() - part);
    return;
  }
  fit = calibration = all;
  warnings.push_back("only " + std::to_string(count) +
                     " patches of normal tissue: the scale of the map is set by the patches that were fitted, "
                     "which flatters them");
}

} // namespace

Result<AnomalyTraining> train_anomaly(const Volume& volume, const NormalRegion& normal,
                                      const std::optional<LabelMap>& mask, const ParameterSet& parameters,
                                      const Progress& progress) {
  BLOCH_TRY(settings, anomaly_fields().from(parameters));
  BLOCH_CHECK(check_map(settings));
  auto data = std::make_shared<AnomalyModelData>();
  data->settings = settings;
  data->normal = name_of(normal.kind);
  data->families = families_of(settings, normal.kind);
  data->version = version();
  const auto fit_wanted = static_cast<std::size_t>(settings.training_patches);
  BLOCH_TRY(patches, draw_normal_patches(volume, normal, mask, settings, data->families,
                                         fit_wanted + calibration_wanted, progress.child(0, 0.6, "features")));
  const auto least = static_cast<Eigen::Index>(std::max(40, 5 * settings.qubits));
  if (patches.features.rows() < least)
    return failure(ErrorKind::invalid_parameter, "only " + std::to_string(patches.features.rows()) +
                                                     " patches of normal tissue, but " + std::to_string(least) +
                                                     " are needed; choose a larger region");
  data->feature_names = patches.feature_names;
  SampleMatrix fit, calibration;
  split_patches(patches.features, fit_wanted, fit, calibration, patches.warnings);
  BLOCH_TRY(scaling, fit_angle_scaling(fit, settings.qubits));
  data->scaling = scaling;
  const SampleMatrix fit_angles = scaling.angles(fit), calibration_angles = scaling.angles(calibration);
  data->patches = static_cast<std::size_t>(fit.rows());
  data->calibration_patches = static_cast<std::size_t>(calibration.rows());
  data->quantum.kernel = {PatchKernel::Kind::quantum, 1, settings.map, settings.reps, settings.entanglement, 1};
  data->classical.kernel = {PatchKernel::Kind::rbf, 1, {}, 0, {}, 1};
  progress.child(0.6, 0.8, "quantum kernel").report(0);
  BLOCH_TRY(quantum,
            fit_twin(data->quantum,
                     {fit_angles, calibration_angles, settings.nu, settings.kernel_mean, settings.bandwidth},
                     patches.warnings, "quantum"));
  if (progress.cancelled()) return failure(ErrorKind::cancelled, "stopped");
  progress.child(0.8, 1, "classical kernel").report(0);
  BLOCH_TRY(classical,
            fit_twin(data->classical,
                     {fit_angles, calibration_angles, settings.nu, settings.kernel_mean, settings.gamma},
                     patches.warnings, "classical"));
  progress.report(1);
  AnomalyTraining training{AnomalyModel(data),         std::move(quantum),         std::move(classical),
                           data->feature_names,        scaling.explained_variance, data->patches,
                           std::move(patches.warnings)};
  return training;
}

} // namespace bloch::imaging
