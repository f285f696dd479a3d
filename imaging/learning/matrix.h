#pragma once

#include <Eigen/Core>

namespace bloch::imaging {

/// [sample][feature], so that one sample is contiguous.
using SampleMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

} // namespace bloch::imaging
