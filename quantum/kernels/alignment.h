#pragma once

#include <span>
#include <string>
#include <vector>

#include "quantum/kernels/kernel.h"

namespace bloch::quantum {

/// The kernel that labels would have: 1 between samples of one class, -1 / (classes - 1) between others; of two
/// classes this is y y^T. throws: std::invalid_argument (fewer than two classes)
Matrix label_kernel(std::span<const std::string> labels);

/// Rows and columns with their means taken off.
Matrix centred(const Matrix& gram);

/// <a, b> / (|a| |b|) over all entries; `centred` both first and it is the centred alignment. 0 where one
/// vanishes. source: Cristianini 2001; Cortes 2012, arXiv:1203.0550
double kernel_alignment(const Matrix& a, const Matrix& b);

/// Weights, not negative and of sum 1, of the combination best aligned with a target after centring.
///
/// throws: std::invalid_argument (no matrix, sizes differ, none is aligned with the target)
/// source: Cortes 2012, arXiv:1203.0550, section 3.2
std::vector<double> alignment_weights(std::span<const Matrix> grams, const Matrix& target);

/// Sum of weight times matrix. throws: std::invalid_argument (sizes differ, a weight below 0)
Matrix combine(std::span<const Matrix> grams, std::span<const double> weights);

} // namespace bloch::quantum
