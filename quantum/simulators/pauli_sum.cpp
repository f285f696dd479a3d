#include "quantum/simulators/pauli_sum.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>
#include <stdexcept>

namespace bloch::quantum {
namespace {

constexpr std::size_t most_letters = 63;

} // namespace

PauliSum& PauliSum::add(double coefficient, std::string_view letters) {
  if (letters.empty() || letters.size() > most_letters)
    throw std::invalid_argument("a Pauli string has 1 to 63 letters, not " + std::to_string(letters.size()));
  PauliString string;
  for (std::size_t k = 0; k < letters.size(); ++k) {
    const char letter = letters[letters.size() - 1 - k];
    if (letter != 'I' && letter != 'X' && letter != 'Y' && letter != 'Z')
      throw std::invalid_argument("a Pauli string has the letters I, X, Y and Z only: '" +
                                  std::string(letters) + "'");
    const std::uint64_t bit = std::uint64_t{1} << k;
    if (letter == 'X' || letter == 'Y') string.x |= bit;
    if (letter == 'Z' || letter == 'Y') string.z |= bit;
  }
  return add(coefficient, string);
}

PauliSum& PauliSum::add(double coefficient, PauliString string) {
  if (!std::isfinite(coefficient))
    throw std::invalid_argument("a coefficient of a Pauli sum is not a finite number");
  if ((string.x | string.z) >> most_letters != 0)
    throw std::invalid_argument("a Pauli string acts on at most 63 qubits");
  const auto [place, fresh] = places_.try_emplace(string, terms_.size());
  if (fresh)
    terms_.push_back({coefficient, string});
  else
    terms_[place->second].coefficient += coefficient;
  return *this;
}

int PauliSum::qubits() const {
  std::uint64_t used = 0;
  for (const PauliTerm& term : terms_) used |= term.string.x | term.string.z;
  return std::bit_width(used);
}

std::string to_text(const PauliString& string, int qubits) {
  const int letters = std::max({qubits, static_cast<int>(std::bit_width(string.x | string.z)), 1});
  std::string text;
  for (int qubit = letters; qubit-- > 0;) {
    const bool x = string.x >> qubit & 1, z = string.z >> qubit & 1;
    text += x ? (z ? 'Y' : 'X') : (z ? 'Z' : 'I');
  }
  return text;
}

std::vector<PauliGroup> grouped(const PauliSum& sum) {
  std::map<std::uint64_t, PauliGroup> groups;
  for (std::size_t k = 0; k < sum.terms().size(); ++k) {
    PauliGroup& group = groups[sum.terms()[k].string.x];
    group.x = sum.terms()[k].string.x;
    group.terms.push_back(k);
  }
  std::vector<PauliGroup> result;
  for (auto& [x, group] : groups) result.push_back(std::move(group));
  return result;
}

} // namespace bloch::quantum
