#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "imaging/demo/demo_study.h"
#include "imaging/learning/anomaly.h"
#include "imaging/recon/metrics.h"
#include "imaging/recon/reconstruct.h"

namespace bloch::imaging {

struct DemoStoryRequest {
  DemoStudyRequest study;
  std::vector<std::string> methods{"zero-filled", "cg-sense",
                                   "l1-wavelet"}; ///< the last one is what the pictures dwell on
  std::string normal = "mirror";   ///< where normal tissue is learnt, as parse_normal_region reads it
  ParameterSet anomaly;            ///< what differs from the defaults of `anomaly train`
  double finding_threshold = 0.99; ///< of the quantum map
  double finding_mm3 = 60;         ///< smallest finding
};

struct DemoReconstruction {
  std::string method;
  ReconstructedScan scan;
};

/// The search for anomalies in a part of the series.
struct DemoAnomaly {
  Volume volume; ///< the part that was searched
  LabelMap truth;
  LabelMap brain;
  AnomalyTraining training;
  AnomalyScores scores;
  std::vector<Finding> findings;
};

/// What the demo made and found, for the report and for metrics.json.
struct DemoStory {
  explicit DemoStory(DemoStudy made)
      : study(std::move(made)) {}

  DemoStudy study;
  std::vector<DemoReconstruction> reconstructions;
  double calibration_s = 0; ///< ESPIRiT, once for all methods
  double acceleration = 1;  ///< reached
  int acquired_lines = 0;   ///< of each slice
  std::string simulated;    ///< how k-space was made
  std::optional<DemoAnomaly> anomaly;
  std::vector<std::string> settings; ///< one line each: what was run, as the command line would write it
  double seconds = 0;
};

/// The whole story without a window: study, k-space, reconstructions with their errors, anomaly maps of both
/// twins, metrics.json, report.html and its pictures. The folder appears whole or not at all.
///
/// errors: those of make_demo_study
/// cost:   under two minutes on two cores at the default sizes
Result<DemoStory> run_demo(const std::filesystem::path& folder, const DemoStoryRequest& request = {},
                           const Progress& progress = {});

/// metrics.json: the names of `recon` and `anomaly score` in DESIGN.md.
std::string to_json(const DemoStory& story);

} // namespace bloch::imaging
