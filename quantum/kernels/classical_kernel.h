#pragma once

#include "quantum/kernels/kernel.h"

namespace bloch::quantum {

/// exp(-gamma |x - y|^2). rows: [n][features]; columns: [m][features]; returns [n][m]
Matrix gaussian_kernel(const Matrix& rows, const Matrix& columns, double gamma);

/// 1 / (features times the variance of all numbers): what scikit-learn calls scale. 1 where nothing varies.
double gaussian_scale(const Matrix& samples);

/// How far a quantum kernel can be ahead of a classical one on some labels of these samples:
/// g = sqrt(|| sqrt(Q) sqrt(C) (C + regularisation)^-2 sqrt(C) sqrt(Q) ||), both with trace N. Where g is far
/// below sqrt(N), the classical kernel is guaranteed to do as well, whatever the labels.
///
/// throws: std::invalid_argument (not square, sizes differ, regularisation not above 0, no trace)
/// source: Huang 2021, arXiv:2011.01938, equation F19
double geometric_difference(const Matrix& quantum, const Matrix& classical, double regularisation);

} // namespace bloch::quantum
