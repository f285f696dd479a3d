#pragma once

#include <array>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/data/label_map.h"
#include "core/data/volume.h"
#include "core/jobs/progress.h"
#include "core/parameters/parameter_set.h"

namespace bloch::imaging {

/// Where normal tissue is learnt.
struct NormalRegion {
  enum class Kind {
    box,    ///< voxels first..last of the volume (inclusive)
    mirror, ///< both hemispheres: each patch is compared with its mirror image, the more typical of the two is
            ///< normal
    all,    ///< the whole mask: what is rare is anomalous
    other   ///< the mask of another volume of the same kind
  };
  Kind kind = Kind::all;
  std::array<int, 3> first{0, 0, 0};
  std::array<int, 3> last{0, 0, 0};
  std::shared_ptr<const Volume> other;
};

/// Reads "box=x0,y0,z0,x1,y1,z1", "mirror", "all"; a FILE is left to the caller. Errors: invalid_parameter.
Result<NormalRegion> parse_normal_region(std::string_view text);

/// Settings of both twins, as descriptions for `--set`, form and recipe: qubits, patch-mm, map, reps,
/// entanglement, bandwidth, nu, training-patches, seed, …
const std::vector<Parameter>& anomaly_parameters();

struct AnomalyModelData;

/// Both twins fitted on the same patches, features, scaling and PCA: quantum kernel and RBF one-class SVM
/// (libsvm).
class AnomalyModel {
 public:
  explicit AnomalyModel(std::shared_ptr<const AnomalyModelData> data)
      : data_(std::move(data)) {}
  const AnomalyModelData& data() const { return *data_; }

 private:
  std::shared_ptr<const AnomalyModelData> data_;
};

/// What the training can say of the kernels: shown beside the result, never hidden.
struct KernelDiagnostics {
  double off_diagonal_mean = 0;
  double off_diagonal_deviation = 0;
  double effective_rank = 0;
  std::vector<double> eigenvalues; ///< largest first, at most 32
  std::vector<float> gram;         ///< rows x rows, training patches
  int rows = 0;
  int support = 0;    ///< training patches that the decision rests on
  double width = 0;   ///< bandwidth of the map, or the RBF's gamma, as used
  double seconds = 0; ///< Gram matrix and fit
};

struct AnomalyTraining {
  AnomalyModel model;
  KernelDiagnostics quantum;
  KernelDiagnostics classical;
  std::vector<std::string> feature_names;
  double explained_variance = 0; ///< of the PCA
  std::size_t patches = 0;
  std::vector<std::string> warnings;
};

/// Where to look in an image of which small values are bright (SeriesInfo::inverse), for those that are not
/// given a mask: as below, with the largest value in place of 0. warnings: what is to be said about it is
/// added. errors: invalid_parameter (all voxels are the same)
Result<LabelMap> mask_of_inverse(const Volume& volume, std::vector<std::string>& warnings);

/// mask: where to look, on the volume's grid; none: voxels that are not 0, closed, largest component.
/// errors: invalid_parameter (empty region, mask of another size, too few patches), cancelled
Result<AnomalyTraining> train_anomaly(const Volume& volume, const NormalRegion& normal,
                                      const std::optional<LabelMap>& mask, const ParameterSet& parameters,
                                      const Progress& progress = {});

/// One twin's answer. The value is the empirical quantile of the score among training patches (0 to 1), 0
/// outside the mask.
///
/// It rises strictly with the score: linear between the training scores, with exponential tails beyond the
/// lowest and the highest, so that voxels odder than every training patch keep their order
/// (learning/README.md).
struct AnomalyScore {
  Volume map;
  double seconds = 0;                       ///< kernel and score, without features
  std::optional<double> auc;                ///< voxels of the mask against the truth
  std::array<double, 2> auc_interval{0, 0}; ///< 95 %, bootstrap over blocks of 20 mm
};

struct AnomalyScores {
  AnomalyScore quantum;
  AnomalyScore classical;
  /// quantum minus classical AUC with its paired 95 % interval, where there is a truth.
  std::optional<double> auc_difference;
  std::array<double, 2> difference_interval{0, 0};
  /// "quantum better", "classical better" (the interval excludes 0 and the areas are 0.02 apart), "no
  /// difference shown", or empty.
  std::string verdict;
  std::size_t voxels = 0; ///< scored
  std::vector<std::array<double, 2>> roc_quantum,
      roc_classical;          ///< false and true positive rates, at most 200 points
  double feature_seconds = 0; ///< features and angles, which both twins share; their own seconds come on top
  std::vector<std::string> warnings;
};

Result<AnomalyScores> score_anomaly(const Volume& volume, const AnomalyModel& model,
                                    const std::optional<LabelMap>& mask, const std::optional<LabelMap>& truth,
                                    const Progress& progress = {});

/// JSON, whole or not at all. Errors: not_writable; malformed, not_found.
Result<void> write_model(const std::filesystem::path& path, const AnomalyModel& model);
Result<AnomalyModel> read_model(const std::filesystem::path& path);

/// A connected region above the threshold.
struct Finding {
  int number = 0;
  double peak_quantum = 0;
  double peak_classical = 0;
  double size_mm3 = 0;
  WorldPoint centre;
  double mean = 0;                      ///< of the quantum map
  std::optional<double> share_in_truth; ///< of the region, 0 to 1, where there is a truth
};

/// Regions of the quantum map at or above the threshold, largest peak first. Errors: invalid_parameter (grids
/// differ).
Result<std::vector<Finding>> find_findings(const Volume& quantum, const Volume& classical, double threshold,
                                           const std::optional<LabelMap>& truth, double minimum_mm3 = 20);

} // namespace bloch::imaging
