#pragma once

#include <span>
#include <string_view>

namespace bloch::quantum {

/// A gate and the OpenQASM line that defines it.
struct GateText {
  std::string_view name;
  std::string_view definition;
};

/// Gates of the list that the standard library of OpenQASM 2 (qelib1.inc) or 3 (stdgates.inc) lacks, by those
/// it has; in an order in which each uses only earlier ones.
std::span<const GateText> gate_definitions(int version);

} // namespace bloch::quantum
