#pragma once

#include <algorithm>

#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/task_arena.h>

#include "quantum/kernels/kernel.h"

namespace bloch::quantum {

/// Qubits of the method `states`.
inline constexpr int most_state_qubits = 20;

/// Every state in complex64, then one matrix product. symmetric: rows are the columns, only the lower half
/// is filled. throws: std::invalid_argument (more memory than is free)
void states_kernel(const FeatureMap& map, const FeatureMapOptions& options, const Matrix& rows,
                   const Matrix& columns, bool symmetric, int threads, Matrix& out);

/// Runs body(first, count) over blocks of rows on a number of threads; 0: those of the caller's arena.
template <class Body> void over_blocks(Eigen::Index rows, Eigen::Index block, int threads, const Body& body) {
  const auto run = [&] {
    oneapi::tbb::parallel_for(Eigen::Index{0}, (rows + block - 1) / block,
                              [&](Eigen::Index k) { body(k * block, std::min(block, rows - k * block)); });
  };
  if (threads > 0)
    oneapi::tbb::task_arena(threads).execute(run);
  else
    run();
}

} // namespace bloch::quantum
