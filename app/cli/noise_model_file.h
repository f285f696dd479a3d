#pragma once

#include <filesystem>
#include <string_view>

#include "core/base/result.h"
#include "quantum/noise/noise_model.h"

namespace bloch::app {

/// A noisy machine as JSON:
///
/// {"gates": {"one-qubit": {"depolarising": 0.001, "duration_ns": 35},
///            "several-qubits": {"depolarising": 0.01, "duration_ns": 300},
///            "cx": {"depolarising": 0.008, "pauli": {"XI": 0.001, "ZZ": 0.002}, "duration_ns": 250},
///            "measure": {"duration_ns": 1000}, "reset": {"duration_ns": 500}},
///  "qubits": {"all": {"t1_us": 100, "t2_us": 80, "one_given_zero": 0.01, "zero_given_one": 0.03},
///             "3": {"t1_us": 40}},
///  "idle": true, "dt_ns": 0.222}
///
/// Qubits relax (T1, T2) while a gate acts on them and during delays; with "idle" also while they wait for
/// others, each step starting as soon as its qubits are free (quantum/noise/schedule.h has the rules). "dt_ns"
/// is the unit 'dt' of durations in circuits.
///
/// Pauli strings have the gate's first qubit rightmost. A qubit's entry replaces only the numbers that it
/// names; a gate's replaces the whole. errors: malformed (no JSON, an unknown key, not a number, a wrong
/// probability or time), in one sentence with the place
Result<quantum::NoiseModel> parse_noise_model(std::string_view text);
/// errors: also not_found
Result<quantum::NoiseModel> read_noise_model(const std::filesystem::path& path);

} // namespace bloch::app
