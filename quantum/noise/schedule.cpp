#include "quantum/noise/schedule.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <stdexcept>
#include <string>

#include "quantum/simulators/detail/shots.h"

namespace bloch::quantum {
namespace {

constexpr double rounding = 1e-9; ///< of a time, relative

std::string in_ns(double time) {
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, time, std::chars_format::general, 6).ptr};
}

class Scheduler {
 public:
  Scheduler(const Circuit& circuit, const NoiseModel& model)
      : circuit_(circuit)
      , model_(model)
      , final_(final_measurements(circuit))
      , qubits_(static_cast<std::size_t>(circuit.qubits()))
      , known_(static_cast<std::size_t>(circuit.bits())) {
    for (const Register& reg : circuit.qubit_registers()) result_.add_qubits(reg.name, reg.size);
    for (const Register& reg : circuit.bit_registers()) result_.add_bits(reg.name, reg.size);
  }

  Circuit run() {
    const double end = run_steps();
    for (int qubit = 0; qubit < circuit_.qubits(); ++qubit) wait_until(qubit, end);
    for (std::size_t k = 0; k < final_.size(); ++k)
      if (final_[k]) result_.add(circuit_.operations()[k]);
    return std::move(result_);
  }

  double length_ns() {
    const double end = run_steps();
    const bool reads = std::find(final_.begin(), final_.end(), true) != final_.end();
    return end + (reads ? model_.measurement_ns : 0);
  }

 private:
  /// All but the measurements at the end. returns: when the last is done
  double run_steps() {
    const auto& operations = circuit_.operations();
    for (std::size_t k = 0; k < operations.size(); ++k) {
      if (final_[k])
        qubits_[static_cast<std::size_t>(operations[k].qubits[0])].read = true;
      else
        take(operations[k], operations[k].kind == OperationKind::box_begin ? bits_known_for_box(k) : 0);
    }
    double end = 0;
    for (const Timeline& qubit : qubits_) end = std::max(end, qubit.free);
    return end;
  }

  struct Timeline {
    double free = 0;   ///< ns from the start
    bool fresh = true; ///< still in 0, which does not relax
    bool read = false; ///< for the last time
  };

  Timeline& of(int qubit) { return qubits_[static_cast<std::size_t>(qubit)]; }

  void wait_until(int qubit, double time) {
    Timeline& line = of(qubit);
    const double wait = time - line.free;
    line.free = time;
    if (model_.idle && !line.fresh && wait > rounding * time && model_.of_qubit(qubit).relaxes())
      result_.delay(wait, qubit);
  }

  /// What a step's qubits go through when its condition does not hold: one delay for each way to fail.
  void add_missed(const Operation& operation, double duration_ns) {
    if (!model_.idle || duration_ns <= 0) return;
    for (std::size_t failing = 0; failing < operation.conditions.size(); ++failing) {
      Operation delay;
      delay.kind = OperationKind::delay;
      delay.duration_ns = duration_ns;
      delay.qubits = operation.qubits;
      delay.conditions.assign(operation.conditions.begin(),
                              operation.conditions.begin() + static_cast<std::ptrdiff_t>(failing) + 1);
      delay.conditions.back().equal = !delay.conditions.back().equal;
      result_.add(std::move(delay));
    }
  }

  /// When what the steps of a box of given length wait for is known: waiting within the box would take its
  /// time.
  double bits_known_for_box(std::size_t begin) const {
    const auto& operations = circuit_.operations();
    double known = 0;
    if (!(operations[begin].duration_ns > 0)) return known;
    std::set<int> measured; // within the box
    int open = 0;
    for (std::size_t k = begin; k < operations.size(); ++k) {
      const Operation& operation = operations[k];
      if (operation.kind == OperationKind::box_begin) ++open;
      if (operation.kind == OperationKind::box_end && --open == 0) break;
      for (const Condition& condition : operation.conditions)
        for (int bit = condition.first; bit < condition.first + condition.size; ++bit)
          if (!measured.contains(bit)) known = std::max(known, known_[static_cast<std::size_t>(bit)]);
      if (operation.kind == OperationKind::measure) measured.insert(operation.bit);
    }
    return known;
  }

  void take(const Operation& given, double earliest) {
    Operation operation = given;
    if (operation.qubits.empty()) // a barrier on every qubit
      for (int qubit = 0; qubit < circuit_.qubits(); ++qubit) operation.qubits.push_back(qubit);
    if (operation.kind == OperationKind::delay) // of a qubit that has been read, nobody will know
      std::erase_if(operation.qubits, [&](int qubit) { return of(qubit).read; });
    double start = earliest;
    for (const int qubit : operation.qubits) start = std::max(start, of(qubit).free);
    for (const Condition& condition : operation.conditions)
      for (int bit = 0; bit < condition.size; ++bit)
        start = std::max(start, known_[static_cast<std::size_t>(condition.first + bit)]);
    if (operation.kind == OperationKind::box_begin) boxes_.push_back(start);
    if (operation.kind == OperationKind::box_end) start = end_of_box(start, operation.duration_ns);
    for (const int qubit : operation.qubits) wait_until(qubit, start);
    const double duration_ns = model_.duration_ns(operation);
    for (const int qubit : operation.qubits) of(qubit).free = start + duration_ns;
    add(std::move(operation), start + duration_ns, duration_ns);
  }

  void add(Operation operation, double end, double duration_ns) {
    const int qubit = operation.qubits.empty() ? -1 : operation.qubits[0];
    switch (operation.kind) {
    case OperationKind::gate:
    case OperationKind::unitary:
      add_missed(operation, duration_ns);
      for (const int touched : operation.qubits) of(touched).fresh = false;
      result_.add(std::move(operation));
      break;
    case OperationKind::delay:
      std::erase_if(operation.qubits, [&](int other) { return of(other).fresh; });
      if (operation.qubits.empty()) break;
      add_missed(operation, duration_ns);
      result_.add(std::move(operation));
      break;
    case OperationKind::measure: // what is read is what was there at its start
      known_[static_cast<std::size_t>(operation.bit)] = end;
      result_.add(std::move(operation));
      if (duration_ns > 0 && !of(qubit).fresh) result_.delay(duration_ns, qubit);
      break;
    case OperationKind::reset:
      if (operation.conditions.empty()) of(qubit).fresh = true;
      add_missed(operation, duration_ns);
      result_.add(std::move(operation));
      break;
    default: // barriers and boxes have moved the clocks
      break;
    }
  }

  double end_of_box(double time, double duration_ns) {
    if (boxes_.empty()) return time; // a part of a circuit
    const double start = boxes_.back();
    boxes_.pop_back();
    if (duration_ns <= 0) return time;
    if (model_.idle && time > (start + duration_ns) * (1 + rounding))
      throw std::invalid_argument("a box lasts " + in_ns(duration_ns) + " ns, but its steps take " +
                                  in_ns(time - start) + " ns with the gate times of the noise model");
    return std::max(time, start + duration_ns);
  }

  const Circuit& circuit_;
  const NoiseModel& model_;
  std::vector<bool> final_;
  std::vector<Timeline> qubits_;
  std::vector<double> known_; ///< when each bit is, in ns
  std::vector<double> boxes_; ///< starts of the open ones
  Circuit result_;
};

} // namespace

Circuit scheduled(const Circuit& circuit, const NoiseModel& model) { return Scheduler(circuit, model).run(); }

double length_ns(const Circuit& circuit, const NoiseModel& model) {
  return Scheduler(circuit, model).length_ns();
}

} // namespace bloch::quantum
