#include <chrono>
#include <cmath>
#include <map>

#include "imaging/learning/anomaly_model.h"
#include "imaging/learning/roc.h"
#include "imaging/parallel/parallel_for.h"
#include "imaging/radiomics/patch_features.h"

namespace bloch::imaging {
namespace {

using Clock = std::chrono::steady_clock;

constexpr double block_mm = 20; ///< side of the blocks that the bootstrap draws
/// The interval knows only this draw of training patches; another moves the difference by about this much.
constexpr double least_difference = 0.02;
constexpr std::uint32_t not_scored = 0xffffffffU;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Which voxels of the mask are scored themselves, and how the others follow from them.
class ScoringGrid {
 public:
  ScoringGrid(const FeatureVolume& volume, int stride)
      : volume_(volume)
      , stride_(stride)
      , index_(volume.mask.size(), not_scored) {
    for_each_voxel([&](std::size_t place, const std::array<int, 3>& at) {
      if (on_grid(at)) add(place);
    });
    // A thin part that no grid point hits is scored voxel by voxel.
    std::vector<std::size_t> lonely;
    for_each_voxel([&](std::size_t place, const std::array<int, 3>& at) {
      if (!on_grid(at) && !interpolate(at, [](std::uint32_t) { return 0.0; })) lonely.push_back(place);
    });
    for (const std::size_t place : lonely) add(place);
  }

  const std::vector<std::size_t>& centres() const { return centres_; }

  /// Scores of all voxels of the mask, from those of centres(): [place in the feature volume].
  std::vector<double> spread(const std::vector<double>& scores) const {
    std::vector<double> result(index_.size(), 0);
    for_each_voxel([&](std::size_t place, const std::array<int, 3>& at) {
      if (index_[place] != not_scored)
        result[place] = scores[index_[place]];
      else
        result[place] = *interpolate(at, [&](std::uint32_t i) { return scores[i]; });
    });
    return result;
  }

 private:
  void add(std::size_t place) {
    index_[place] = static_cast<std::uint32_t>(centres_.size());
    centres_.push_back(place);
  }

  bool on_grid(const std::array<int, 3>& at) const {
    return at[0] % stride_ == 0 && at[1] % stride_ == 0 && at[2] % stride_ == 0;
  }

  template <class Function> void for_each_voxel(Function&& function) const {
    std::size_t place = 0;
    for (int z = 0; z < volume_.size[2]; ++z)
      for (int y = 0; y < volume_.size[1]; ++y)
        for (int x = 0; x < volume_.size[0]; ++x, ++place)
          if (volume_.mask[place]) function(place, std::array<int, 3>{x, y, z});
  }

  /// Trilinear over the grid points inside the mask; nothing where there is none.
  template <class Value> std::optional<double> interpolate(const std::array<int, 3>& at, Value&& value) const {
    double sum = 0, weights = 0;
    for (int corner = 0; corner < 8; ++corner) {
      std::array<int, 3> point{};
      double weight = 1;
      for (std::size_t axis = 0; axis < 3; ++axis) {
        const int low = at[axis] / stride_ * stride_;
        const double part = static_cast<double>(at[axis] - low) / stride_;
        const bool high = (corner >> axis & 1) != 0;
        point[axis] = high ? low + stride_ : low;
        weight *= high ? part : 1 - part;
        if (point[axis] >= volume_.size[axis]) weight = 0;
      }
      if (!(weight > 0)) continue;
      const std::size_t place = volume_.offset(point[0], point[1], point[2]);
      if (!volume_.mask[place]) continue;
      sum += weight * value(index_[place]);
      weights += weight;
    }
    return weights > 0 ? std::optional(sum / weights) : std::nullopt;
  }

