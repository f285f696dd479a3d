#include "quantum/optimisers/binary_polynomial.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <stdexcept>
#include <string>

#include "quantum/simulators/memory.h"

namespace bloch::quantum {

BinaryPolynomial::BinaryPolynomial(int variables)
    : variables_(variables) {
  if (variables < 1 || variables > 63)
    throw std::invalid_argument("a problem has 1 to 63 variables, not " + std::to_string(variables));
}

BinaryPolynomial& BinaryPolynomial::add(double coefficient, std::span<const int> variables) {
  if (!std::isfinite(coefficient)) throw std::invalid_argument("a coefficient is not a finite number");
  std::uint64_t bits = 0;
  for (const int variable : variables) {
    if (variable < 0 || variable >= variables_)
      throw std::invalid_argument("there is no variable " + std::to_string(variable) + "; they are 0 to " +
                                  std::to_string(variables_ - 1));
    bits |= std::uint64_t{1} << variable;
  }
  if (bits == 0) {
    constant_ += coefficient;
    return *this;
  }
  const auto place = std::lower_bound(terms_.begin(), terms_.end(), bits,
                                      [](const Term& term, std::uint64_t key) { return term.bits < key; });
  if (place == terms_.end() || place->bits != bits) {
    if (coefficient != 0) terms_.insert(place, {bits, coefficient});
    return *this;
  }
  place->coefficient += coefficient;
  if (place->coefficient == 0) terms_.erase(place);
  return *this;
}

int BinaryPolynomial::degree() const {
  int degree = 0;
  for (const Term& term : terms_) degree = std::max(degree, std::popcount(term.bits));
  return degree;
}

double BinaryPolynomial::value(std::uint64_t bits) const {
  double sum = constant_;
  for (const Term& term : terms_)
    if ((term.bits & bits) == term.bits) sum += term.coefficient;
  return sum;
}

std::vector<double> BinaryPolynomial::values() const {
  const std::size_t size = std::size_t{1} << variables_;
  if (variables_ > 32) throw std::invalid_argument("the values of more than 32 variables are too many");
  check_memory(size * sizeof(double), "the values of " + std::to_string(variables_) + " variables");
  std::vector<double> values(size);
  values[0] = constant_;
  for (const Term& term : terms_) values[term.bits] = term.coefficient;
  // Sums over subsets, one variable after the other.
  for (std::size_t half = 1; half < size; half *= 2)
    for (std::size_t block = 0; block < size; block += 2 * half)
      for (std::size_t k = block; k < block + half; ++k) values[k + half] += values[k];
  return values;
}

FlipTable::FlipTable(const BinaryPolynomial& polynomial)
    : others_(static_cast<std::size_t>(polynomial.variables())) {
  for (const BinaryPolynomial::Term& term : polynomial.terms())
    for (std::uint64_t left = term.bits; left != 0; left &= left - 1) {
      const int variable = std::countr_zero(left);
      others_[static_cast<std::size_t>(variable)].push_back(
          {term.bits & ~(std::uint64_t{1} << variable), term.coefficient});
    }
}

double FlipTable::change(std::uint64_t bits, int variable) const {
  double sum = 0;
  for (const BinaryPolynomial::Term& term : others_[static_cast<std::size_t>(variable)])
    sum += (term.bits & bits) == term.bits ? term.coefficient : 0.0;
  return (bits >> variable & 1) != 0 ? -sum : sum;
}

} // namespace bloch::quantum
