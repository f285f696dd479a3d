#include <algorithm>
#include <cmath>
#include <vector>

#include "quantum/kernels/phase_states.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "quantum/kernels/phase_states_simd.cpp"
#include "quantum/simulators/simd_targets.h"
// Highway comes last: foreach_target.h includes this file once for each instruction set.
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace bloch::quantum {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Vectors of at most phase_batch lanes, so that a batch is a whole number of vectors.
using Lanes = hn::CappedTag<float, phase_batch>;

/// target = source * factor for `rows` rows of a batch; `factor` advances by `factor_step` rows of a batch (0:
/// the same row).
HWY_ATTR void multiply_rows(std::size_t rows, const float* source_re, const float* source_im,
                            const float* factor_re, const float* factor_im, std::size_t factor_step,
                            float* target_re, float* target_im, std::size_t target_stride) {
  const Lanes d;
  const std::size_t lanes = hn::Lanes(d);
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t lane = 0; lane < phase_batch; lane += lanes) {
      const auto a = hn::LoadU(d, source_re + row * phase_batch + lane),
                 b = hn::LoadU(d, source_im + row * phase_batch + lane);
      const auto c = hn::LoadU(d, factor_re + row * factor_step + lane),
                 s = hn::LoadU(d, factor_im + row * factor_step + lane);
      hn::StoreU(hn::NegMulAdd(b, s, hn::Mul(a, c)), d, target_re + row * target_stride + lane);
      hn::StoreU(hn::MulAdd(b, c, hn::Mul(a, s)), d, target_im + row * target_stride + lane);
    }
  }
}

/// In place Walsh-Hadamard transform over rows, unnormalised, radix 4.
HWY_ATTR void transform_rows(int qubits, float* data) {
  const Lanes d;
  const std::size_t lanes = hn::Lanes(d), size = std::size_t{1} << qubits;
  std::size_t half = 1;
  if (qubits % 2 != 0) {
    for (std::size_t k = 0; k < size * phase_batch; k += 2 * phase_batch)
      for (std::size_t lane = 0; lane < phase_batch; lane += lanes) {
        const auto a = hn::LoadU(d, data + k + lane), b = hn::LoadU(d, data + k + phase_batch + lane);
        hn::StoreU(hn::Add(a, b), d, data + k + lane);
        hn::StoreU(hn::Sub(a, b), d, data + k + phase_batch + lane);
      }
    half = 2;
  }
  for (; half < size; half *= 4)
    for (std::size_t block = 0; block < size; block += 4 * half)
      for (std::size_t k = 0; k < half * phase_batch; k += lanes) {
        float* p0 = data + block * phase_batch + k;
        float *p1 = p0 + half * phase_batch, *p2 = p1 + half * phase_batch, *p3 = p2 + half * phase_batch;
        const auto a = hn::LoadU(d, p0), b = hn::LoadU(d, p1), c = hn::LoadU(d, p2), e = hn::LoadU(d, p3);
        const auto ab = hn::Add(a, b), a_b = hn::Sub(a, b), ce = hn::Add(c, e), c_e = hn::Sub(c, e);
        hn::StoreU(hn::Add(ab, ce), d, p0);
        hn::StoreU(hn::Add(a_b, c_e), d, p1);
        hn::StoreU(hn::Sub(ab, ce), d, p2);
        hn::StoreU(hn::Sub(a_b, c_e), d, p3);
      }
}

HWY_ATTR void phase_states_here(int qubits, int reps, std::span<const QuadraticPhase> phases, float* real,
                                float* imaginary, std::size_t stride) {
  const std::size_t size = std::size_t{1} << qubits, floats = size * phase_batch;
  const std::size_t terms = phases[0].linear.size() + phases[0].pairs.size();
  thread_local std::vector<float> storage;
  storage.resize(5 * floats + 2 * terms * phase_batch);
  float *phase_re = storage.data(), *phase_im = phase_re + floats, *state_re = phase_im + floats,
        *state_im = state_re + floats;
  float *factor_re = state_im + floats, *factor_im = factor_re + floats / 2;
  float *term_re = factor_re + floats, *term_im = term_re + terms * phase_batch;
  for (int k = 0; k < phase_batch; ++k) {
    const QuadraticPhase& phase = phases[k];
    float *re = term_re + k, *im = term_im + k;
    const auto write = [&](double angle) {
      *re = static_cast<float>(std::cos(angle));
      *im = static_cast<float>(std::sin(angle));
      re += phase_batch;
      im += phase_batch;
    };
    for (const double angle : phase.linear) write(angle);
    for (const auto& pair : phase.pairs) write(pair.angle);
  }
  // Every rep brings 1/sqrt(2^qubits): the phase carries it.
  for (int lane = 0; lane < phase_batch; ++lane) {
    phase_re[lane] = static_cast<float>(std::pow(2.0, -0.5 * qubits));
    phase_im[lane] = 0;
  }
  const auto& pairs = phases[0].pairs;
  for (int qubit = 0; qubit < qubits; ++qubit) {
    for (int lane = 0; lane < phase_batch; ++lane) {
      factor_re[lane] = term_re[qubit * phase_batch + lane];
      factor_im[lane] = term_im[qubit * phase_batch + lane];
    }
    std::size_t pair_of[64];
    for (int other = 0; other < qubit; ++other) pair_of[other] = pairs.size();
    for (std::size_t k = 0; k < pairs.size(); ++k)
      if (pairs[k].b == qubit) pair_of[pairs[k].a] = k;
    for (int other = 0; other < qubit; ++other) {
      const std::size_t done = std::size_t{1} << other, offset = done * phase_batch;
      if (pair_of[other] == pairs.size()) {
        std::copy_n(factor_re, offset, factor_re + offset);
        std::copy_n(factor_im, offset, factor_im + offset);
        continue;
      }
      const std::size_t term = (static_cast<std::size_t>(qubits) + pair_of[other]) * phase_batch;
      multiply_rows(done, factor_re, factor_im, term_re + term, term_im + term, 0, factor_re + offset,
                    factor_im + offset, phase_batch);
    }
    const std::size_t done = std::size_t{1} << qubit, offset = done * phase_batch;
    multiply_rows(done, phase_re, phase_im, factor_re, factor_im, phase_batch, phase_re + offset,
                  phase_im + offset, phase_batch);
  }
  if (reps == 1)
    for (std::size_t row = 0; row < size; ++row) {
      std::copy_n(phase_re + row * phase_batch, phase_batch, real + row * stride);
      std::copy_n(phase_im + row * phase_batch, phase_batch, imaginary + row * stride);
    }
  else {
    std::copy_n(phase_re, floats, state_re);
    std::copy_n(phase_im, floats, state_im);
  }
  for (int rep = 1; rep < reps; ++rep) {
    transform_rows(qubits, state_re);
    transform_rows(qubits, state_im);
    const bool last = rep + 1 == reps;
    multiply_rows(size, state_re, state_im, phase_re, phase_im, phase_batch, last ? real : state_re,
                  last ? imaginary : state_im, last ? stride : phase_batch);
  }
}

} // namespace HWY_NAMESPACE
} // namespace bloch::quantum
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace bloch::quantum {
HWY_EXPORT(phase_states_here);

void phase_states(int qubits, int reps, std::span<const QuadraticPhase> phases, float* real, float* imaginary,
                  std::size_t stride) {
  HWY_DYNAMIC_DISPATCH(phase_states_here)(qubits, reps, phases, real, imaginary, stride);
}
} // namespace bloch::quantum
#endif
