#include <algorithm>
#include <chrono>
#include <complex>
#include <filesystem>
#include <memory>
#include <span>
#include <stdexcept>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/cli/circuit_file.h"
#include "app/cli/command.h"
#include "app/cli/noise_model_file.h"
#include "app/cli/npy_writer.h"
#include "app/cli/pauli_text.h"
#include "core/base/text.h"
#include "quantum/noise/noisy_simulation.h"
#include "quantum/noise/readout_mitigation.h"
#include "quantum/simulators/expectation.h"
#include "quantum/simulators/marginals.h"
#include "quantum/simulators/simulate.h"
#include "quantum/simulators/split_plan.h"

namespace bloch::app {
namespace {

struct SimulateRequest {
  std::string circuit;
  std::size_t shots = quantum::ShotOptions{}.shots;
  std::uint64_t seed = quantum::ShotOptions{}.seed;
  std::string precision = "single";
  std::string statevector;
  std::vector<std::string> observables;
  std::vector<int> probabilities;
  bool plan = false;
  std::string noise, noise_method = "auto";
  bool mitigate = false;
  CircuitReading reading;
};

constexpr std::size_t most_lines = 20; ///< of a list on the terminal; the JSON has all

using SimulateTime = std::chrono::steady_clock::time_point;

double seconds_since(SimulateTime start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// What is read from the final state, which is made once for all of it.
template <class Real>
Result<void> read_final_state(const Invocation& invocation, const SimulateRequest& request,
                              const quantum::Circuit& circuit, nlohmann::ordered_json& json) {
  using Number = std::complex<Real>;
  const quantum::Statevector<Real> state = quantum::final_state<Real>(circuit, invocation.threads);
  for (const std::string& text : request.observables) {
    BLOCH_TRY(sum, parse_pauli_sum(text));
    const double value = quantum::expectation(state, sum);
    json["expectations"].push_back({{"observable", text}, {"value", value}});
    invocation.say("<" + text + ">  " + to_text(value));
  }
  if (!request.probabilities.empty()) {
    json["probabilities"] = {
        {"qubits", request.probabilities},
        {"values", quantum::marginals(state, std::span<const int>(request.probabilities))}};
    const auto& values = json["probabilities"]["values"];
    for (std::size_t k = 0; k < values.size() && k < most_lines; ++k)
      invocation.say("P(" + std::to_string(k) + ")  " + to_text(values[k].get<double>()));
  }
  if (request.statevector.empty()) return {};
  return write_npy(request.statevector, sizeof(Real) == 4 ? "<c8" : "<c16", {state.size()},
                   state.size() * sizeof(Number), [&](std::size_t offset, std::span<std::byte> piece) {
                     state.copy_to({reinterpret_cast<Number*>(piece.data()), piece.size() / sizeof(Number)},
                                   offset / sizeof(Number));
                   });
}

/// The gates between measurements, each stretch as it would be planned.
void say_plan(const Invocation& invocation, const quantum::Circuit& circuit, nlohmann::ordered_json& json) {
  std::vector<quantum::Operation> stretch;
  const auto flush = [&] {
    if (stretch.empty()) return;
    const std::string text = quantum::to_text(quantum::best_plan(stretch, circuit.qubits()));
    for (const std::string& line : split(text.substr(0, text.find_last_not_of('\n') + 1), '\n'))
      invocation.say(line);
    json["plan"].push_back(text);
    stretch.clear();
  };
  for (const quantum::Operation& operation : circuit.operations()) {
    const bool gate =
        operation.kind == quantum::OperationKind::gate || operation.kind == quantum::OperationKind::unitary;
    if (gate && operation.conditions.empty())
      stretch.push_back(operation);
    else if (operation.changes_state()) {
      flush();
      const std::string word = operation.kind == quantum::OperationKind::measure ? "measure"
                               : operation.kind == quantum::OperationKind::reset ? "reset"
                                                                                 : "gate on a condition on";
      json["plan"].push_back(word + " " + std::to_string(operation.qubits[0]) + "\n");
      invocation.say(word + " " + std::to_string(operation.qubits[0]));
    }
  }
  flush();
}

void say_counts(const Invocation& invocation, const quantum::Counts& counts) {
  std::vector<std::pair<std::size_t, std::string>> sorted;
  for (const auto& [bits, times] : counts) sorted.emplace_back(times, bits);
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  for (std::size_t k = 0; k < sorted.size() && k < most_lines; ++k)
    invocation.say(sorted[k].second + "  " + std::to_string(sorted[k].first));
  if (sorted.size() > most_lines)
    invocation.say("… and " + std::to_string(sorted.size() - most_lines) + " more");
}

quantum::ShotOptions shot_options(const Invocation& invocation, const SimulateRequest& request) {
  quantum::ShotOptions options;
  options.shots = request.shots;
  options.seed = request.seed;
  options.precision =
      request.precision == "single" ? quantum::Precision::complex64 : quantum::Precision::complex128;
  options.threads = invocation.threads;
  return options;
}

nlohmann::ordered_json json_of(const quantum::Counts& counts) {
  auto json = nlohmann::ordered_json::object();
  for (const auto& [bits, times] : counts) json[bits] = times;
  return json;
}

Result<void> simulate_exactly(const Invocation& invocation, const SimulateRequest& request,
                              const quantum::Circuit& circuit, nlohmann::ordered_json& json) {
  const quantum::Counts counts = quantum::run_shots(circuit, shot_options(invocation, request));
  json["counts"] = json_of(counts);
  say_counts(invocation, counts);
  if (request.statevector.empty() && request.observables.empty() && request.probabilities.empty()) return {};
  return request.precision == "single" ? read_final_state<float>(invocation, request, circuit, json)
                                       : read_final_state<double>(invocation, request, circuit, json);
}

quantum::NoiseMethod noise_method_of(const SimulateRequest& request, int qubits) {
  const quantum::NoiseMethod asked = request.noise_method == "trajectories" ? quantum::NoiseMethod::trajectories
                                     : request.noise_method == "density-matrix"
                                         ? quantum::NoiseMethod::density_matrix
                                         : quantum::NoiseMethod::automatic;
  return quantum::resolved(asked, qubits);
}

Result<void> simulate_with_noise(const Invocation& invocation, const SimulateRequest& request,
                                 const quantum::Circuit& circuit, const quantum::NoiseModel& model,
                                 nlohmann::ordered_json& json) {
  const quantum::NoiseMethod method = noise_method_of(request, circuit.qubits());
  const quantum::ShotOptions options = shot_options(invocation, request);
  const quantum::Counts counts = quantum::run_noisy_shots(circuit, model, options, method);
  json["noise_method"] = method == quantum::NoiseMethod::trajectories ? "trajectories" : "density-matrix";
  json["counts"] = json_of(counts);
  say_counts(invocation, counts);
  for (const auto& [bits, times] : counts) {
    const quantum::Estimate estimate = quantum::proportion_estimate(times, request.shots);
    json["probability_ci"][bits] = {estimate.lower, estimate.upper};
  }
  if (request.mitigate && request.shots > 0)
    for (const auto& [bits, probability] : quantum::mitigated_readout(counts, circuit, model)) {
      json["mitigated"][bits] = probability;
      if (json["mitigated"].size() <= most_lines)
        invocation.say("without read-out errors  " + bits + "  " + to_text(probability));
    }
  std::vector<quantum::PauliSum> sums;
  for (const std::string& text : request.observables) {
    BLOCH_TRY(sum, parse_pauli_sum(text));
    sums.push_back(sum);
  }
  if (sums.empty()) return {};
  const std::vector<quantum::Estimate> estimates =
      quantum::noisy_expectations(circuit, model, sums, options, method);
  for (std::size_t k = 0; k < sums.size(); ++k) {
    const quantum::Estimate& estimate = estimates[k];
    json["expectations"].push_back({{"observable", request.observables[k]},
                                    {"value", estimate.value},
                                    {"standard_error", estimate.standard_error},
                                    {"ci", {estimate.lower, estimate.upper}}});
    invocation.say("<" + request.observables[k] + ">  " + to_text(estimate.value) +
                   (estimate.standard_error > 0
                        ? "  95 % from " + to_text(estimate.lower) + " to " + to_text(estimate.upper)
                        : ""));
  }
  return {};
}

Result<void> check_simulate(const SimulateRequest& request) {
  if (!request.noise.empty() && (!request.statevector.empty() || !request.probabilities.empty()))
    return failure(ErrorKind::invalid_parameter,
                   "with --noise there is no one final state: leave out --statevector and --probabilities");
  if (request.noise.empty() && (request.mitigate || request.noise_method != "auto"))
    return failure(ErrorKind::invalid_parameter, "--mitigate-readout and --noise-method need --noise FILE");
  return {};
}

/// What is asked about the state must fit the circuit: said before anything is run.
Result<void> check_questions(const SimulateRequest& request, const quantum::Circuit& circuit) {
  const int qubits = std::max(1, circuit.qubits());
  const std::string there = fmt::format("the circuit has qubits 0 to {}", qubits - 1);
  for (const std::string& text : request.observables) {
    BLOCH_TRY(sum, parse_pauli_sum(text));
    if (sum.qubits() > qubits)
      return failure(ErrorKind::failed,
                     fmt::format("--observable '{}' acts on qubit {}, but {}", text, sum.qubits() - 1, there));
  }
  if (!request.observables.empty() && !request.noise.empty() && request.shots < 2 &&
      noise_method_of(request, circuit.qubits()) == quantum::NoiseMethod::trajectories)
    return failure(ErrorKind::invalid_parameter,
                   "--observable is estimated from trajectories here, one a shot: it needs --shots 2 or more");
  std::vector<int> sorted = request.probabilities;
  std::sort(sorted.begin(), sorted.end());
  for (const int qubit : sorted)
    if (qubit < 0 || qubit >= qubits)
      return failure(ErrorKind::failed,
                     fmt::format("qubit {} of --probabilities is out of range: {}", qubit, there));
  if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end())
    return failure(ErrorKind::failed, "--probabilities names a qubit twice; name each once");
  return {};
}

Result<void> run_simulate(const Invocation& invocation, const SimulateRequest& request) {
  const SimulateTime start = std::chrono::steady_clock::now();
  BLOCH_CHECK(check_simulate(request));
  quantum::NoiseModel model;
  if (!request.noise.empty()) {
    BLOCH_TRY(read, read_noise_model(request.noise));
    model = std::move(read);
  }
  CircuitReading reading = request.reading;
  if (!request.noise.empty()) reading.machine = &model;
  if (!(reading.dt_ns > 0)) reading.dt_ns = model.dt_ns;
  BLOCH_TRY(circuit, read_circuit(request.circuit, reading));
  BLOCH_CHECK(check_questions(request, circuit));
  const double read_seconds = seconds_since(start);
  std::size_t gates = 0;
  for (const quantum::Operation& operation : circuit.operations())
    gates += operation.kind == quantum::OperationKind::gate || operation.kind == quantum::OperationKind::unitary
                 ? 1
                 : 0;
  nlohmann::ordered_json json{{"qubits", circuit.qubits()},     {"gates", gates},
                              {"shots", request.shots},         {"seed", request.seed},
                              {"precision", request.precision}, {"counts", nlohmann::ordered_json::object()}};
  try {
    if (request.plan) say_plan(invocation, circuit, json);
    BLOCH_CHECK(request.noise.empty() ? simulate_exactly(invocation, request, circuit, json)
                                      : simulate_with_noise(invocation, request, circuit, model, json));
  } catch (const std::invalid_argument& error) {
    return failure(ErrorKind::failed,
                   std::filesystem::path(request.circuit).filename().string() + ": " + error.what());
  }
  const double total = seconds_since(start);
  json["seconds"] = {{"read", read_seconds}, {"simulate", total - read_seconds}, {"total", total}};
  invocation.set_json(json.dump(2));
  return {};
}

CommandBody configure_simulate(CLI::App& app) {
  const auto request = std::make_shared<SimulateRequest>();
  app.add_option("circuit", request->circuit, "OpenQASM 2 or 3 program")->required()->type_name("CIRCUIT.qasm");
  app.add_option("--shots", request->shots, "how often the circuit is run")
      ->check(CLI::Range(std::size_t{0}, std::size_t{100'000'000}))
      ->capture_default_str();
  app.add_option("--seed", request->seed, "of the random numbers; the same seed gives the same counts")
      ->capture_default_str();
  app.add_option("--precision", request->precision, "complex64 or complex128 amplitudes")
      ->check(CLI::IsMember({"single", "double"}))
      ->capture_default_str();
  app.add_option("--statevector", request->statevector, "final amplitudes, index = sum of q_i 2^i")
      ->type_name("FILE.npy");
  app.add_option("--observable", request->observables,
                 "expectation value of the final state; Pauli strings with qubit 0 rightmost: '0.5 XXI - ZIZ'")
      ->type_name("SUM")
      ->allow_extra_args(false)
      ->take_all();
  app.add_option("--probabilities", request->probabilities, "of every outcome of these qubits: 0,2,3")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("QUBITS");
  app.add_flag("--plan", request->plan, "say what the gates were put together to");
  app.add_option(
         "--noise", request->noise,
         "noisy machine. {\"gates\": {\"one-qubit\": {\"depolarising\": 0.001, \"duration_ns\": 35}, "
         "\"several-qubits\": {...}, \"cx\": {\"depolarising\": 0.008, \"pauli\": {\"XI\": 0.001}}}, "
         "\"qubits\": {\"all\": {\"t1_us\": 100, \"t2_us\": 80, \"one_given_zero\": 0.01, "
         "\"zero_given_one\": 0.03}, \"3\": {\"t1_us\": 40}}, \"idle\": true, \"dt_ns\": 0.222}. Qubits relax "
         "(T1, T2) while a gate acts on them and during delays; with \"idle\" (default false) also while they "
         "wait for others, every step starting as soon as its qubits are free, and measurements that nothing "
         "follows taking place together at the end; gates \"measure\" and \"reset\" take a duration_ns")
      ->type_name("FILE.json");
  app.add_option("--noise-method", request->noise_method, "auto: the density matrix up to 9 qubits")
      ->check(CLI::IsMember({"auto", "density-matrix", "trajectories"}))
      ->capture_default_str();
  add_reading_options(app, request->reading);
  app.add_flag("--mitigate-readout", request->mitigate, "also the probabilities with read-out errors undone");
  return [request](const Invocation& invocation) { return run_simulate(invocation, *request); };
}

} // namespace

Command simulate_command() {
  return {"simulate", "Run a quantum circuit and count what is measured.",
          "bloch-cli simulate bell.qasm --shots 1000 --seed 1 --json -", configure_simulate};
}

} // namespace bloch::app
