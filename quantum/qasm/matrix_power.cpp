#include "quantum/qasm/detail/matrix_power.h"

#include <cmath>

#include <Eigen/Eigenvalues>

namespace bloch::quantum {

std::vector<Complex> unitary_power(std::span<const Complex> matrix, double exponent) {
  using ComplexMatrix = Eigen::Matrix<Complex, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const auto size = static_cast<Eigen::Index>(std::lround(std::sqrt(static_cast<double>(matrix.size()))));
  // The Schur form of a unitary is diagonal, and its vectors are orthonormal even where eigenvalues coincide.
  const Eigen::ComplexSchur<Eigen::MatrixXcd> schur(Eigen::Map<const ComplexMatrix>(matrix.data(), size, size));
  Eigen::VectorXcd powers(size);
  for (Eigen::Index k = 0; k < size; ++k)
    powers[k] = std::polar(1.0, exponent * std::arg(schur.matrixT()(k, k)));
  const ComplexMatrix result = schur.matrixU() * powers.asDiagonal() * schur.matrixU().adjoint();
  return {result.data(), result.data() + result.size()};
}

} // namespace bloch::quantum
