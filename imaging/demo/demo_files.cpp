#include "imaging/demo/demo_files.h"

#include <cmath>

#include <nlohmann/json.hpp>

#include "core/base/text.h"
#include "core/base/version.h"
#include "imaging/dicom/write_series.h"
#include "imaging/io/image_file.h"

namespace bloch::imaging {
namespace {

using Json = nlohmann::ordered_json;

Json json_of(const QualityNumbers& numbers) {
  Json json{{"nrmse", numbers.nrmse}, {"psnr_db", numbers.psnr_db}, {"ssim", nullptr}};
  if (numbers.ssim) json["ssim"] = *numbers.ssim;
  return json;
}

Json json_of(const DemoReconstruction& reconstruction) {
  const ReconstructedScan& scan = reconstruction.scan;
  Json json{{"method", reconstruction.method},
            {"iterations", scan.iterations},
            {"converged", scan.converged},
            {"lambda", scan.lambda},
            {"seconds", {{"solve", scan.seconds.solve}, {"total", scan.seconds.total}}}};
  if (scan.lambda_tv) json["lambda-tv"] = *scan.lambda_tv;
  if (scan.metrics) {
    json["metrics"] = json_of(scan.metrics->plain);
    json["metrics"]["scaled"] = json_of(scan.metrics->scaled);
  }
  return json;
}

Json json_of(const AnomalyScore& score) {
  Json json{{"seconds", score.seconds}};
  if (score.auc) {
    json["auc"] = *score.auc;
    json["auc_ci"] = score.auc_interval;
  }
  return json;
}

Json json_of(const Finding& finding) {
  Json json{{"number", finding.number},
            {"peak_quantum", finding.peak_quantum},
            {"peak_classical", finding.peak_classical},
            {"size_mm3", finding.size_mm3},
            {"centre_mm", {finding.centre.mm[0], finding.centre.mm[1], finding.centre.mm[2]}}};
  if (finding.share_in_truth) json["share_in_truth"] = *finding.share_in_truth;
  return json;
}

Json json_of(const DemoAnomaly& anomaly) {
  Json json{{"quantum", json_of(anomaly.scores.quantum)},
            {"classical", json_of(anomaly.scores.classical)},
            {"voxels", anomaly.scores.voxels},
            {"patches", anomaly.training.patches},
            {"explained_variance", anomaly.training.explained_variance}};
  if (anomaly.scores.auc_difference)
    json["difference"] = {{"auc", *anomaly.scores.auc_difference},
                          {"auc_ci", anomaly.scores.difference_interval},
                          {"verdict", anomaly.scores.verdict}};
  json["findings"] = Json::array();
  for (const Finding& finding : anomaly.findings) json["findings"].push_back(json_of(finding));
  return json;
}

SeriesPlace place_of(const DemoStudy& study) { return {&study.patient, &study.study, &study.series_info}; }

} // namespace

std::string to_json(const DemoStory& story) {
  Json json{{"version", version()},
            {"notice", not_for_diagnosis},
            {"head", story.study.head_name},
            {"lesions", story.study.lesions},
            {"simulated", story.simulated},
            {"acceleration", story.acceleration},
            {"acquired_lines", story.acquired_lines},
            {"calibrate_seconds", story.calibration_s}};
  json["reconstructions"] = Json::array();
  for (const DemoReconstruction& reconstruction : story.reconstructions)
    json["reconstructions"].push_back(json_of(reconstruction));
  if (story.anomaly) json["anomaly"] = json_of(*story.anomaly);
  json["seconds"] = story.seconds;
  return json.dump(2);
}

Result<void> write_reconstruction_files(const DemoStory& story, const std::filesystem::path& folder) {
  BLOCH_CHECK(write_image(folder / "reference.nii.gz", story.study.kspace_reference));
  for (const DemoReconstruction& reconstruction : story.reconstructions) {
    BLOCH_CHECK(
        write_image(folder / (reconstruction.method + ".nii.gz"), magnitude(reconstruction.scan.image)));
    if (reconstruction.scan.error)
      BLOCH_CHECK(
          write_image(folder / ("error-" + reconstruction.method + ".nii.gz"), *reconstruction.scan.error));
  }
  if (story.reconstructions.empty()) return {};
  const DemoReconstruction& last = story.reconstructions.back();
  DerivedSeries derived;
  derived.description =
      "T1 " + last.method + " R " + bloch::to_text(std::round(10 * story.acceleration) / 10) + ", simulated";
  derived.derivation_description =
      std::string("Bloch ") + version() + ": " + last.method + " from " + story.simulated;
  derived.image_comments = "Reconstructed from simulated k-space, not for diagnostic use";
  derived.series_number = 101;
  return write_derived_series(folder / "series", magnitude(last.scan.image), place_of(story.study), derived);
}

Result<void> write_anomaly_files(const DemoStory& story, const std::filesystem::path& folder) {
  const DemoAnomaly& anomaly = *story.anomaly;
  BLOCH_CHECK(write_image(folder / "searched.nii.gz", anomaly.volume));
  BLOCH_CHECK(write_label_map(folder / "brain.nii.gz", anomaly.brain));
  BLOCH_CHECK(write_label_map(folder / "truth.nii.gz", anomaly.truth));
  BLOCH_CHECK(write_image(folder / "quantum.nii.gz", anomaly.scores.quantum.map));
  BLOCH_CHECK(write_image(folder / "classical.nii.gz", anomaly.scores.classical.map));
  DerivedSeries derived;
  derived.description = "Anomaly map (quantum), not for diagnosis";
  derived.derivation_description =
      std::string("Bloch ") + version() +
      ": one-class SVM on patch features, quantum kernel; quantile among training patches";
  derived.image_comments = "Anomaly map of simulated lesions, not for diagnostic use";
  derived.series_number = 102;
  derived.image_type_extra = {"ANOMALY_MAP"};
  derived.quantity = "{0:1}";
  return write_derived_series(folder / "series", anomaly.scores.quantum.map, place_of(story.study), derived);
}

} // namespace bloch::imaging
