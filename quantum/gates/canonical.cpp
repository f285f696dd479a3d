#include "quantum/gates/canonical.h"

#include <cmath>
#include <numbers>
#include <stdexcept>
#include <utility>

#include <Eigen/Dense>

namespace bloch::quantum {
namespace {

using Matrix2 = Eigen::Matrix2cd;
using Matrix4 = Eigen::Matrix4cd;

const Complex i_unit(0, 1);

Matrix2 pauli(int axis) {
  Matrix2 m;
  if (axis == 0)
    m << 0, 1, 1, 0;
  else if (axis == 1)
    m << 0, -i_unit, i_unit, 0;
  else
    m << 1, 0, 0, -1;
  return m;
}

/// Bell states with phases that make local unitaries real.
const Matrix4& magic_basis() {
  static const Matrix4 basis = [] {
    Matrix4 m;
    m << 1, 0, 0, i_unit, 0, i_unit, 1, 0, 0, i_unit, -1, 0, 1, 0, 0, -i_unit;
    return Matrix4(m * std::sqrt(0.5));
  }();
  return basis;
}

Matrix4 matrix_of(std::span<const Complex> rows) {
  return Eigen::Map<const Eigen::Matrix<Complex, 4, 4, Eigen::RowMajor>>(rows.data());
}

/// Real eigenvectors, in SO(4), of a unitary that is symmetric: they are those of its real and imaginary parts
/// at once, and of nearly every mixture of the two.
Eigen::Matrix4d real_eigenvectors(const Matrix4& symmetric) {
  for (const double share : {0.6180339887, 0.2718281828, 0.8414709848, 0.1312345678}) {
    const Eigen::Matrix4d mixture = share * symmetric.real() + (1 - share) * symmetric.imag();
    Eigen::Matrix4d vectors = Eigen::SelfAdjointEigenSolver<Eigen::Matrix4d>(mixture).eigenvectors();
    Matrix4 rest = vectors.transpose() * symmetric * vectors;
    rest.diagonal().setZero();
    if (rest.norm() > 1e-8) continue;
    if (vectors.determinant() < 0) vectors.col(0) = -vectors.col(0);
    return vectors;
  }
  throw std::invalid_argument("the matrix is not unitary");
}

/// The factors of a tensor product, high ⊗ low; the phase stays in `high`.
std::pair<Matrix2, Matrix2> tensor_factors(const Matrix4& product) {
  Eigen::Index row = 0, column = 0;
  product.cwiseAbs().maxCoeff(&row, &column);
  const Matrix2 block = product.block<2, 2>(row / 2 * 2, column / 2 * 2);
  const Matrix2 low = block / std::sqrt(block.determinant());
  Matrix2 high;
  for (Eigen::Index r = 0; r < 2; ++r)
    for (Eigen::Index c = 0; c < 2; ++c)
      high(r, c) = (low.adjoint() * product.block<2, 2>(2 * r, 2 * c)).trace() / 2.0;
  return {high, low};
}

/// A quarter turn around an axis.
Matrix2 quarter_turn(int axis) { return (Matrix2::Identity() - i_unit * pauli(axis)) * std::sqrt(0.5); }

/// The decomposition while it is brought to its final form.
struct Working {
  std::array<Matrix2, 2> before, after;
  std::array<double, 3> angle{}; ///< of XX, YY, ZZ

  /// exp(i pi/2 PP) = i PP goes into the local parts.
  void reduce() {
    for (int axis = 0; axis < 3; ++axis) {
      double& a = angle[static_cast<std::size_t>(axis)];
      const double turns = std::round(a / (std::numbers::pi / 2));
      a -= turns * std::numbers::pi / 2;
      const int times = ((static_cast<int>(turns) % 4) + 4) % 4;
      for (int k = 0; k < times; ++k) {
        after[0] = after[0] * pauli(axis);
        after[1] = i_unit * after[1] * pauli(axis);
      }
    }
  }

  /// ZZ and another axis change places: the local parts turn by the root of the third axis' rotation.
  void exchange_with_z(int axis) {
    const Matrix2 turn = quarter_turn(1 - axis);
    for (std::size_t k = 0; k < 2; ++k) {
      after[k] = after[k] * turn;
      before[k] = turn.adjoint() * before[k];
    }
    std::swap(angle[static_cast<std::size_t>(axis)], angle[2]);
  }

