#pragma once

#include <cstddef>

#include "quantum/kernels/kernel.h"

namespace bloch::quantum {

/// Final states of samples first … first+count-1 as real columns: amplitude b of sample k is
/// (out[b * stride + k], out[(2^qubits + b) * stride + k]), complex64.
void sample_states(const FeatureMap& map, const FeatureMapOptions& options, const Matrix& samples,
                   Eigen::Index first, Eigen::Index count, float* out, std::size_t stride);

/// Final state of one sample as the simulator keeps it: vectors of sample_state_lanes() real parts, then as
/// many imaginary parts. out: [2 * 2^qubits], 64-byte aligned, at least 4 qubits
void sample_state(const FeatureMap& map, const FeatureMapOptions& options, const Matrix& samples,
                  Eigen::Index row, float* out);
std::size_t sample_state_lanes();

/// Bloch vectors of a product map: [count][qubits][3] as doubles.
void sample_products(const FeatureMap& map, const FeatureMapOptions& options, const Matrix& samples,
                     Eigen::Index first, Eigen::Index count, double* out);

} // namespace bloch::quantum
