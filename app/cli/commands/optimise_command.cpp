#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/cli/command.h"
#include "app/cli/problem_files.h"
#include "core/base/file.h"
#include "quantum/noise/noisy_simulation.h"
#include "quantum/optimisers/exact_optimum.h"
#include "quantum/optimisers/qaoa.h"
#include "quantum/optimisers/simulated_annealing.h"
#include "quantum/qasm/write_qasm.h"

namespace bloch::app {
namespace {

using ordered = nlohmann::ordered_json;

struct OptimiseRequest {
  std::string problem, mixer = "x", circuit;
  quantum::QaoaOptions qaoa;
  quantum::AnnealingOptions annealing;
  std::size_t shots = 1000;
  std::uint64_t seed = 0;
};

class OptimiseClock {
 public:
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// What success and ratios are measured by: the exact optimum, or the best that was found.
struct Yardstick {
  double minimum = 0, tolerance = 0;
  std::optional<double> maximum;

  bool reached(double value) const { return value <= minimum + tolerance; }
  /// 1 at the minimum, 0 at the maximum; 1 where all cost the same up to rounding; nothing without the exact
  /// maximum.
  ordered ratio(double value) const {
    if (!maximum) return nullptr;
    return *maximum - minimum > tolerance ? (*maximum - value) / (*maximum - minimum) : 1.0;
  }
};

ordered success_json(std::size_t successes, std::size_t trials) {
  const quantum::Estimate estimate = quantum::proportion_estimate(successes, trials);
  return {{"successes", successes},
          {"trials", trials},
          {"probability", estimate.value},
          {"ci", {estimate.lower, estimate.upper}}};
}

ordered annealing_json(const std::vector<quantum::AnnealingRead>& reads, const Yardstick& yardstick,
                       int variables, int sweeps, double seconds) {
  std::size_t successes = 0;
  double sum = 0;
  const quantum::AnnealingRead* best = &reads[0];
  for (const auto& read : reads) {
    successes += yardstick.reached(read.value) ? 1 : 0;
    sum += read.value;
    if (read.value < best->value) best = &read;
  }
  const double mean = sum / static_cast<double>(reads.size());
  return {{"minimum", best->value},
          {"bits", bit_text(best->bits, variables)},
          {"mean", mean},
          {"approximation_ratio", yardstick.ratio(mean)},
          {"success", success_json(successes, reads.size())},
          {"sweeps", sweeps},
          {"seconds", seconds}};
}

/// The quantum answer: its state, and what shots of it say.
struct QaoaAnswer {
  quantum::QaoaResult result;
  std::map<std::uint64_t, std::size_t> counts;
  std::uint64_t best = 0;
  double best_value = 0, seconds = 0;
};

QaoaAnswer sample_qaoa(const quantum::BinaryPolynomial& problem, const quantum::Statevector<float>& state,
                       const OptimiseRequest& request) {
  QaoaAnswer answer;
  quantum::Random random(request.seed);
  for (const std::size_t bits : state.sample(request.shots, random)) ++answer.counts[bits];
  answer.best = answer.counts.begin()->first;
  for (const auto& [bits, times] : answer.counts)
    if (problem.value(bits) < problem.value(answer.best)) answer.best = bits;
  answer.best_value = problem.value(answer.best);
  return answer;
}

ordered qaoa_json(const quantum::Qaoa& qaoa, const quantum::BinaryPolynomial& problem, const QaoaAnswer& answer,
                  const quantum::Statevector<float>& state, const Yardstick& yardstick,
                  const OptimiseRequest& request) {
  std::size_t successes = 0;
  for (const auto& [bits, times] : answer.counts)
    successes += yardstick.reached(problem.value(bits)) ? times : 0;
  std::vector<double> gammas = answer.result.angles.gammas;
  for (double& gamma : gammas) gamma /= qaoa.spread();
  ordered json{
      {"algorithm", "qaoa"},
      {"layers", request.qaoa.layers},
      {"mixer", request.mixer},
      {"warm_start", request.qaoa.warm_start},
      {"optimiser", request.qaoa.minimiser.method},
      {"gammas_rad", gammas},
      {"betas_rad", answer.result.angles.betas},
      {"expectation", answer.result.expectation},
      {"approximation_ratio", yardstick.ratio(answer.result.expectation)},
      {"minimum", answer.best_value},
      {"bits", bit_text(answer.best, problem.variables())},
      {"state_success_probability", qaoa.probability_at_most(state, yardstick.minimum + yardstick.tolerance)},
      {"success", success_json(successes, request.shots)},
      {"evaluations", answer.result.evaluations},
      {"converged", answer.result.converged},
      {"seconds", answer.seconds}};
  if (request.qaoa.mixer == quantum::QaoaMixer::xy) json["ones"] = request.qaoa.ones;
  if (request.qaoa.warm_start) json["relaxed"] = qaoa.relaxed();
  return json;
}

Result<void> write_qaoa_circuit(const quantum::Qaoa& qaoa, const OptimiseRequest& request,
                                const quantum::QaoaAngles& angles) {
  if (request.circuit.empty()) return {};
  quantum::Circuit circuit = qaoa.start();
  circuit.append(qaoa.layers(angles)).measure_all();
  return write_file(request.circuit, quantum::to_qasm3(circuit));
}

Result<ordered> optimise_all(const Invocation& invocation, const OptimiseRequest& request,
                             const quantum::BinaryPolynomial& problem) {
  const int ones = request.qaoa.mixer == quantum::QaoaMixer::xy ? request.qaoa.ones : -1;
  ordered json{
      {"variables", problem.variables()}, {"degree", problem.degree()}, {"terms", problem.terms().size()}};
  Yardstick yardstick{0, quantum::value_tolerance(problem), std::nullopt};
  // The quantum part refuses before anything is computed.
  const OptimiseClock quantum_clock;
  std::optional<quantum::Qaoa> qaoa;
  if (problem.variables() <= quantum::most_qubits)
    qaoa.emplace(problem, request.qaoa);
  else
    invocation.warn(
        fmt::format("no quantum answer: QAOA is simulated for at most {} variables", quantum::most_qubits));
  const double prepare_seconds = quantum_clock.seconds();
  json["exact"] = nullptr;
  if (problem.variables() <= quantum::most_exact_variables) {
    const OptimiseClock clock;
    const quantum::ExactOptimum exact = quantum::exact_optimum(problem, ones);
    yardstick.minimum = exact.minimum;
    yardstick.maximum = exact.maximum;
    json["exact"] = {{"minimum", exact.minimum},
                     {"maximum", exact.maximum},
                     {"bits", bit_text(exact.minimiser, problem.variables())},
                     {"optima", exact.minimisers},
                     {"seconds", clock.seconds()}};
  }
  const OptimiseClock annealing_clock;
  quantum::AnnealingOptions annealing = request.annealing;
  annealing.seed = request.seed;
  annealing.ones = ones;
  const auto reads = quantum::simulated_annealing(problem, annealing);
  const double annealing_seconds = annealing_clock.seconds();
  invocation.progress.report(0.2);
  std::optional<quantum::Statevector<float>> state;
  QaoaAnswer answer;
  if (qaoa) {
    const OptimiseClock clock;
    const quantum::QaoaResult result = qaoa->run();
    state.emplace(qaoa->state(result.angles));
    answer = sample_qaoa(problem, *state, request);
    answer.result = result;
    answer.seconds = prepare_seconds + clock.seconds();
    BLOCH_CHECK(write_qaoa_circuit(*qaoa, request, result.angles));
  }
  if (!yardstick.maximum) {
    invocation.warn(
        fmt::format("no exact optimum above {} variables; success is measured by the best that was found",
                    quantum::most_exact_variables));
    yardstick.minimum = qaoa ? answer.best_value : reads[0].value;
    for (const auto& read : reads) yardstick.minimum = std::min(yardstick.minimum, read.value);
  }
  json["annealing"] =
      annealing_json(reads, yardstick, problem.variables(), annealing.sweeps, annealing_seconds);
  json["quantum"] = qaoa ? qaoa_json(*qaoa, problem, answer, *state, yardstick, request) : ordered();
  return json;
}

void say_optima(const Invocation& invocation, const ordered& json) {
  const auto line = [&](const char* name, const ordered& part) {
    if (part.is_null()) return;
    std::string text = fmt::format("{:<10} {:>14.8g}  {}", name, part["minimum"].get<double>(),
                                   part["bits"].get<std::string>());
    if (part.contains("success"))
      text += fmt::format("  success {:.4g} [{:.4g}, {:.4g}]", part["success"]["probability"].get<double>(),
                          part["success"]["ci"][0].get<double>(), part["success"]["ci"][1].get<double>());
    if (part.contains("approximation_ratio") && part["approximation_ratio"].is_number())
      text += fmt::format("  ratio {:.5f}", part["approximation_ratio"].get<double>());
    invocation.say(text + fmt::format("  {:.3g} s", part["seconds"].get<double>()));
  };
  line("exact", json["exact"]);
  line("annealing", json["annealing"]);
  line("qaoa", json["quantum"]);
}

Result<void> run_optimise(const Invocation& invocation, OptimiseRequest request) {
  BLOCH_TRY(problem, read_binary_problem(request.problem));
  if (request.mixer == "xy") {
    request.qaoa.mixer = quantum::QaoaMixer::xy;
    if (!request.circuit.empty())
      return failure(ErrorKind::invalid_parameter,
                     "--circuit writes circuits of the x mixer; the xy mixer's start is no circuit here");
  } else if (request.qaoa.ones >= 0) {
    return failure(ErrorKind::invalid_parameter, "--ones is for --mixer xy");
  }
  request.qaoa.seed = request.seed;
  try {
    BLOCH_TRY(json, optimise_all(invocation, request, problem));
    say_optima(invocation, json);
    invocation.set_json(json.dump(2));
  } catch (const std::invalid_argument& error) {
    return failure(ErrorKind::failed, error.what());
  }
  return {};
}

CommandBody configure_optimise(CLI::App& app) {
  const auto request = std::make_shared<OptimiseRequest>();
  app.add_option(
         "problem", request->problem,
         "what to minimise over bits x_i. JSON: {\"variables\": n, \"constant\": 0, \"terms\": "
         "[{\"variables\": [0, 1], \"coefficient\": -1.5}, ...]}, products of any length. CSV: a header "
         "i,j,value and one product a row, or a square matrix Q without a header, for x^T Q x")
      ->required()
      ->type_name("QUBO.json|.csv");
  app.add_option("--layers", request->qaoa.layers, "of QAOA")->check(CLI::Range(1, 100))->capture_default_str();
  app.add_option("--mixer", request->mixer, "x flips bits; xy keeps the number of ones")
      ->check(CLI::IsMember({"x", "xy"}))
      ->capture_default_str();
  app.add_option("--ones", request->qaoa.ones, "of the xy mixer: how many bits are 1")
      ->check(CLI::Range(0, 63));
  app.add_flag("--warm-start", request->qaoa.warm_start, "start near a minimum of the relaxed problem");
  app.add_option("--warm-margin", request->qaoa.warm_margin, "how far from certain a warm start stays")
      ->check(CLI::Range(0.0, 0.5))
      ->capture_default_str();
  std::vector<std::string> names;
  for (const auto& optimiser : quantum::optimisers()) names.emplace_back(optimiser.name);
  app.add_option("--optimiser", request->qaoa.minimiser.method, "of the angles; see bloch-cli list optimisers")
      ->check(CLI::IsMember(names))
      ->capture_default_str();
  app.add_option("--evaluations", request->qaoa.minimiser.evaluations, "at most, for each number of layers")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  app.add_option("--shots", request->shots, "measurements of the best state")
      ->check(CLI::Range(std::size_t{1}, std::size_t{100'000'000}))
      ->capture_default_str();
  app.add_option("--reads", request->annealing.reads, "runs of simulated annealing")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  app.add_option("--sweeps", request->annealing.sweeps, "of each annealing run")
      ->check(CLI::Range(1, 10'000'000))
      ->capture_default_str();
  app.add_option("--seed", request->seed, "of annealing, warm start and shots")->capture_default_str();
  app.add_option("--circuit", request->circuit, "write the best circuit as OpenQASM 3")->type_name("FILE.qasm");
  return [request](const Invocation& invocation) { return run_optimise(invocation, *request); };
}

} // namespace

Command optimise_command() {
  return {
      "optimise",
      "Minimise a QUBO or HUBO by QAOA, beside simulated annealing and, up to 26 variables, the exact optimum.",
      "bloch-cli optimise qubo.csv --layers 4 --shots 1000 --seed 1 --json -", configure_optimise};
}

} // namespace bloch::app
