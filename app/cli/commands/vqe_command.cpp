#include <array>
#include <chrono>
#include <memory>
#include <stdexcept>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/cli/command.h"
#include "app/cli/problem_files.h"
#include "core/base/file.h"
#include "quantum/optimisers/ground_energy.h"
#include "quantum/optimisers/vqe.h"
#include "quantum/qasm/write_qasm.h"

namespace bloch::app {
namespace {

struct VqeRequest {
  std::string hamiltonian, entanglement = "linear", circuit;
  quantum::VqeOptions options;
  std::size_t shots = 0;
};

double seconds_of(const std::chrono::steady_clock::time_point& start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

quantum::Entanglement vqe_entanglement(const std::string& name) {
  if (name == "circular") return quantum::Entanglement::circular;
  if (name == "full") return quantum::Entanglement::full;
  return name == "pairs" ? quantum::Entanglement::pairs : quantum::Entanglement::linear;
}

nlohmann::ordered_json exact_json(const quantum::PauliSum& sum) {
  if (sum.qubits() > quantum::most_ground_qubits) return nullptr;
  const auto start = std::chrono::steady_clock::now();
  const quantum::GroundEnergy exact = quantum::ground_energy(sum);
  return {{"energy", exact.energy}, {"converged", exact.converged}, {"seconds", seconds_of(start)}};
}

Result<nlohmann::ordered_json> vqe_json(const VqeRequest& request, const quantum::PauliSum& sum) {
  const auto start = std::chrono::steady_clock::now();
  const quantum::VqeResult result = quantum::vqe(sum, request.options);
  const double solve_seconds = seconds_of(start);
  const int qubits = std::max(1, sum.qubits());
  const quantum::Circuit circuit = quantum::vqe_circuit(qubits, request.options, result.angles);
  nlohmann::ordered_json json{{"qubits", qubits},
                              {"terms", sum.terms().size()},
                              {"measurement_groups", quantum::measurement_groups(sum).size()},
                              {"energy", result.energy},
                              {"converged", result.converged},
                              {"evaluations", result.evaluations},
                              {"optimiser", request.options.minimiser.method},
                              {"reps", request.options.reps},
                              {"entanglement", request.entanglement},
                              {"restart_energies", result.restart_energies},
                              {"angles_rad", result.angles},
                              {"exact", exact_json(sum)}};
  if (!json["exact"].is_null()) json["error"] = result.energy - json["exact"]["energy"].get<double>();
  if (request.shots > 0) {
    const auto measured = quantum::measure_energy(circuit, sum, request.shots, request.options.seed);
    json["measured"] = {{"energy", measured.energy},
                        {"standard_error", measured.standard_error},
                        {"circuits", measured.circuits},
                        {"shots", request.shots * measured.circuits}};
  }
  json["seconds"] = {{"vqe", solve_seconds}, {"total", seconds_of(start)}};
  if (!request.circuit.empty()) BLOCH_CHECK(write_file(request.circuit, quantum::to_qasm3(circuit)));
  return json;
}

Result<void> run_vqe(const Invocation& invocation, VqeRequest request) {
  BLOCH_TRY(sum, read_hamiltonian(request.hamiltonian));
  request.options.entanglement = vqe_entanglement(request.entanglement);
  try {
    BLOCH_TRY(json, vqe_json(request, sum));
    invocation.say(fmt::format("energy  {:.10g}{}", json["energy"].get<double>(),
                               json["converged"].get<bool>() ? "" : "  (not converged)"));
    if (!json["exact"].is_null())
      invocation.say(fmt::format("exact   {:.10g}  error {:.3g}", json["exact"]["energy"].get<double>(),
                                 json["error"].get<double>()));
    if (json.contains("measured"))
      invocation.say(fmt::format(
          "shots   {:.10g} ± {:.3g}  from {} circuits", json["measured"]["energy"].get<double>(),
          json["measured"]["standard_error"].get<double>(), json["measured"]["circuits"].get<std::size_t>()));
    invocation.set_json(json.dump(2));
  } catch (const std::invalid_argument& error) {
    return failure(ErrorKind::failed, error.what());
  }
  return {};
}

CommandBody configure_vqe(CLI::App& app) {
  const auto request = std::make_shared<VqeRequest>();
  app.add_option("hamiltonian", request->hamiltonian,
                 "a sum of Pauli words, qubit 0 rightmost: {\"terms\": [{\"pauli\": \"ZZI\", \"coefficient\": "
                 "-1}, ...]}")
      ->required()
      ->type_name("HAMILTONIAN.json");
  app.add_option("--reps", request->options.reps, "entangling layers between the rotations")
      ->check(CLI::Range(0, 100))
      ->capture_default_str();
  app.add_option("--entanglement", request->entanglement, "which pairs CX couples")
      ->check(CLI::IsMember({"linear", "circular", "full", "pairs"}))
      ->capture_default_str();
  std::vector<std::string> names;
  for (const auto& optimiser : quantum::optimisers()) names.emplace_back(optimiser.name);
  app.add_option("--optimiser", request->options.minimiser.method,
                 "of the angles; see bloch-cli list optimisers")
      ->check(CLI::IsMember(names))
      ->capture_default_str();
  app.add_option("--evaluations", request->options.minimiser.evaluations, "at most, a restart")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  app.add_option("--restarts", request->options.restarts, "runs from other random angles")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  app.add_option("--shots", request->shots, "also measure the energy, each group of words with so many shots")
      ->check(CLI::Range(std::size_t{0}, std::size_t{100'000'000}))
      ->capture_default_str();
  app.add_option("--seed", request->options.seed, "of starts and shots")->capture_default_str();
  app.add_option("--circuit", request->circuit, "write the best circuit as OpenQASM 3")->type_name("FILE.qasm");
  return [request](const Invocation& invocation) { return run_vqe(invocation, *request); };
}

} // namespace

Command vqe_command() {
  return {"vqe",
          "Ground energy of a Hamiltonian by a variational circuit, beside the exact one up to 16 qubits.",
          "bloch-cli vqe hamiltonian.json --reps 2 --shots 1000 --json -", configure_vqe};
}

} // namespace bloch::app
