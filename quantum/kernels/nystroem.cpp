#include "quantum/kernels/nystroem.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

#include <Eigen/Eigenvalues>

#include "quantum/simulators/random.h"

namespace bloch::quantum {

std::vector<Eigen::Index> choose_landmarks(Eigen::Index rows, Eigen::Index count, std::uint64_t seed) {
  if (count < 1 || count > rows)
    throw std::invalid_argument("landmarks are between 1 and the number of samples, " + std::to_string(rows));
  std::vector<Eigen::Index> all(static_cast<std::size_t>(rows));
  std::iota(all.begin(), all.end(), Eigen::Index{0});
  Random random(seed);
  for (std::size_t k = 0; k < static_cast<std::size_t>(count); ++k)
    std::swap(all[k],
              all[k + static_cast<std::size_t>(random.uniform() * static_cast<double>(all.size() - k))]);
  all.resize(static_cast<std::size_t>(count));
  std::sort(all.begin(), all.end());
  return all;
}

NystroemMap nystroem_map(const Matrix& landmark_gram, double tolerance) {
  const Eigen::Index n = landmark_gram.rows();
  if (n < 1 || landmark_gram.cols() != n) throw std::invalid_argument("a Gram matrix is square and not empty");
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(landmark_gram);
  const double smallest = tolerance * solver.eigenvalues()[n - 1];
  NystroemMap map;
  while (map.rank < n && solver.eigenvalues()[n - 1 - map.rank] > std::max(smallest, 0.0)) ++map.rank;
  const auto kept = solver.eigenvectors().rightCols(map.rank).rowwise().reverse();
  map.projection = kept * solver.eigenvalues().tail(map.rank).reverse().cwiseSqrt().cwiseInverse().asDiagonal();
  return map;
}

Matrix nystroem_features(const NystroemMap& map, const Matrix& with_landmarks) {
  if (with_landmarks.cols() != map.projection.rows())
    throw std::invalid_argument("kernel values are with other landmarks than the map's");
  return with_landmarks * map.projection;
}

} // namespace bloch::quantum
