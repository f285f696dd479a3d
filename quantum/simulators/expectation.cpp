#include "quantum/simulators/expectation.h"

#include <algorithm>
#include <array>
#include <bit>
#include <stdexcept>

#include <oneapi/tbb/parallel_for.h>

#include "quantum/simulators/aligned_buffer.h"
#include "quantum/simulators/block_kernels.h"
#include "quantum/simulators/partner_kernels.h"

namespace bloch::quantum {
namespace {

constexpr int most_block_qubits = 12; ///< two blocks of complex64 fit a first-level cache together
constexpr std::size_t most_parts =
    64; ///< sums of so many parts are added in order: the same on any number of threads

/// Blocks of a state as the kernels keep it: 2^bits real parts, then as many imaginary parts.
struct BlockShape {
  int bits = 0;
  int width = 0;
  std::size_t blocks = 1;

  std::size_t lanes() const { return std::size_t{1} << bits; }
  std::size_t vectors() const { return std::size_t{1} << (width - bits); }
  std::size_t size() const { return std::size_t{1} << width; }
};

template <class Real> BlockShape shape_of(const Statevector<Real>& state) {
  BlockShape shape;
  shape.bits = lane_bits<Real>();
  const int padded = std::max(state.qubits(), shape.bits);
  shape.width = std::min(padded, std::max(most_block_qubits, shape.bits));
  shape.blocks = std::size_t{1} << (padded - shape.width);
  return shape;
}

template <class Real> void check_qubits(const PauliSum& sum, const Statevector<Real>& state) {
  if (sum.qubits() > state.qubits())
    throw std::invalid_argument("the Pauli sum acts on qubit " + std::to_string(sum.qubits() - 1) +
                                ", and the state has " + std::to_string(state.qubits()) + " qubits");
}

/// Sums over b of (-1)^(z.b) conj(state[b ^ x]) state[b] for every z of a group: real where z.x is even,
/// imaginary where it is odd. A Walsh-Hadamard transform of each block gives the sums of all z at once.
template <class Real>
std::vector<double> group_sums(const Statevector<Real>& state, const PauliSum& sum, const PauliGroup& group) {
  const BlockShape shape = shape_of(state);
  const std::size_t low = shape.size() - 1, x_low = group.x & low, x_block = group.x >> shape.width;
  const std::size_t skipped = std::bit_floor(x_block); // b and b ^ x give conjugate products: half is enough
  const std::size_t parts = std::min(shape.blocks, most_parts), blocks_a_part = shape.blocks / parts;
  std::vector<std::vector<double>> sums(parts, std::vector<double>(group.terms.size()));
  oneapi::tbb::parallel_for(std::size_t{0}, parts, [&](std::size_t part) {
    AlignedBuffer<Real> product(2 * shape.size());
    for (std::size_t block = part * blocks_a_part; block < (part + 1) * blocks_a_part; ++block) {
      if ((block & skipped) != 0) continue;
      const std::size_t base = block << shape.width, partner = (block ^ x_block) << shape.width;
      multiply_partners<Real>(state.data() + 2 * base, state.data() + 2 * partner, shape.vectors(), x_low,
                              product.data());
      hadamard_block<Real>(product.data(), shape.width, low, 1);
      for (std::size_t k = 0; k < group.terms.size(); ++k) {
        const PauliString& string = sum.terms()[group.terms[k]].string;
        const std::size_t z = string.z & low, lanes = shape.lanes();
        const bool odd = std::popcount(string.x & string.z) % 2 == 1;
        const Real value =
            product.data()[(z >> shape.bits) * 2 * lanes + (odd ? lanes : 0) + (z & (lanes - 1))];
        const bool negative = std::popcount(string.z & base) % 2 == 1;
        sums[part][k] += negative ? -static_cast<double>(value) : static_cast<double>(value);
      }
    }
  });
  std::vector<double> total(group.terms.size());
  for (const std::vector<double>& part : sums)
    for (std::size_t k = 0; k < total.size(); ++k) total[k] += part[k] * (skipped != 0 ? 2 : 1);
  return total;
}

/// out += sum_z D(b) state[b] at b ^ x over one block of the result, where D(b) = sum over the group of
/// coefficient i^(number of Y) (-1)^(z.b), again by a Walsh-Hadamard transform.
template <class Real>
void add_group(const Statevector<Real>& state, const PauliSum& sum, const PauliGroup& group,
               const BlockShape& shape, std::size_t block, Real* out, AlignedBuffer<Real>& factors) {
  const std::size_t low = shape.size() - 1, lanes = shape.lanes();
  const std::size_t base = (block ^ (group.x >> shape.width)) << shape.width;
  std::fill_n(factors.data(), 2 * shape.size(), Real{0});
  for (const std::size_t k : group.terms) {
    const PauliTerm& term = sum.terms()[k];
    const std::size_t z = term.string.z & low;
    const int ys = std::popcount(term.string.x & term.string.z),
              turns = ys + 2 * std::popcount(term.string.z & base);
    factors.data()[(z >> shape.bits) * 2 * lanes + (turns % 2 == 1 ? lanes : 0) + (z & (lanes - 1))] +=
        static_cast<Real>(turns % 4 < 2 ? term.coefficient : -term.coefficient);
  }
  hadamard_block<Real>(factors.data(), shape.width, low, 1);
  add_partners<Real>(state.data() + 2 * base, factors.data(), shape.vectors(), group.x & low, out);
}

} // namespace

template <class Real> std::vector<double> expectations(const Statevector<Real>& state, const PauliSum& sum) {
  check_qubits(sum, state);
  std::vector<double> values(sum.terms().size());
  for (const PauliGroup& group : grouped(sum)) {
    const std::vector<double> sums = group_sums(state, sum, group);
    for (std::size_t k = 0; k < sums.size(); ++k) {
      const PauliString& string = sum.terms()[group.terms[k]].string;
      const int ys = std::popcount(string.x & string.z) % 4; // i^ys times the sum, which is i S where ys is odd
      values[group.terms[k]] = ys == 0 || ys == 3 ? sums[k] : -sums[k];
    }
  }
  return values;
}

template <class Real> double expectation(const Statevector<Real>& state, const PauliSum& sum) {
  const std::vector<double> values = expectations(state, sum);
  double total = 0;
  for (std::size_t k = 0; k < values.size(); ++k) total += sum.terms()[k].coefficient * values[k];
  return total;
}

template <class Real> Statevector<Real> applied(const PauliSum& sum, const Statevector<Real>& state) {
  check_qubits(sum, state);
  Statevector<Real> result(state.qubits());
  const BlockShape shape = shape_of(state);
  const std::vector<PauliGroup> groups = grouped(sum);
  oneapi::tbb::parallel_for(std::size_t{0}, shape.blocks, [&](std::size_t block) {
    AlignedBuffer<Real> factors(2 * shape.size());
    Real* out = result.data() + 2 * (block << shape.width);
    std::fill_n(out, 2 * shape.size(), Real{0});
    for (const PauliGroup& group : groups) add_group(state, sum, group, shape, block, out, factors);
  });
  return result;
}

template <class Real> Complex inner_product(const Statevector<Real>& a, const Statevector<Real>& b) {
  if (a.qubits() != b.qubits())
    throw std::invalid_argument("an inner product needs two states of as many qubits");
  const BlockShape shape = shape_of(a);
  const std::size_t parts = std::min(shape.blocks, most_parts),
                    vectors = shape.vectors() * (shape.blocks / parts), reals = 2 * shape.lanes() * vectors;
  std::vector<Complex> sums(parts);
  oneapi::tbb::parallel_for(std::size_t{0}, parts, [&](std::size_t part) {
    double sum[2] = {};
    add_inner_product<Real>(a.data() + part * reals, b.data() + part * reals, vectors, sum);
    sums[part] = {sum[0], sum[1]};
  });
  Complex total{};
  for (const Complex& sum : sums) total += sum;
  return total;
}

template <class Real> double fidelity(const Statevector<Real>& a, const Statevector<Real>& b) {
  return std::norm(inner_product(a, b));
}

template double expectation(const Statevector<float>&, const PauliSum&);
template double expectation(const Statevector<double>&, const PauliSum&);
template std::vector<double> expectations(const Statevector<float>&, const PauliSum&);
template std::vector<double> expectations(const Statevector<double>&, const PauliSum&);
template Statevector<float> applied(const PauliSum&, const Statevector<float>&);
template Statevector<double> applied(const PauliSum&, const Statevector<double>&);
template Complex inner_product(const Statevector<float>&, const Statevector<float>&);
template Complex inner_product(const Statevector<double>&, const Statevector<double>&);
template double fidelity(const Statevector<float>&, const Statevector<float>&);
template double fidelity(const Statevector<double>&, const Statevector<double>&);

} // namespace bloch::quantum
