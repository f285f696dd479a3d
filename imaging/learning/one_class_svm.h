#pragma once

#include <vector>

#include "core/base/contract.h"
#include "core/base/result.h"
#include "imaging/learning/matrix.h"

namespace bloch::imaging {

/// What a one-class SVM learnt: score(x) = offset - sum of coefficient * k(x, support). Higher is odder; 0 is
/// the border.
struct OneClassSvm {
  std::vector<int> support; ///< rows of the Gram matrix
  std::vector<double> coefficients;
  double offset = 0;
};

/// gram: symmetric, positive semi-definite, training patches; nu: bound on the share of training patches
/// outside errors: failed (libsvm refuses) source: Schoelkopf 2001, doi:10.1162/089976601750264965; Chang and
/// Lin, LIBSVM
Result<OneClassSvm> fit_one_class_svm(const SampleMatrix& gram, double nu);

} // namespace bloch::imaging
