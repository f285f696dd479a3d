#include "imaging/demo/demo_story.h"

#include <algorithm>
#include <chrono>
#include <optional>

#include "core/base/file.h"
#include "core/base/text.h"
#include "imaging/demo/demo_files.h"
#include "imaging/demo/report.h"
#include "imaging/io/kspace_file.h"
#include "imaging/recon/coils.h"

namespace bloch::imaging {
namespace {

using StoryClock = std::chrono::steady_clock;

double seconds_from(StoryClock::time_point begin) {
  return std::chrono::duration<double>(StoryClock::now() - begin).count();
}

Result<std::vector<Sensitivities>> calibrate(const KSpace& kspace, const Progress& progress) {
  std::vector<Sensitivities> maps;
  KSpaceSize size = kspace.size();
  size.slices = 1;
  const SamplingMask mask = sampled_points(kspace);
  BLOCH_TRY(settings, with_defaults(coil_parameters(), {}));
  for (int slice = 0; slice < kspace.size().slices; ++slice) {
    ReconstructionInput input;
    input.size = size;
    input.samples = kspace.slice(slice);
    input.mask = &mask;
    BLOCH_TRY(set, espirit(input, settings));
    maps.push_back(std::move(set));
    progress.report(static_cast<double>(slice + 1) / kspace.size().slices);
    if (progress.cancelled()) return failure(ErrorKind::cancelled, "the demo was stopped");
  }
  return maps;
}

Result<void> reconstruct_all(DemoStory& story, const KSpace& kspace, const DemoStoryRequest& request,
                             const Progress& progress) {
  const auto begin = StoryClock::now();
  ReconstructionTask task;
  BLOCH_TRY(maps, calibrate(kspace, progress.child(0, 0.4, "calibrate")));
  task.slice_sensitivities = std::move(maps);
  story.calibration_s = seconds_from(begin);
  const double share = 0.6 / static_cast<double>(request.methods.size());
  double done = 0.4;
  for (const std::string& method : request.methods) {
    task.method = method;
    BLOCH_TRY(scan, reconstruct(kspace, task, story.study.kspace_reference,
                                progress.child(done, done + share, method)));
    if (!scan.metrics) {
      BLOCH_TRY(metrics, image_metrics(story.study.kspace_reference, magnitude(scan.image)));
      scan.metrics = metrics;
    }
    if (!scan.error) {
      BLOCH_TRY(error, error_map(story.study.kspace_reference, magnitude(scan.image)));
      scan.error = error;
    }
    story.settings.push_back("bloch-cli recon study/kspace.h5 --method " + method + " --out recon/" + method +
                             ".nii.gz");
    story.reconstructions.push_back({method, std::move(scan)});
    done += share;
  }
  return {};
}

struct Slab {
  std::array<int, 3> first{}, last{};
};

/// The brain's bounding box, between the lowest and the highest slice of k-space.
Slab searched_slab(const DemoStudy& study) {
  const auto& size = study.brain_map.geometry().size;
  Slab slab{{size[0], size[1], std::max(0, study.kspace_slices.front() - 2)},
            {0, 0, std::min(size[2] - 1, study.kspace_slices.back() + 2)}};
  const auto brain = study.brain_map.samples<std::uint8_t>();
  for (int z = slab.first[2]; z <= slab.last[2]; ++z)
    for (int y = 0; y < size[1]; ++y)
      for (int x = 0; x < size[0]; ++x)
        if (brain[study.brain_map.offset(x, y, z)]) {
          slab.first = {std::min(slab.first[0], x), std::min(slab.first[1], y), slab.first[2]};
          slab.last = {std::max(slab.last[0], x), std::max(slab.last[1], y), slab.last[2]};
        }
  for (std::size_t i = 0; i < 2; ++i) {
    slab.first[i] = std::max(0, slab.first[i] - 3);
    slab.last[i] = std::min(size[i] - 1, slab.last[i] + 3);
  }
  return slab;
}

VolumeGeometry slab_geometry(const VolumeGeometry& whole, const Slab& slab) {
  VolumeGeometry geometry = whole;
  Eigen::Vector3d corner;
  for (std::size_t i = 0; i < 3; ++i) {
    geometry.size[i] = slab.last[i] - slab.first[i] + 1;
    corner[static_cast<int>(i)] = slab.first[i];
  }
  geometry.origin = whole.to_world({corner});
  return geometry;
}

template <class T, class Grid> std::vector<T> slab_samples(const Grid& grid, const Slab& slab) {
  const auto samples = grid.template samples<T>();
  std::vector<T> cut;
  for (int z = slab.first[2]; z <= slab.last[2]; ++z)
    for (int y = slab.first[1]; y <= slab.last[1]; ++y) {
      const auto row = samples.begin() + static_cast<std::ptrdiff_t>(grid.offset(slab.first[0], y, z));
      cut.insert(cut.end(), row, row + (slab.last[0] - slab.first[0] + 1));
    }
  return cut;
}

Result<void> find_anomalies(DemoStory& story, const DemoStoryRequest& request,
                            const std::filesystem::path& folder, const Progress& progress) {
  const Slab slab = searched_slab(story.study);
  const VolumeGeometry geometry = slab_geometry(story.study.volume.geometry(), slab);
  const Volume volume(geometry, slab_samples<std::int16_t>(story.study.volume, slab));
  const LabelMap truth(geometry, slab_samples<std::uint8_t>(story.study.truth_map, slab));
  const LabelMap brain(geometry, slab_samples<std::uint8_t>(story.study.brain_map, slab));
  BLOCH_TRY(normal, parse_normal_region(request.normal));
  const ParameterSet& settings = request.anomaly;
  BLOCH_TRY(training,
            train_anomaly(volume, normal, brain, settings, progress.child(0, 0.4, "learn normal tissue")));
  BLOCH_CHECK(write_model(folder / "model.json", training.model));
  BLOCH_TRY(scores,
            score_anomaly(volume, training.model, brain, truth, progress.child(0.4, 1, "anomaly maps")));
  BLOCH_TRY(findings, find_findings(scores.quantum.map, scores.classical.map, request.finding_threshold, truth,
                                    request.finding_mm3));
  story.anomaly = DemoAnomaly{volume, truth, brain, training, scores, findings};
  std::string train = "bloch-cli anomaly train anomaly/searched.nii.gz --normal " + request.normal +
                      " --mask anomaly/brain.nii.gz";
  for (const auto& [name, value] : settings.values()) train += " --set " + name + "=" + bloch::to_text(value);
  story.settings.push_back(train + " --out model.json");
  story.settings.push_back(
      "bloch-cli anomaly score anomaly/searched.nii.gz --model model.json --mask anomaly/brain.nii.gz"
      " --truth anomaly/truth.nii.gz --out quantum.nii.gz --out-classical classical.nii.gz");
  return write_anomaly_files(story, folder);
}

Result<void> tell(std::optional<DemoStory>& told, const DemoStoryRequest& request,
                  const std::filesystem::path& folder, const Progress& progress) {
  const auto begin = StoryClock::now();
  BLOCH_TRY(study, make_demo_study(folder / "study", request.study, progress.child(0, 0.15, "demo study")));
  BLOCH_TRY(kspace, read_kspace(study.kspace));
  DemoStory& story = told.emplace(std::move(study));
  const SamplingMask mask = sampled_points(kspace);
  story.acceleration = mask.acceleration();
  story.acquired_lines = static_cast<int>(mask.kept_count()) / kspace.size().kx;
  story.simulated = kspace.simulated;
  BLOCH_CHECK(reconstruct_all(story, kspace, request, progress.child(0.15, 0.55, "reconstruct")));
  BLOCH_CHECK(write_reconstruction_files(story, folder / "recon"));
  BLOCH_CHECK(find_anomalies(story, request, folder / "anomaly", progress.child(0.55, 0.95, "anomaly")));
  story.seconds = seconds_from(begin);
  BLOCH_CHECK(write_file(folder / "metrics.json", to_json(story) + "\n"));
  return write_report(story, folder);
}

/// Paths of the study once the folder has its final name.
void move_places(DemoStudy& study, const std::filesystem::path& folder) {
  const DemoPlaces places = demo_places(folder / "study");
  study.series = places.series;
  study.truth = places.truth;
  study.brain = places.brain;
  study.kspace = places.kspace;
}

} // namespace

Result<DemoStory> run_demo(const std::filesystem::path& folder, const DemoStoryRequest& request,
                           const Progress& progress) {
  std::optional<DemoStory> story;
  BLOCH_CHECK(write_folder(
      folder, [&](const std::filesystem::path& beside) { return tell(story, request, beside, progress); }));
  move_places(story->study, folder);
  progress.report(1);
  return std::move(*story);
}

} // namespace bloch::imaging
