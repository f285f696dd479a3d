#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "quantum/optimisers/binary_polynomial.h"
#include "quantum/simulators/pauli_sum.h"

namespace bloch::app {

/// A QUBO or HUBO, told apart by the file's ending.
///
/// .json: {"variables": n, "constant": 0, "terms": [{"variables": [0, 1], "coefficient": -1.5}, …]}
/// .csv:  a header i,j,value and one product a row; or a square matrix Q without a header, for x^T Q x
/// errors: not_found, malformed (what and where)
Result<quantum::BinaryPolynomial> read_binary_problem(const std::filesystem::path& path);
Result<quantum::BinaryPolynomial> parse_binary_problem_json(std::string_view text, const std::string& name);
Result<quantum::BinaryPolynomial> parse_binary_problem_csv(std::string_view text, const std::string& name);

/// A Hamiltonian: {"terms": [{"pauli": "ZZI", "coefficient": -1}, …]}, qubit 0 rightmost.
/// errors: not_found, malformed
Result<quantum::PauliSum> read_hamiltonian(const std::filesystem::path& path);
Result<quantum::PauliSum> parse_hamiltonian(std::string_view text, const std::string& name);

/// "0110", variable or qubit 0 rightmost.
std::string bit_text(std::uint64_t bits, int count);

} // namespace bloch::app
