#include <algorithm>
#include <cmath>

#include "imaging/filters/regions.h"
#include "imaging/learning/anomaly_model.h"

namespace bloch::imaging {
namespace {

/// Sums over one region while its voxels are walked once.
struct RegionSums {
  Eigen::Vector3d place = Eigen::Vector3d::Zero();
  double quantum = 0, peak_quantum = 0, peak_classical = 0;
  std::uint64_t in_truth = 0;
};

} // namespace

Result<std::vector<Finding>> find_findings(const Volume& quantum, const Volume& classical, double threshold,
                                           const std::optional<LabelMap>& truth, double minimum_mm3) {
  const VolumeGeometry& grid = quantum.geometry();
  if (classical.geometry().size != grid.size)
    return failure(ErrorKind::invalid_parameter,
                   "the two anomaly maps have different sizes; give the two maps of one scoring");
  std::vector<std::uint8_t> truth_bytes;
  std::vector<std::string> warnings;
  if (truth) {
    BLOCH_TRY(bytes, to_bytes(*truth, grid, "truth mask", warnings));
    truth_bytes = std::move(bytes);
  }
  const std::vector<float> values = to_float(quantum), others = to_float(classical);
  std::vector<std::uint8_t> above(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) above[i] = values[i] > 0 && values[i] >= threshold;
  BLOCH_TRY(regions, connected_regions(above, grid.size, true));
  std::vector<RegionSums> sums(regions.sizes.size());
  std::size_t i = 0;
  for (int z = 0; z < grid.size[2]; ++z)
    for (int y = 0; y < grid.size[1]; ++y)
      for (int x = 0; x < grid.size[0]; ++x, ++i) {
        if (regions.labels[i] == 0) continue;
        RegionSums& sum = sums[regions.labels[i] - 1];
        sum.place += Eigen::Vector3d(x, y, z);
        sum.quantum += values[i];
        sum.peak_quantum = std::max<double>(sum.peak_quantum, values[i]);
        sum.peak_classical = std::max<double>(sum.peak_classical, others[i]);
        sum.in_truth += truth && truth_bytes[i] ? 1 : 0;
      }
  std::vector<Finding> findings;
  const double voxel_mm3 = grid.spacing_mm.prod();
  for (std::size_t region = 0; region < sums.size(); ++region) {
    const auto voxels = static_cast<double>(regions.sizes[region]);
    if (voxels * voxel_mm3 < minimum_mm3) continue;
    Finding finding;
    finding.peak_quantum = sums[region].peak_quantum;
    finding.peak_classical = sums[region].peak_classical;
    finding.size_mm3 = voxels * voxel_mm3;
    finding.centre = grid.to_world(VoxelIndex{sums[region].place / voxels});
    finding.mean = sums[region].quantum / voxels;
    if (truth) finding.share_in_truth = static_cast<double>(sums[region].in_truth) / voxels;
    findings.push_back(finding);
  }
  std::stable_sort(findings.begin(), findings.end(),
                   [](const Finding& a, const Finding& b) { return a.peak_quantum > b.peak_quantum; });
  for (std::size_t k = 0; k < findings.size(); ++k) findings[k].number = static_cast<int>(k + 1);
  return findings;
}

} // namespace bloch::imaging
