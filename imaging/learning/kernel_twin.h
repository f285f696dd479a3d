#pragma once

#include <string>
#include <vector>

#include "core/jobs/progress.h"
#include "imaging/learning/anomaly_settings.h"
#include "imaging/learning/matrix.h"
#include "imaging/learning/one_class_svm.h"
#include "imaging/learning/score_quantile.h"

namespace bloch::imaging {

/// Similarity of two patches by their angles: 1 with itself, 0 to 1 otherwise.
struct PatchKernel {
  enum class Kind { quantum, rbf };
  Kind kind = Kind::rbf;
  double gamma = 1; ///< rbf: exp(-gamma |x - y|^2)
  std::string map;  ///< quantum: of quantum::feature_maps()
  int reps = 2;
  std::string entanglement = "linear";
  double bandwidth = 1;

  /// [rows][columns]; one thread. Errors: invalid_parameter (the map refuses the angles)
  Result<SampleMatrix> operator()(const SampleMatrix& rows, const SampleMatrix& columns) const;
  /// Symmetric, ones on the diagonal.
  Result<SampleMatrix> gram(const SampleMatrix& rows) const;
  /// The one number that sets how fast similarity falls: bandwidth or gamma.
  double& width() { return kind == Kind::quantum ? bandwidth : gamma; }
};

/// Mean of a Gram matrix beside its diagonal.
double off_diagonal_mean(const SampleMatrix& gram);

/// Sets the kernel's width so that the mean off-diagonal value among the rows is `target`, by bisection.
/// False, with the width at 1: no width reaches the target.
Result<bool> set_width_by_mean(PatchKernel& kernel, const SampleMatrix& rows, double target);

/// A fitted one-class SVM with its kernel and the scale of its scores.
struct KernelTwin {
  PatchKernel kernel;
  SampleMatrix support; ///< [support][angle]
  Eigen::VectorXd coefficients;
  double offset = 0;
  ScoreQuantile quantile{std::vector<double>{0, 1}};

  /// One number a row, higher is odder; spread over all threads in blocks of fixed size, so that the bits never
  /// depend on them.
  Result<std::vector<double>> scores(const SampleMatrix& angles, const Progress& progress = {}) const;
};

} // namespace bloch::imaging
