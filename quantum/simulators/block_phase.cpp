#include "quantum/simulators/block_phase.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>

namespace bloch::quantum {

template <class Real>
BlockPhase<Real>::BlockPhase(const PhasePolynomial& phase, std::span<const int> local_qubits)
    : middle_(static_cast<int>(local_qubits.size()) - phase_table_qubits)
    , constant_(phase.constant)
    , linear_(local_qubits.size()) {
  const auto local = [&](int qubit) { // -1 outside
    const auto found = std::lower_bound(local_qubits.begin(), local_qubits.end(), qubit);
    return found == local_qubits.end() || *found != qubit ? -1 : static_cast<int>(found - local_qubits.begin());
  };
  const auto outer = [&](int qubit) -> Outer& {
    for (Outer& known : outer_)
      if (known.qubit == qubit) return known;
    outer_.push_back({qubit, 0, {}});
    return outer_.back();
  };
  for (const auto& [qubit, angle] : phase.linear) {
    if (local(qubit) >= 0)
      linear_[static_cast<std::size_t>(local(qubit))] += angle;
    else
      outer(qubit).angle += angle;
  }
  std::vector<Inner> coupling(static_cast<std::size_t>(middle_), Inner{});
  middle_pairs_.assign(static_cast<std::size_t>(middle_),
                       std::vector<double>(static_cast<std::size_t>(middle_)));
  std::array<Inner, phase_table_qubits> inner_pairs{};
  for (const auto& [pair, angle] : phase.pairs) {
    const int a = local(pair.first), b = local(pair.second); // a < b where both are local
    if (a < 0 && b < 0)
      outer_pairs_.push_back({(std::uint64_t{1} << pair.first) | (std::uint64_t{1} << pair.second), angle});
    else if (a < 0)
      outer(pair.first).couplings.emplace_back(b, angle);
    else if (b < 0)
      outer(pair.second).couplings.emplace_back(a, angle);
    else if (b < phase_table_qubits)
      inner_pairs[static_cast<std::size_t>(b)][static_cast<std::size_t>(a)] = angle;
    else if (a < phase_table_qubits)
      coupling[static_cast<std::size_t>(b - phase_table_qubits)][static_cast<std::size_t>(a)] = angle;
    else
      middle_pairs_[static_cast<std::size_t>(b - phase_table_qubits)]
                   [static_cast<std::size_t>(a - phase_table_qubits)] = angle;
  }
  for (const Inner& row : coupling) {
    Inner re, im;
    for (std::size_t k = 0; k < row.size(); ++k) {
      re[k] = std::cos(row[k]);
      im[k] = std::sin(row[k]);
    }
    factor_re_.push_back(re);
    factor_im_.push_back(im);
  }
  const std::size_t size = std::size_t{1} << phase_table_qubits, lanes = std::size_t{1} << lane_bits<Real>();
  table_ = AlignedBuffer<Real>(2 * size);
  // By doubling: a state whose highest bit is b is the one without it, times what b does beside each lower bit.
  std::array<std::complex<double>, std::size_t{1} << phase_table_qubits> factors, beside;
  factors[0] = beside[0] = 1;
  const auto times = [](std::complex<double> u, std::complex<double> v) { // no case for what is not a number
    return std::complex<double>(u.real() * v.real() - u.imag() * v.imag(),
                                u.real() * v.imag() + u.imag() * v.real());
  };
  for (std::size_t b = 0; b < phase_table_qubits; ++b) {
    for (std::size_t a = 0; a < b; ++a) {
      const std::complex<double> both = std::polar(1.0, inner_pairs[b][a]);
      for (std::size_t k = 0; k < std::size_t{1} << a; ++k)
        beside[(std::size_t{1} << a) + k] = times(beside[k], both);
    }
    for (std::size_t k = 0; k < std::size_t{1} << b; ++k)
      factors[(std::size_t{1} << b) + k] = times(factors[k], beside[k]);
  }
  for (std::size_t state = 0; state < size; ++state) {
    Real* place = table_.data() + state / lanes * 2 * lanes + state % lanes;
    place[0] = static_cast<Real>(factors[state].real());
    place[lanes] = static_cast<Real>(factors[state].imag());
  }
}

template <class Real> void BlockPhase<Real>::apply(Real* block, std::size_t base, const double* value) const {
  // Qubits outside shift the constant and the linear angles of this block.
  double constant = constant_;
  std::vector<double> linear = linear_;
  for (const Outer& qubit : outer_) {
    if ((base >> qubit.qubit & 1) == 0) continue;
    constant += qubit.angle;
    for (const auto& [local, angle] : qubit.couplings) linear[static_cast<std::size_t>(local)] += angle;
  }
  for (const OuterPair& pair : outer_pairs_)
    if ((base & pair.mask) == pair.mask) constant += pair.angle;

  // The middle qubits by doubling: their own phase, and what they do to the inner linear factors.
  struct Run {
    double re, im;
    Inner inner_re, inner_im;
  };
  const std::size_t count = std::size_t{1} << middle_;
  thread_local std::vector<Run> runs;
  thread_local std::vector<std::complex<double>> step;
  thread_local std::vector<RunPhase<Real>> phases;
  runs.resize(count);
  step.resize(count);
  phases.resize(count);
  const double factor = value ? *value : 1;
  runs[0].re = factor * std::cos(constant);
  runs[0].im = factor * std::sin(constant);
  for (std::size_t k = 0; k < phase_table_qubits; ++k) {
    runs[0].inner_re[k] = std::cos(linear[k]);
    runs[0].inner_im[k] = std::sin(linear[k]);
  }
  for (int qubit = 0; qubit < middle_; ++qubit) {
    step[0] = std::polar(1.0, linear[static_cast<std::size_t>(phase_table_qubits + qubit)]);
    for (int other = 0; other < qubit; ++other) {
      const std::complex<double> both =
          std::polar(1.0, middle_pairs_[static_cast<std::size_t>(qubit)][static_cast<std::size_t>(other)]);
      const std::size_t done = std::size_t{1} << other;
      for (std::size_t k = 0; k < done; ++k)
        step[done + k] = {step[k].real() * both.real() - step[k].imag() * both.imag(),
                          step[k].real() * both.imag() + step[k].imag() * both.real()};
    }
    const std::size_t done = std::size_t{1} << qubit;
    const Inner &c = factor_re_[static_cast<std::size_t>(qubit)],
                &s = factor_im_[static_cast<std::size_t>(qubit)];
    for (std::size_t k = 0; k < done; ++k) {
      const Run& from = runs[k];
      Run& to = runs[done + k];
      to.re = from.re * step[k].real() - from.im * step[k].imag();
      to.im = from.re * step[k].imag() + from.im * step[k].real();
      for (std::size_t i = 0; i < phase_table_qubits; ++i) {
        to.inner_re[i] = from.inner_re[i] * c[i] - from.inner_im[i] * s[i];
        to.inner_im[i] = from.inner_re[i] * s[i] + from.inner_im[i] * c[i];
      }
    }
  }
  for (std::size_t k = 0; k < count; ++k) {
    phases[k].factor_re = static_cast<Real>(runs[k].re);
    phases[k].factor_im = static_cast<Real>(runs[k].im);
    for (std::size_t i = 0; i < phase_table_qubits; ++i) {
      phases[k].linear[2 * i] = static_cast<Real>(runs[k].inner_re[i]);
      phases[k].linear[2 * i + 1] = static_cast<Real>(runs[k].inner_im[i]);
    }
  }
  if (value)
    write_runs<Real>(block, table_.data(), phases);
  else
    multiply_runs<Real>(block, table_.data(), phases);
}

template class BlockPhase<float>;
template class BlockPhase<double>;

} // namespace bloch::quantum