  const FeatureVolume& volume_;
  int stride_;
  std::vector<std::uint32_t> index_;
  std::vector<std::size_t> centres_;
};

/// Cubes of 20 mm numbered in the order they are met.
std::vector<std::uint32_t> blocks_of(const FeatureVolume& volume, const std::vector<std::size_t>& voxels) {
  std::map<std::array<int, 3>, std::uint32_t> numbers;
  std::vector<std::uint32_t> blocks;
  blocks.reserve(voxels.size());
  for (const std::size_t place : voxels) {
    const Eigen::Vector3d voxel = volume.source_voxel(place).index;
    std::array<int, 3> cube{};
    for (int axis = 0; axis < 3; ++axis)
      cube[static_cast<std::size_t>(axis)] = static_cast<int>(
          std::floor(voxel[axis] * volume.spacing_mm[static_cast<std::size_t>(axis)] / block_mm));
    blocks.push_back(numbers.try_emplace(cube, static_cast<std::uint32_t>(numbers.size())).first->second);
  }
  return blocks;
}

void compare_with_truth(AnomalyScores& result, const FeatureVolume& volume,
                        const std::vector<std::size_t>& voxels, const std::vector<std::uint8_t>& truth_inside,
                        const std::vector<double>& quantum, const std::vector<double>& classical, int seed) {
  const PairedRoc roc = compare_roc(quantum, classical, truth_inside, blocks_of(volume, voxels),
                                    static_cast<std::uint64_t>(seed));
  if (!std::isfinite(roc.first)) {
    result.warnings.emplace_back("inside the mask the truth is all of one kind, so there is no AUC");
    return;
  }
  result.quantum.auc = roc.first;
  result.classical.auc = roc.second;
  result.quantum.auc_interval = roc.first_interval;
  result.classical.auc_interval = roc.second_interval;
  result.auc_difference = roc.first - roc.second;
  result.difference_interval = roc.difference_interval;
  const double difference = roc.first - roc.second;
  if (roc.difference_interval[0] > 0 && difference >= least_difference)
    result.verdict = "quantum better";
  else if (roc.difference_interval[1] < 0 && difference <= -least_difference)
    result.verdict = "classical better";
  else
    result.verdict = "no difference shown";
  result.roc_quantum = roc_curve(quantum, truth_inside);
  result.roc_classical = roc_curve(classical, truth_inside);
  if (roc.blocks_with_truth < 10)
    result.warnings.push_back("the truth touches only " + std::to_string(roc.blocks_with_truth) +
                              " blocks of 20 mm, so the intervals are rough");
}

Volume map_of(const VolumeGeometry& geometry, const std::vector<std::size_t>& offsets,
              const std::vector<double>& scores, const ScoreQuantile& quantile) {
  std::vector<float> map(geometry.voxel_count(), 0.0F);
  for (std::size_t i = 0; i < offsets.size(); ++i) map[offsets[i]] = static_cast<float>(quantile(scores[i]));
  return Volume(geometry, std::move(map));
}

/// Scores of the mask's voxels in the order of `voxels`.
std::vector<double> pick(const std::vector<double>& all, const std::vector<std::size_t>& voxels) {
  std::vector<double> picked(voxels.size());
  for (std::size_t i = 0; i < voxels.size(); ++i) picked[i] = all[voxels[i]];
  return picked;
}

/// Angles of every scored voxel; features never exist for the whole volume at once.
Result<SampleMatrix> angles_of(const PatchFeatures& features, const AngleScaling& scaling,
                               const std::vector<std::size_t>& centres, const Progress& progress) {
  constexpr std::size_t part = 65536;
  SampleMatrix angles(static_cast<Eigen::Index>(centres.size()), scaling.axes.cols());
  for (std::size_t first = 0; first < centres.size(); first += part) {
    const std::size_t count = std::min(part, centres.size() - first);
    const double whole = static_cast<double>(centres.size());
    const auto inner = progress.child(static_cast<double>(first) / whole,
                                      static_cast<double>(first + count) / whole, "features");
    BLOCH_TRY(values, compute_features(features, std::span(centres).subspan(first, count), inner));
    const auto blocks = static_cast<Eigen::Index>((count + 1023) / 1024);
    parallel_for(0, static_cast<std::size_t>(blocks), [&](std::size_t block) {
      const auto at = static_cast<Eigen::Index>(block) * 1024,
                 rows = std::min<Eigen::Index>(1024, values.rows() - at);
      angles.middleRows(static_cast<Eigen::Index>(first) + at, rows) =
          scaling.angles(values.middleRows(at, rows));
    });
  }
  return angles;
}

} // namespace

Result<AnomalyScores> score_anomaly(const Volume& volume, const AnomalyModel& model,
                                    const std::optional<LabelMap>& mask, const std::optional<LabelMap>& truth,
                                    const Progress& progress) {
  const AnomalyModelData& data = model.data();
  std::vector<std::string> warnings;
  BLOCH_TRY(bytes, resolve_mask(volume, mask, warnings));
  std::vector<std::uint8_t> truth_bytes;
  if (truth) {
    BLOCH_TRY(given, to_bytes(*truth, volume.geometry(), "truth mask", warnings));
    truth_bytes = std::move(given);
  }
  auto start = Clock::now();
  BLOCH_TRY(feature_volume,
            make_feature_volume(volume, bytes, data.settings.patch_mm, contrast_of(data.settings)));
  BLOCH_TRY(families, find_feature_families(data.families));
  BLOCH_TRY(features, PatchFeatures::make(feature_volume, families, progress.child(0, 0.1, "features")));
  const ScoringGrid grid(feature_volume, data.settings.stride);
  BLOCH_TRY(angles, angles_of(features, data.scaling, grid.centres(), progress.child(0.1, 0.45)));
  const double feature_seconds = seconds_since(start);
  start = Clock::now();
  BLOCH_TRY(quantum_scored, data.quantum.scores(angles, progress.child(0.45, 0.85, "quantum kernel")));
  const double quantum_seconds = seconds_since(start);
  start = Clock::now();
  BLOCH_TRY(classical_scored, data.classical.scores(angles, progress.child(0.85, 0.95, "classical kernel")));
  const double classical_seconds = seconds_since(start);

  std::vector<std::size_t> voxels, offsets;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (!bytes[i]) continue;
    offsets.push_back(i);
    voxels.push_back(feature_volume.offset_of_source(i));
  }
  const std::vector<double> quantum = pick(grid.spread(quantum_scored), voxels),
                            classical = pick(grid.spread(classical_scored), voxels);
  AnomalyScores result{
      {map_of(volume.geometry(), offsets, quantum, data.quantum.quantile), quantum_seconds, {}, {0, 0}},
      {map_of(volume.geometry(), offsets, classical, data.classical.quantile), classical_seconds, {}, {0, 0}},
      {},
      {0, 0},
      {},
      voxels.size(),
      {},
      {},
      feature_seconds,
      std::move(warnings)};
  if (truth) {
    std::vector<std::uint8_t> inside(offsets.size());
    for (std::size_t i = 0; i < offsets.size(); ++i) inside[i] = truth_bytes[offsets[i]];
    compare_with_truth(result, feature_volume, voxels, inside, quantum, classical, data.settings.seed);
  }
  progress.report(1);
  return result;
}

} // namespace bloch::imaging
