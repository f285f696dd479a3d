#include <atomic>

#include "imaging/learning/anomaly_model.h"
#include "imaging/parallel/parallel_for.h"
#include "imaging/radiomics/patch_features.h"

namespace bloch::imaging {

Result<SampleMatrix> compute_features(const PatchFeatures& features, std::span<const std::size_t> centres,
                                      const Progress& progress) {
  constexpr std::size_t block = 1024;
  const std::size_t width = features.names().size(), blocks = (centres.size() + block - 1) / block;
  SampleMatrix result(static_cast<Eigen::Index>(centres.size()), static_cast<Eigen::Index>(width));
  std::atomic<std::size_t> done = 0;
  parallel_for(0, blocks, [&](std::size_t index) {
    if (progress.cancelled()) return;
    PatchFeatures::Scratch scratch;
    const std::size_t last = std::min((index + 1) * block, centres.size());
    for (std::size_t i = index * block; i < last; ++i)
      features.compute(centres[i], scratch, {result.data() + i * width, width});
    progress.report(static_cast<double>(++done) / static_cast<double>(blocks));
  });
  if (progress.cancelled()) return failure(ErrorKind::cancelled, "stopped");
  return result;
}

} // namespace bloch::imaging