  /// XX commutes past X on one qubit, YY and ZZ change sign.
  void flip(std::size_t qubit) {
    after[qubit] = after[qubit] * pauli(0);
    before[qubit] = pauli(0) * before[qubit];
    angle[1] = -angle[1];
    angle[2] = -angle[2];
  }
};

/// The unitary nearest to one that has lost digits, to the square of what it lost.
Matrix2 made_unitary(const Matrix2& m) { return 1.5 * m - 0.5 * m * (m.adjoint() * m); }

OneQubitMatrix rows_of(const Matrix2& m) { return {m(0, 0), m(0, 1), m(1, 0), m(1, 1)}; }

} // namespace

OneQubitMatrix product(const OneQubitMatrix& a, const OneQubitMatrix& b) {
  return {a[0] * b[0] + a[1] * b[2], a[0] * b[1] + a[1] * b[3], a[2] * b[0] + a[3] * b[2],
          a[2] * b[1] + a[3] * b[3]};
}

bool may_be_one_interaction(std::span<const Complex> unitary) {
  const Matrix4 inside = magic_basis().adjoint() * matrix_of(unitary) * magic_basis();
  const Matrix4 square = inside.transpose() * inside;
  // Its eigenvalues, up to a common root of the determinant, are e^(2 i z) and e^(-2 i z), twice each.
  const Complex phase = std::sqrt(inside.determinant());
  const Complex first = square.trace() / phase,
                second = square.cwiseProduct(square.transpose()).sum() / (phase * phase);
  return std::abs(first.imag()) < 1e-9 && std::abs(second - (first * first / 2.0 - 4.0)) < 1e-9;
}

CanonicalForm canonical_form(std::span<const Complex> unitary) {
  const Matrix4 given = matrix_of(unitary);
  if (!(given * given.adjoint()).isIdentity(1e-10)) throw std::invalid_argument("the matrix is not unitary");
  const Matrix4& magic = magic_basis();
  const Complex phase = std::pow(given.determinant(), 0.25);
  const Matrix4 inside = magic.adjoint() * (given / phase) * magic;
  const Matrix4 square = inside.transpose() * inside;
  const Eigen::Matrix4d vectors = real_eigenvectors(square);
  Eigen::Vector4d angles;
  for (Eigen::Index k = 0; k < 4; ++k)
    angles[k] = std::arg(Complex((vectors.col(k).transpose() * square * vectors.col(k))(0))) / 2;
  // The real parts must be rotations, so that they are local: the roots' product has to be 1.
  if (std::cos(angles.sum()) < 0) angles[0] += std::numbers::pi;
  const Matrix4 left =
      inside * vectors * (-i_unit * angles.cast<Complex>()).array().exp().matrix().asDiagonal();
  const double common = angles.sum() / 4;
  angles.array() -= common;
  Working form;
  std::tie(form.after[1], form.after[0]) = tensor_factors(magic * left * magic.adjoint());
  std::tie(form.before[1], form.before[0]) = tensor_factors(magic * vectors.transpose() * magic.adjoint());
  form.after[1] *= phase * std::polar(1.0, common);
  // Of the four Bell states exp(i (x XX + y YY + z ZZ)) turns by x - y + z, x + y - z, -x - y - z, -x + y + z.
  form.angle = {(angles[0] + angles[1]) / 2, (angles[1] + angles[3]) / 2, (angles[0] + angles[3]) / 2};
  form.reduce();
  const auto size = [&](std::size_t axis) { return std::abs(form.angle[axis]); };
  if (const int largest = size(0) > size(1) ? 0 : 1; size(static_cast<std::size_t>(largest)) > size(2))
    form.exchange_with_z(largest);
  for (std::size_t qubit = 0; qubit < 2; ++qubit)
    if (std::norm(form.after[qubit](0, 0)) < 0.5 - 1e-9) form.flip(qubit);
  return {{rows_of(made_unitary(form.before[0])), rows_of(made_unitary(form.before[1]))},
          {rows_of(made_unitary(form.after[0])), rows_of(made_unitary(form.after[1]))},
          form.angle[0],
          form.angle[1],
          form.angle[2]};
}

CanonicalForm with_smallest_z(CanonicalForm form) {
  const bool x_is_smaller = std::abs(form.x) < std::abs(form.y);
  double& smallest = x_is_smaller ? form.x : form.y;
  if (std::abs(form.z) <= std::abs(smallest)) return form;
  std::swap(form.z, smallest);
  const Matrix2 turn = quarter_turn(x_is_smaller ? 1 : 0);
  for (std::size_t k = 0; k < 2; ++k) {
    form.after[k] = product(form.after[k], rows_of(turn));
    form.before[k] = product(rows_of(turn.adjoint()), form.before[k]);
  }
  return form;
}

} // namespace bloch::quantum
