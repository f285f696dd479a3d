#include "quantum/gates/gate.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <numbers>
#include <unordered_map>

namespace bloch::quantum {
namespace {

constexpr Complex imaginary{0, 1};
const double half_root = std::numbers::sqrt2 / 2;

void fill(Complex* matrix, std::initializer_list<Complex> entries) {
  std::copy(entries.begin(), entries.end(), matrix);
}
Complex phase_of(double angle) { return {std::cos(angle), std::sin(angle)}; }

void identity_matrix(const double*, Complex* m) { fill(m, {1, 0, 0, 1}); }
void x_matrix(const double*, Complex* m) { fill(m, {0, 1, 1, 0}); }
void y_matrix(const double*, Complex* m) { fill(m, {0, -imaginary, imaginary, 0}); }
void z_matrix(const double*, Complex* m) { fill(m, {1, 0, 0, -1}); }
void h_matrix(const double*, Complex* m) { fill(m, {half_root, half_root, half_root, -half_root}); }
void s_matrix(const double*, Complex* m) { fill(m, {1, 0, 0, imaginary}); }
void sdg_matrix(const double*, Complex* m) { fill(m, {1, 0, 0, -imaginary}); }
void t_matrix(const double*, Complex* m) { fill(m, {1, 0, 0, Complex(half_root, half_root)}); }
void tdg_matrix(const double*, Complex* m) { fill(m, {1, 0, 0, Complex(half_root, -half_root)}); }
void sx_matrix(const double*, Complex* m) {
  const Complex plus(0.5, 0.5), minus(0.5, -0.5);
  fill(m, {plus, minus, minus, plus});
}
void sxdg_matrix(const double*, Complex* m) {
  const Complex plus(0.5, 0.5), minus(0.5, -0.5);
  fill(m, {minus, plus, plus, minus});
}
void rx_matrix(const double* p, Complex* m) {
  const double c = std::cos(p[0] / 2), s = std::sin(p[0] / 2);
  fill(m, {c, Complex(0, -s), Complex(0, -s), c});
}
void ry_matrix(const double* p, Complex* m) {
  const double c = std::cos(p[0] / 2), s = std::sin(p[0] / 2);
  fill(m, {c, -s, s, c});
}
void rz_matrix(const double* p, Complex* m) { fill(m, {phase_of(-p[0] / 2), 0, 0, phase_of(p[0] / 2)}); }
void p_matrix(const double* p, Complex* m) { fill(m, {1, 0, 0, phase_of(p[0])}); }
void u_matrix(const double* p, Complex* m) {
  const double c = std::cos(p[0] / 2), s = std::sin(p[0] / 2);
  fill(m, {c, -s * phase_of(p[2]), s * phase_of(p[1]), c * phase_of(p[1] + p[2])});
}
void u2_matrix(const double* p, Complex* m) {
  const double angles[3] = {std::numbers::pi / 2, p[0], p[1]};
  u_matrix(angles, m);
}
void cu_matrix(const double* p, Complex* m) {
  u_matrix(p, m);
  for (int k = 0; k < 4; ++k) m[k] *= phase_of(p[3]);
}

void swap_matrix(const double*, Complex* m) { fill(m, {1, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1}); }
void iswap_matrix(const double*, Complex* m) {
  fill(m, {1, 0, 0, 0, 0, 0, imaginary, 0, 0, imaginary, 0, 0, 0, 0, 0, 1});
}
void dcx_matrix(const double*, Complex* m) { fill(m, {1, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 1, 0}); }
void ecr_matrix(const double*, Complex* m) {
  const Complex r = half_root, i(0, half_root);
  fill(m, {0, r, 0, i, r, 0, -i, 0, 0, i, 0, r, -i, 0, r, 0});
}
void rxx_matrix(const double* p, Complex* m) {
  const Complex c = std::cos(p[0] / 2), s(0, -std::sin(p[0] / 2));
  fill(m, {c, 0, 0, s, 0, c, s, 0, 0, s, c, 0, s, 0, 0, c});
}
void ryy_matrix(const double* p, Complex* m) {
  const Complex c = std::cos(p[0] / 2), s(0, -std::sin(p[0] / 2));
  fill(m, {c, 0, 0, -s, 0, c, s, 0, 0, s, c, 0, -s, 0, 0, c});
}
void rzz_matrix(const double* p, Complex* m) {
  const Complex same = phase_of(-p[0] / 2), other = phase_of(p[0] / 2);
  fill(m, {same, 0, 0, 0, 0, other, 0, 0, 0, 0, other, 0, 0, 0, 0, same});
}
void rzx_matrix(const double* p, Complex* m) {
  const Complex c = std::cos(p[0] / 2), s(0, -std::sin(p[0] / 2));
  fill(m, {c, 0, s, 0, 0, c, 0, -s, s, 0, c, 0, 0, -s, 0, c});
}
// Controls are targets 0 and 1 here because the phases depend on them: index = c0 + 2 c1 + 4 t.
void rccx_matrix(const double*, Complex* m) {
  std::fill_n(m, 64, Complex{});
  for (int k : {0, 1, 2, 4, 6}) m[9 * k] = 1;
  m[9 * 5] = -1;
  m[8 * 3 + 7] = -imaginary;
  m[8 * 7 + 3] = imaginary;
}
// Index = c0 + 2 c1 + 4 c2 + 8 t.
void rc3x_matrix(const double*, Complex* m) {
  std::fill_n(m, 256, Complex{});
  for (int k = 0; k < 16; ++k) m[17 * k] = 1;
  m[17 * 3] = imaginary;
  m[17 * 11] = -imaginary;
  m[17 * 7] = m[17 * 15] = 0;
  m[16 * 7 + 15] = 1;
  m[16 * 15 + 7] = -1;
}

const Gate gate_list[] = {
#define BLOCH_GATE(name, controls, targets, parameters, unitary, summary)                                      \
  {#name, controls, targets, parameters, unitary, summary},
#include "quantum/gates/gates.inc"
#undef BLOCH_GATE
};

} // namespace

std::span<const Gate> gates() { return gate_list; }

std::optional<AnglePhase> angle_phase(const Gate& gate) {
  if (gate.unitary == p_matrix) return AnglePhase{0, 1, 0};
  if (gate.unitary == rz_matrix) return AnglePhase{-0.5, 1, 0};
  if (gate.unitary == rzz_matrix) return AnglePhase{-0.5, 1, -2};
  return std::nullopt;
}

bool is_diagonal(std::span<const Complex> matrix) {
  const auto size = static_cast<std::size_t>(std::lround(std::sqrt(static_cast<double>(matrix.size()))));
  for (std::size_t k = 0; k < matrix.size(); ++k)
    if (k / size != k % size && matrix[k] != Complex{}) return false;
  return true;
}

bool is_unitary(std::span<const Complex> matrix) {
  const auto size = static_cast<std::size_t>(std::lround(std::sqrt(static_cast<double>(matrix.size()))));
  for (std::size_t row = 0; row < size; ++row)
    for (std::size_t other = 0; other <= row; ++other) {
      Complex overlap{};
      for (std::size_t k = 0; k < size; ++k)
        overlap += matrix[row * size + k] * std::conj(matrix[other * size + k]);
      if (std::abs(overlap - (row == other ? 1.0 : 0.0)) > 1e-12) return false;
    }
  return true;
}

const Gate* find_gate(std::string_view name) {
  static const auto by_name = [] {
    std::unordered_map<std::string_view, const Gate*> map;
    for (const Gate& gate : gate_list) map.emplace(gate.name, &gate);
    return map;
  }();
  const auto found = by_name.find(name);
  return found == by_name.end() ? nullptr : found->second;
}

} // namespace bloch::quantum
