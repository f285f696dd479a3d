#include "quantum/kernels/detail/states_kernel.h"

#include <stdexcept>
#include <vector>

#include <cblas.h>

#include "quantum/kernels/phase_states.h"
#include "quantum/kernels/sample_states.h"
#include "quantum/simulators/aligned_buffer.h"
#include "quantum/simulators/memory.h"

namespace bloch::quantum {
namespace {

constexpr Eigen::Index small_block = 256, large_block = 32; // rows of one matrix product
constexpr int most_batched_qubits = 12; ///< above it a batch of sixteen states leaves the cache

/// With v = (re, im) the overlap's real part is re.re + im.im and its imaginary part re.im' - im.re': one real
/// matrix product against the columns (re, im) and (im, -re). Samples are columns of the arrays.
void small_states_kernel(const FeatureMap& map, const FeatureMapOptions& options, const Matrix& rows,
                         const Matrix& columns, int qubits, int threads, Matrix& out) {
  const std::size_t size = std::size_t{1} << qubits, width = static_cast<std::size_t>(columns.rows());
  check_memory(4 * size * width * sizeof(float), "a kernel of this many samples");
  std::vector<float> right(2 * size * 2 * width);
  over_blocks(columns.rows(), phase_batch, threads, [&](Eigen::Index first, Eigen::Index count) {
    sample_states(map, options, columns, first, count, right.data() + first, 2 * width);
    for (std::size_t b = 0; b < size; ++b)
      for (Eigen::Index k = first; k < first + count; ++k) {
        right[b * 2 * width + width + k] = right[(size + b) * 2 * width + k];
        right[(size + b) * 2 * width + width + k] = -right[b * 2 * width + k];
      }
  });
  over_blocks(rows.rows(), small_block, threads, [&](Eigen::Index first, Eigen::Index count) {
    std::vector<float> left(2 * size * count), overlaps(2 * width * count);
    sample_states(map, options, rows, first, count, left.data(), static_cast<std::size_t>(count));
    cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, static_cast<int>(count), static_cast<int>(2 * width),
                static_cast<int>(2 * size), 1, left.data(), static_cast<int>(count), right.data(),
                static_cast<int>(2 * width), 0, overlaps.data(), static_cast<int>(2 * width));
    for (Eigen::Index k = 0; k < count; ++k)
      squared_moduli(overlaps.data() + 2 * width * k, overlaps.data() + 2 * width * k + width,
                     &out(first + k, 0), width);
  });
}

/// The same with samples as rows, in the simulator's own order of numbers, which is the same for all.
void large_states_kernel(const FeatureMap& map, const FeatureMapOptions& options, const Matrix& rows,
                         const Matrix& columns, int qubits, bool symmetric, int threads, Matrix& out) {
  const std::size_t reals = std::size_t{2} << qubits, width = static_cast<std::size_t>(columns.rows());
  const std::size_t lanes = sample_state_lanes();
  check_memory((width + 4 * large_block) * reals * sizeof(float),
               "a kernel of " + std::to_string(width) + " samples of " + std::to_string(qubits) + " qubits");
  AlignedBuffer<float> right(reals * width);
  over_blocks(columns.rows(), 1, threads, [&](Eigen::Index k, Eigen::Index) {
    sample_state(map, options, columns, k, right.data() + static_cast<std::size_t>(k) * reals);
  });
  over_blocks(rows.rows(), large_block, threads, [&](Eigen::Index first, Eigen::Index count) {
    const auto block = static_cast<std::size_t>(count);
    const Eigen::Index wanted = symmetric ? first + count : columns.rows();
    AlignedBuffer<float> left(symmetric ? 0 : reals * block), turned(reals * block);
    std::vector<float> real(block * width), imaginary(block * width);
    const float* states = symmetric ? right.data() + static_cast<std::size_t>(first) * reals : left.data();
    for (std::size_t k = 0; k < block; ++k) {
      if (!symmetric)
        sample_state(map, options, rows, first + static_cast<Eigen::Index>(k), left.data() + k * reals);
      const float* from = states + k * reals;
      float* to = turned.data() + k * reals;
      for (std::size_t vector = 0; vector < reals; vector += 2 * lanes)
        for (std::size_t lane = 0; lane < lanes; ++lane) {
          to[vector + lane] = -from[vector + lanes + lane];
          to[vector + lanes + lane] = from[vector + lane];
        }
    }
    const auto multiply = [&](const float* a, float* result) {
      cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, static_cast<int>(count), static_cast<int>(wanted),
                  static_cast<int>(reals), 1, a, static_cast<int>(reals), right.data(), static_cast<int>(reals),
                  0, result, static_cast<int>(width));
    };
    multiply(states, real.data());
    multiply(turned.data(), imaginary.data());
    for (Eigen::Index k = 0; k < count; ++k)
      squared_moduli(real.data() + static_cast<std::size_t>(k) * width,
                     imaginary.data() + static_cast<std::size_t>(k) * width, &out(first + k, 0),
                     static_cast<std::size_t>(wanted));
  });
}

} // namespace

void states_kernel(const FeatureMap& map, const FeatureMapOptions& options, const Matrix& rows,
                   const Matrix& columns, bool symmetric, int threads, Matrix& out) {
  const int qubits = map.qubits(static_cast<int>(columns.cols()));
  if (qubits > most_state_qubits)
    throw std::invalid_argument("a kernel by states takes at most " + std::to_string(most_state_qubits) +
                                " qubits, not " + std::to_string(qubits));
  openblas_set_num_threads(1); // threads are over blocks of samples
  if (qubits <= most_batched_qubits)
    small_states_kernel(map, options, rows, columns, qubits, threads, out);
  else
    large_states_kernel(map, options, rows, columns, qubits, symmetric, threads, out);
}

} // namespace bloch::quantum
