#include "quantum/kernels/detail/reduced_batch.h"

#include <iterator>

namespace bloch::quantum {
namespace {

constexpr std::size_t float_run = 256; ///< amplitudes summed in single precision before they go into a double

using LaneFloats = std::array<float, phase_batch>;

/// sum += conj(a) * b, lane by lane.
void add_product(const float* re, const float* im, std::size_t a, std::size_t b, LaneFloats& real,
                 LaneFloats& imaginary) {
  for (std::size_t lane = 0; lane < phase_batch; ++lane) {
    const float ar = re[a * phase_batch + lane], ai = im[a * phase_batch + lane];
    const float br = re[b * phase_batch + lane], bi = im[b * phase_batch + lane];
    real[lane] += ar * br + ai * bi;
    imaginary[lane] += ar * bi - ai * br;
  }
}

void add_norm(const float* re, const float* im, std::size_t a, float sign, LaneFloats& sum) {
  for (std::size_t lane = 0; lane < phase_batch; ++lane) {
    const float ar = re[a * phase_batch + lane], ai = im[a * phase_batch + lane];
    sum[lane] += sign * (ar * ar + ai * ai);
  }
}

template <std::size_t Count>
void flush(std::array<LaneFloats, Count>& sums, std::array<LaneValues, Count>& totals) {
  for (std::size_t k = 0; k < Count; ++k)
    for (std::size_t lane = 0; lane < phase_batch; ++lane) {
      totals[k][lane] += static_cast<double>(sums[k][lane]);
      sums[k][lane] = 0;
    }
}

} // namespace

std::array<LaneValues, 3> one_qubit_values(const float* re, const float* im, int qubits, int qubit) {
  std::array<LaneValues, 3> totals{};
  std::array<LaneFloats, 3> sums{};
  const std::size_t size = std::size_t{1} << qubits, bit = std::size_t{1} << qubit;
  std::size_t summed = 0;
  for (std::size_t index = 0; index < size; ++index) {
    if (index & bit) continue;
    add_product(re, im, index, index | bit, sums[0], sums[1]);
    add_norm(re, im, index, 1, sums[2]);
    add_norm(re, im, index | bit, -1, sums[2]);
    if (++summed % float_run == 0) flush(sums, totals);
  }
  flush(sums, totals);
  for (int word = 0; word < 2; ++word)
    for (double& value : totals[static_cast<std::size_t>(word)]) value *= 2;
  return totals;
}

std::array<LaneValues, 9> two_qubit_values(const float* re, const float* im, int qubits, int a, int b) {
  // Overlaps of the four parts that the values of a and b cut the state into: 01 means a is 1.
  enum Overlap { from00to01, from10to11, from00to10, from01to11, from00to11, from01to10, overlap_count };
  constexpr std::size_t imaginary = overlap_count, parity = 2 * overlap_count, count = parity + 1;
  std::array<LaneValues, count> totals{};
  std::array<LaneFloats, count> sums{};
  const std::size_t size = std::size_t{1} << qubits, bit_a = std::size_t{1} << a, bit_b = std::size_t{1} << b;
  std::size_t summed = 0;
  for (std::size_t index = 0; index < size; ++index) {
    if (index & (bit_a | bit_b)) continue;
    const std::size_t p00 = index, p01 = index | bit_a, p10 = index | bit_b, p11 = index | bit_a | bit_b;
    const auto add = [&](Overlap overlap, std::size_t from, std::size_t to) {
      add_product(re, im, from, to, sums[overlap], sums[imaginary + overlap]);
    };
    add(from00to01, p00, p01);
    add(from10to11, p10, p11);
    add(from00to10, p00, p10);
    add(from01to11, p01, p11);
    add(from00to11, p00, p11);
    add(from01to10, p01, p10);
    add_norm(re, im, p00, 1, sums[parity]);
    add_norm(re, im, p01, -1, sums[parity]);
    add_norm(re, im, p10, -1, sums[parity]);
    add_norm(re, im, p11, 1, sums[parity]);
    if (++summed % float_run == 0) flush(sums, totals);
  }
  flush(sums, totals);
  std::array<LaneValues, 9> values{};
  for (std::size_t lane = 0; lane < phase_batch; ++lane) {
    const auto re_of = [&](Overlap overlap) { return 2 * totals[overlap][lane]; };
    const auto im_of = [&](Overlap overlap) { return 2 * totals[imaginary + overlap][lane]; };
    values[0][lane] = re_of(from00to11) + re_of(from01to10); // XX
    values[1][lane] = im_of(from00to11) + im_of(from01to10); // X_a Y_b
    values[2][lane] = re_of(from00to01) - re_of(from10to11); // X_a Z_b
    values[3][lane] = im_of(from00to11) - im_of(from01to10); // Y_a X_b
    values[4][lane] = re_of(from01to10) - re_of(from00to11); // YY
    values[5][lane] = im_of(from00to01) - im_of(from10to11); // Y_a Z_b
    values[6][lane] = re_of(from00to10) - re_of(from01to11); // Z_a X_b
    values[7][lane] = im_of(from00to10) - im_of(from01to11); // Z_a Y_b
    values[8][lane] = totals[parity][lane];                  // ZZ
  }
  return values;
}

LightCones::LightCones(const QuadraticPhase& phase, int reps) {
  std::vector<std::vector<int>> neighbours(phase.linear.size());
  for (const auto& pair : phase.pairs) {
    neighbours[static_cast<std::size_t>(pair.a)].push_back(pair.b);
    neighbours[static_cast<std::size_t>(pair.b)].push_back(pair.a);
  }
  for (std::size_t qubit = 0; qubit < neighbours.size(); ++qubit) {
    std::vector<int> cone = {static_cast<int>(qubit)}, edge = cone;
    std::vector<bool> in(neighbours.size());
    in[qubit] = true;
    for (int rep = 0; rep < reps && !edge.empty(); ++rep) {
      std::vector<int> next;
      for (const int inner : edge)
        for (const int other : neighbours[static_cast<std::size_t>(inner)])
          if (!in[static_cast<std::size_t>(other)]) {
            in[static_cast<std::size_t>(other)] = true;
            next.push_back(other);
          }
      cone.insert(cone.end(), next.begin(), next.end());
      edge = std::move(next);
    }
    std::sort(cone.begin(), cone.end());
    cones_.push_back(std::move(cone));
  }
}

std::vector<int> LightCones::of(std::span<const int> kept) const {
  std::vector<int> all = cones_[static_cast<std::size_t>(kept.front())], both;
  for (const int other : kept.subspan(1)) {
    const std::vector<int>& cone = cones_[static_cast<std::size_t>(other)];
    both.clear();
    std::set_union(all.begin(), all.end(), cone.begin(), cone.end(), std::back_inserter(both));
    all = both;
  }
  return all;
}

bool LightCones::meet(int a, int b) const {
  const std::array<int, 1> one = {a}, two = {b};
  const std::array<int, 2> pair = {a, b};
  return of(pair).size() < of(one).size() + of(two).size();
}

ConeStates::ConeStates(std::vector<int> cone, std::span<const QuadraticPhase> phases, int reps)
    : cone_(std::move(cone)) {
  const std::size_t plane = (std::size_t{1} << cone_.size()) * phase_batch;
  std::vector<int> places(phases[0].linear.size(), -1);
  for (std::size_t k = 0; k < cone_.size(); ++k)
    places[static_cast<std::size_t>(cone_[k])] = static_cast<int>(k);
  std::vector<QuadraticPhase> inside(phases.size());
  for (std::size_t lane = 0; lane < phases.size(); ++lane) {
    for (const int qubit : cone_)
      inside[lane].linear.push_back(phases[lane].linear[static_cast<std::size_t>(qubit)]);
    for (const auto& pair : phases[lane].pairs) {
      const int first = places[static_cast<std::size_t>(pair.a)],
                second = places[static_cast<std::size_t>(pair.b)];
      if (first >= 0 && second >= 0) inside[lane].pairs.push_back({first, second, pair.angle});
    }
  }
  states_.resize(2 * plane);
  phase_states(qubits(), reps, inside, states_.data(), states_.data() + plane, phase_batch);
}

} // namespace bloch::quantum
