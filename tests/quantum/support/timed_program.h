#pragma once

#include <string>

#include <gtest/gtest.h>

#include "quantum/qasm/qasm.h"

namespace bloch::quantum {

/// Its first three lines.
inline const std::string timed_head = "OPENQASM 3.0;\ninclude \"stdgates.inc\";\nqubit[3] q;\n";

/// OpenQASM 3 on qubits q[0] to q[2].
inline Circuit timed(const std::string& body, double dt_ns = 0) {
  return parse_qasm(timed_head + body, {.dt_ns = dt_ns});
}

/// What is refused on line 4 of a program, and where.
inline void expect_refused_timing(const std::string& body, int column, const std::string& word) {
  try {
    timed(body);
    FAIL() << "accepted: " << body;
  } catch (const QasmError& error) {
    EXPECT_EQ(error.line(), 4) << error.what();
    EXPECT_EQ(error.column(), column) << error.what();
    EXPECT_NE(std::string(error.what()).find(word), std::string::npos) << error.what();
  }
}

} // namespace bloch::quantum
