#pragma once

#include "core/base/result.h"
#include "imaging/learning/matrix.h"

namespace bloch::imaging {

/// From patch features to the angles both twins see.
///
/// 1. each feature: (x - median) / (interquartile range / 1.349), cut at +-10
/// 2. principal components of the training patches, the largest `components`
/// 3. every component divided by the standard deviation of the largest: small components stay small
/// of it
/// 4. angle = pi/2 tanh(z / 3): outliers stay within a quarter turn, so that no map's period folds them back
struct AngleScaling {
  Eigen::VectorXd centre, spread; ///< of each feature
  Eigen::VectorXd mean;           ///< of the standardised features
  Eigen::MatrixXd axes;           ///< [feature][component]
  Eigen::VectorXd length;         ///< what each component is divided by (the same)
  double explained_variance = 0;  ///< share that the components keep

  SampleMatrix components(const SampleMatrix& features) const; ///< after step 3
  SampleMatrix angles(const SampleMatrix& features) const;     ///< rad
};

/// errors: invalid_parameter (more components than features that vary)
Result<AngleScaling> fit_angle_scaling(const SampleMatrix& features, int components);

} // namespace bloch::imaging
