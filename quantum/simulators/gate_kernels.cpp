#include "quantum/simulators/gate_kernels.h"

#include <algorithm>

namespace bloch::quantum {

template <class Real>
PreparedGate<Real> prepare_gate(std::span<const Complex> matrix, std::span<const int> targets,
                                std::span<const int> controls) {
  const int bits = lane_bits<Real>();
  const std::size_t lanes = std::size_t{1} << bits, size = std::size_t{1} << targets.size();
  PreparedGate<Real> gate;
  std::vector<int> high, low; // positions in targets
  for (int k = 0; k < static_cast<int>(targets.size()); ++k) (targets[k] < bits ? low : high).push_back(k);
  gate.high = static_cast<int>(high.size());
  gate.low = static_cast<int>(low.size());
  std::size_t& lane_controls = gate.lane_controls;
  for (const int control : controls) {
    if (control < bits)
      lane_controls |= std::size_t{1} << control;
    else {
      gate.controls |= std::size_t{1} << (control - bits);
      gate.fixed.push_back(control - bits);
    }
  }
  for (const int k : high) gate.fixed.push_back(targets[k] - bits);
  std::sort(gate.fixed.begin(), gate.fixed.end());

  const std::size_t rows = std::size_t{1} << gate.high, patterns = std::size_t{1} << gate.low;
  const auto spread = [&](std::size_t value, const std::vector<int>& positions) { // to matrix-index bits
    std::size_t index = 0;
    for (std::size_t k = 0; k < positions.size(); ++k) index |= (value >> k & 1) << positions[k];
    return index;
  };
  for (std::size_t row = 0; row < rows; ++row)
    for (int k = 0; k < gate.high; ++k)
      if (row >> k & 1) gate.offsets[row] += (std::size_t{2} * lanes) << (targets[high[k]] - bits);
  for (std::size_t pattern = 0; pattern < patterns; ++pattern) {
    int exchange = 0;
    for (int k = 0; k < gate.low; ++k)
      if (pattern >> k & 1) exchange |= 1 << targets[low[k]];
    gate.patterns.push_back(exchange);
  }
  gate.diagonal = gate.real = true;
  for (std::size_t row = 0; row < size; ++row)
    for (std::size_t column = 0; column < size; ++column) {
      const Complex& element = matrix[row * size + column];
      gate.diagonal = gate.diagonal && (row == column || element == Complex{});
      gate.real = gate.real && element.imag() == 0;
    }
  const Complex flip[4] = {0, 1, 1, 0};
  gate.flip = targets.size() == 1 && (lane_controls == 0 || gate.high == 1) &&
              std::equal(matrix.begin(), matrix.end(), flip);
  const auto element_of = [&](std::size_t row, std::size_t column, std::size_t pattern,
                              std::size_t lane) -> Complex {
    if ((lane & lane_controls) != lane_controls) return row == column && pattern == 0 ? 1.0 : 0.0;
    std::size_t lane_row = 0;
    for (int k = 0; k < gate.low; ++k) lane_row |= (lane >> targets[low[k]] & 1) << low[k];
    const std::size_t lane_column = lane_row ^ spread(pattern, low);
    return matrix[(spread(row, high) | lane_row) * size + (spread(column, high) | lane_column)];
  };
  if (gate.diagonal) {
    gate.coefficients = AlignedBuffer<Real>(rows * 2 * lanes);
    for (std::size_t row = 0; row < rows; ++row) {
      gate.skip[row] = true;
      for (std::size_t lane = 0; lane < lanes; ++lane) {
        const Complex element = element_of(row, row, 0, lane);
        gate.skip[row] = gate.skip[row] && element == Complex(1);
        gate.coefficients.data()[(row * 2) * lanes + lane] = static_cast<Real>(element.real());
        gate.coefficients.data()[(row * 2 + 1) * lanes + lane] = static_cast<Real>(element.imag());
      }
    }
    return gate;
  }
  gate.coefficients = AlignedBuffer<Real>(rows * rows * patterns * 2 * lanes);
  Real* out = gate.coefficients.data();
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t column = 0; column < rows; ++column)
      for (std::size_t pattern = 0; pattern < patterns; ++pattern, out += 2 * lanes)
        for (std::size_t lane = 0; lane < lanes; ++lane) {
          const Complex element = element_of(row, column, pattern, lane);
          out[lane] = static_cast<Real>(element.real());
          out[lanes + lane] = static_cast<Real>(element.imag());
        }
  return gate;
}

template <class Real> std::size_t gate_groups(const PreparedGate<Real>& gate, int qubits) {
  return std::size_t{1} << (qubits - lane_bits<Real>() - static_cast<int>(gate.fixed.size()));
}

template PreparedGate<float> prepare_gate<float>(std::span<const Complex>, std::span<const int>,
                                                 std::span<const int>);
template PreparedGate<double> prepare_gate<double>(std::span<const Complex>, std::span<const int>,
                                                   std::span<const int>);
template std::size_t gate_groups<float>(const PreparedGate<float>&, int);
template std::size_t gate_groups<double>(const PreparedGate<double>&, int);

} // namespace bloch::quantum
