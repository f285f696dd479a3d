#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace bloch::quantum {

/// A function of bits x_0 … x_(n-1) to be minimised: constant + sum of coefficient times product of bits. Of
/// degree 2 it is a QUBO, above a HUBO.
class BinaryPolynomial {
 public:
  struct Term {
    std::uint64_t bits = 0; ///< the variables of the product
    double coefficient = 0;
  };

  /// throws: std::invalid_argument (not 1 to 63 variables)
  explicit BinaryPolynomial(int variables);

  /// A product that is there already gets the sum; a variable named twice counts once, because x x = x.
  /// throws: std::invalid_argument (a variable that is not there, a coefficient that is not finite)
  BinaryPolynomial& add(double coefficient, std::span<const int> variables);

  int variables() const { return variables_; }
  double constant() const { return constant_; }
  const std::vector<Term>& terms() const { return terms_; } ///< ascending in bits; none is constant or zero
  int degree() const;
  /// bits: x_i is bit i
  double value(std::uint64_t bits) const;
  /// The value of every bit string: [2^variables]. throws: std::invalid_argument (more memory than is free)
  std::vector<double> values() const;

 private:
  int variables_;
  double constant_ = 0;
  std::vector<Term> terms_;
};

/// What a flip of one bit changes, in the number of terms that hold it.
class FlipTable {
 public:
  explicit FlipTable(const BinaryPolynomial& polynomial);
  /// value(bits with bit `variable` turned over) - value(bits)
  double change(std::uint64_t bits, int variable) const;

 private:
  std::vector<std::vector<BinaryPolynomial::Term>> others_; ///< of each variable: terms without it
};

} // namespace bloch::quantum
