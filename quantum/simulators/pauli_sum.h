#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bloch::quantum {

/// A product of Pauli matrices: on qubit k X where only x has bit k, Z where only z has it, Y where both have.
struct PauliString {
  std::uint64_t x = 0;
  std::uint64_t z = 0;

  auto operator<=>(const PauliString&) const = default;
};

struct PauliTerm {
  double coefficient = 0;
  PauliString string = {};
};

/// A Hermitian operator as a sum of Pauli strings with real coefficients.
class PauliSum {
 public:
  PauliSum() = default;

  /// letters: I, X, Y, Z, qubit 0 rightmost as in bit strings. throws: std::invalid_argument (another letter,
  /// none or more than 63, a coefficient that is not finite)
  PauliSum& add(double coefficient, std::string_view letters);
  /// A string that is there already gets the sum of the coefficients. throws: as above
  PauliSum& add(double coefficient, PauliString string);

  /// Each string once, in order of its first mention.
  std::span<const PauliTerm> terms() const { return terms_; }
  /// One more than the highest qubit that a string acts on.
  int qubits() const;

 private:
  std::vector<PauliTerm> terms_;
  std::map<PauliString, std::size_t> places_;
};

/// "XIZ", qubit 0 rightmost, on at least so many qubits.
std::string to_text(const PauliString& string, int qubits);

/// Terms that share their x, so that one pass over a state serves them all.
struct PauliGroup {
  std::uint64_t x = 0;
  std::vector<std::size_t> terms; ///< positions in PauliSum::terms()
};

/// In ascending order of x: the diagonal terms come first.
std::vector<PauliGroup> grouped(const PauliSum& sum);

} // namespace bloch::quantum
