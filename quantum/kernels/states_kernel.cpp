#include "quantum/kernels/detail/states_kernel.h"

#include <algorithm>
#include <complex>
#include <stdexcept>
#include <string>
#include <vector>

#include <cblas.h>

#include "quantum/kernels/detail/overlaps.h"
#include "quantum/kernels/phase_states.h"
#include "quantum/kernels/sample_states.h"
#include "quantum/simulators/aligned_buffer.h"
#include "quantum/simulators/memory.h"

namespace bloch::quantum {
namespace {

using Amplitude = std::complex<float>;

constexpr int most_batched_qubits = 12; ///< above it a batch of sixteen states leaves the cache

/// States of samples, complex64: amplitude b of sample k is data[k * sample_step + b * amplitude_step]; one of
/// the steps is 1.
struct States {
  AlignedBuffer<Amplitude> data;
  std::size_t sample_step = 1, amplitude_step = 1;

  bool samples_are_columns() const { return sample_step == 1; }
  const Amplitude* sample(Eigen::Index k) const {
    return data.data() + static_cast<std::size_t>(k) * sample_step;
  }
  int stride() const { return static_cast<int>(samples_are_columns() ? amplitude_step : sample_step); }
};

/// Samples as columns, built sixteen at a time.
States small_states(const FeatureMap& map, const FeatureMapOptions& options, const Matrix& samples,
                    Eigen::Index first, Eigen::Index count, int qubits, int threads) {
  const std::size_t size = std::size_t{1} << qubits, width = static_cast<std::size_t>(count);
  States states{AlignedBuffer<Amplitude>(size * width), 1, width};
  over_blocks(count, phase_batch, threads, [&](Eigen::Index begin, Eigen::Index batch) {
    thread_local std::vector<float> split;
    const auto lanes = static_cast<std::size_t>(batch);
    split.resize(2 * size * lanes);
    sample_states(map, options, samples, first + begin, batch, split.data(), lanes);
    interleave_rows(split.data(), split.data() + size * lanes, size, lanes, states.data.data() + begin, width);
  });
  return states;
}

/// Samples as rows, in the simulator's own order of amplitudes, which is the same for all.
States large_states(const FeatureMap& map, const FeatureMapOptions& options, const Matrix& samples,
                    Eigen::Index first, Eigen::Index count, int qubits, int threads) {
  const std::size_t size = std::size_t{1} << qubits, lanes = sample_state_lanes();
  States states{AlignedBuffer<Amplitude>(size * static_cast<std::size_t>(count)), size, 1};
  over_blocks(count, 1, threads, [&](Eigen::Index k, Eigen::Index) {
    auto* state = reinterpret_cast<float*>(states.data.data() + static_cast<std::size_t>(k) * size);
    sample_state(map, options, samples, first + k, state);
    interleave_lanes(state, lanes, size / lanes);
  });
  return states;
}

States states_of(const FeatureMap& map, const FeatureMapOptions& options, const Matrix& samples,
                 Eigen::Index first, Eigen::Index count, int qubits, int threads) {
  return (qubits <= most_batched_qubits ? small_states : large_states)(map, options, samples, first, count,
                                                                       qubits, threads);
}

/// Keeps OpenBLAS on the thread that calls it: its OpenMP build asks every calling thread anew how many it may
/// have.
void one_blas_thread() {
  thread_local const bool told = [] {
    openblas_set_num_threads(1); // threads are over blocks of samples
    return true;
  }();
  static_cast<void>(told);
}

/// overlaps[a * stride + b] = <left a | right b>, or its conjugate.
void multiply(const States& left, Eigen::Index first_left, Eigen::Index lefts, const States& right,
              Eigen::Index rights, int size, Amplitude* overlaps, Eigen::Index stride) {
  const Amplitude one = 1, zero = 0;
  const bool columns = left.samples_are_columns();
  cblas_cgemm(CblasRowMajor, columns ? CblasConjTrans : CblasNoTrans, columns ? CblasNoTrans : CblasConjTrans,
              static_cast<int>(lefts), static_cast<int>(rights), size, &one, left.sample(first_left),
              left.stride(), right.data.data(), right.stride(), &zero, overlaps, static_cast<int>(stride));
}

/// The lower half of the same among samples of one set.
void multiply_among(const States& states, Eigen::Index first, Eigen::Index count, int size, Amplitude* overlaps,
                    Eigen::Index stride) {
  cblas_cherk(CblasRowMajor, CblasLower, states.samples_are_columns() ? CblasConjTrans : CblasNoTrans,
              static_cast<int>(count), size, 1, states.sample(first), states.stride(), 0, overlaps,
              static_cast<int>(stride));
}

/// Rows of one matrix product: few enough that every thread has some, and that half a square is not much more
/// than half the work.
Eigen::Index block_of(Eigen::Index rows) { return rows <= 512 ? 64 : 256; }

} // namespace

void states_kernel(const FeatureMap& map, const FeatureMapOptions& options, const Matrix& rows,
                   const Matrix& columns, bool symmetric, int threads, Matrix& out) {
  const int qubits = map.qubits(static_cast<int>(columns.cols()));
  if (qubits > most_state_qubits)
    throw std::invalid_argument("a kernel by states takes at most " + std::to_string(most_state_qubits) +
                                " qubits, not " + std::to_string(qubits));
  const int size = 1 << qubits;
  const Eigen::Index width = columns.rows(), block = block_of(rows.rows());
  const std::size_t held = static_cast<std::size_t>(width + (symmetric ? 0 : block * std::max(threads, 2)));
  check_memory(held * static_cast<std::size_t>(size) * sizeof(Amplitude),
               "a kernel of " + std::to_string(width) + " samples of " + std::to_string(qubits) + " qubits");
  const States right = states_of(map, options, columns, 0, width, qubits, threads);
  over_blocks(rows.rows(), block, threads, [&](Eigen::Index first, Eigen::Index count) {
    const Eigen::Index stride = symmetric ? first + count : width;
    one_blas_thread();
    std::vector<Amplitude> overlaps(static_cast<std::size_t>(count * stride));
    if (symmetric) {
      if (first > 0) multiply(right, first, count, right, first, size, overlaps.data(), stride);
      multiply_among(right, first, count, size, overlaps.data() + first, stride);
    } else {
      const States left = states_of(map, options, rows, first, count, qubits, 0);
      multiply(left, 0, count, right, width, size, overlaps.data(), stride);
    }
    for (Eigen::Index k = 0; k < count; ++k)
      squared_moduli(overlaps.data() + k * stride, &out(first + k, 0),
                     static_cast<std::size_t>(symmetric ? first + k + 1 : width));
  });
}

} // namespace bloch::quantum
