#include "quantum/feature_maps/feature_map.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>
#include <stdexcept>

namespace bloch::quantum {

#define BLOCH_FEATURE_MAP(function) FeatureMap function();
#include "quantum/feature_maps/feature_maps.inc"
#undef BLOCH_FEATURE_MAP

std::span<const FeatureMap> feature_maps() {
  static const std::vector<FeatureMap> list = {
#define BLOCH_FEATURE_MAP(function) function(),
#include "quantum/feature_maps/feature_maps.inc"
#undef BLOCH_FEATURE_MAP
  };
  return list;
}

const FeatureMap* find_feature_map(std::string_view name) {
  for (const FeatureMap& map : feature_maps())
    if (map.name == name) return &map;
  return nullptr;
}

void check_features(const FeatureMap& map, std::span<const double> features, const FeatureMapOptions& options) {
  if (map.uses_reps && (options.reps < 1 || options.reps > 1000))
    throw std::invalid_argument("reps must be between 1 and 1000");
  if (!std::isfinite(options.bandwidth)) throw std::invalid_argument("bandwidth must be a finite number");
  if (features.empty()) throw std::invalid_argument("feature map " + map.name + " needs at least one feature");
  for (const double feature : features)
    if (!std::isfinite(feature * options.bandwidth))
      throw std::invalid_argument("a feature is not a finite number");
}

std::vector<std::pair<int, int>> entangled_pairs(int qubits, Entanglement entanglement) {
  std::vector<std::pair<int, int>> pairs;
  switch (entanglement) {
  case Entanglement::full:
    for (int a = 0; a < qubits; ++a)
      for (int b = a + 1; b < qubits; ++b) pairs.emplace_back(a, b);
    break;
  case Entanglement::circular:
    if (qubits > 2) pairs.emplace_back(qubits - 1, 0);
    [[fallthrough]];
  case Entanglement::linear:
    for (int a = 0; a + 1 < qubits; ++a) pairs.emplace_back(a, a + 1);
    break;
  case Entanglement::pairs:
    for (int a = 0; a + 1 < qubits; a += 2) pairs.emplace_back(a, a + 1);
    break;
  }
  return pairs;
}

std::vector<std::pair<int, int>> entangled_pairs(int qubits, const FeatureMapOptions& options) {
  if (options.coupled.empty()) return entangled_pairs(qubits, options.entanglement);
  for (std::size_t k = 0; k < options.coupled.size(); ++k) {
    const auto [a, b] = options.coupled[k];
    const std::string name = std::to_string(a) + "-" + std::to_string(b);
    if (a == b || std::min(a, b) < 0 || std::max(a, b) >= qubits)
      throw std::invalid_argument("the pair " + name + " does not name two of the qubits 0 to " +
                                  std::to_string(qubits - 1));
    for (std::size_t other = 0; other < k; ++other)
      if (std::minmax(options.coupled[other].first, options.coupled[other].second) == std::minmax(a, b))
        throw std::invalid_argument("the pair " + name + " is named twice");
  }
  return options.coupled;
}

std::vector<std::vector<int>> entangled_groups(int qubits, int size, const FeatureMapOptions& options) {
  std::vector<std::vector<int>> groups;
  if (size == 2) {
    for (const auto& [a, b] : entangled_pairs(qubits, options)) groups.push_back({a, b});
    return groups;
  }
  if (!options.coupled.empty() || options.entanglement == Entanglement::pairs)
    throw std::invalid_argument("Pauli words of more than two letters need linear, circular or full "
                                "entanglement, not pairs");
  if (size > qubits) return groups;
  std::vector<int> group(static_cast<std::size_t>(size));
  if (options.entanglement == Entanglement::full) {
    std::iota(group.begin(), group.end(), 0);
    while (true) {
      groups.push_back(group);
      int at = size - 1;
      while (at >= 0 && group[static_cast<std::size_t>(at)] == qubits - size + at) --at;
      if (at < 0) return groups;
      std::iota(group.begin() + at, group.end(), group[static_cast<std::size_t>(at)] + 1);
    }
  }
  const bool around = options.entanglement == Entanglement::circular && qubits > size;
  for (int first = around ? -1 : 0; first + size <= qubits; ++first) {
    for (int k = 0; k < size; ++k) group[static_cast<std::size_t>(k)] = first + k;
    if (first < 0) // Qiskit closes the ring with the last size - 1 qubits and the first
      for (int k = 0; k < size; ++k)
        group[static_cast<std::size_t>(k)] = k + 1 < size ? qubits - size + 1 + k : 0;
    groups.push_back(group);
  }
  return groups;
}

std::vector<std::pair<int, int>> parse_pairs(std::string_view text) {
  std::vector<std::pair<int, int>> pairs;
  const auto number = [&](std::string_view digits) {
    int value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc() || end != digits.data() + digits.size() || value < 0)
      throw std::invalid_argument("pairs of qubits are written as in 0-1,1-3");
    return value;
  };
  while (!text.empty()) {
    const std::string_view pair = text.substr(0, text.find(','));
    const std::size_t dash = std::min(pair.find('-'), pair.size());
    pairs.emplace_back(number(pair.substr(0, dash)), number(pair.substr(std::min(dash + 1, pair.size()))));
    text.remove_prefix(pair.size());
    if (text == ",") number({}); // a comma and nothing after it
    if (!text.empty()) text.remove_prefix(1);
  }
  return pairs;
}

} // namespace bloch::quantum
