#pragma once

#include <cstdint>
#include <vector>

#include "quantum/kernels/kernel.h"

namespace bloch::quantum {

/// `count` different rows of `rows`, ascending, drawn with a seed. throws: std::invalid_argument (more than
/// there are, or none)
std::vector<Eigen::Index> choose_landmarks(Eigen::Index rows, Eigen::Index count, std::uint64_t seed);

/// What turns kernel values with landmarks into features: landmarks^(-1/2) on its range.
struct NystroemMap {
  Matrix projection; ///< [landmark][feature]
  int rank = 0;      ///< eigenvalues kept
};

/// Eigenvalues below `tolerance` times the largest count as 0. throws: std::invalid_argument (not square,
/// empty) source: Williams and Seeger 2001, NIPS 13
NystroemMap nystroem_map(const Matrix& landmark_gram, double tolerance = 1e-6);

/// Features f with f f^T near the Gram matrix. with_landmarks: [sample][landmark]; returns [sample][rank]
Matrix nystroem_features(const NystroemMap& map, const Matrix& with_landmarks);

} // namespace bloch::quantum
