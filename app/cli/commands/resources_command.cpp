#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "app/cli/circuit_file.h"
#include "app/cli/command.h"
#include "quantum/circuits/resources.h"

namespace bloch::app {
namespace {

struct ResourcesRequest {
  std::string circuit;
  CircuitReading reading;
};

Result<void> run_resources(const Invocation& invocation, const ResourcesRequest& request) {
  BLOCH_TRY(circuit, read_circuit(request.circuit, request.reading));
  const quantum::CircuitResources resources = quantum::resources_of(circuit);
  const nlohmann::ordered_json json{{"qubits", resources.qubits},
                                    {"bits", resources.bits},
                                    {"depth", resources.depth},
                                    {"gates", resources.gates},
                                    {"two_qubit_gates", resources.two_qubit_gates},
                                    {"larger_gates", resources.larger_gates},
                                    {"t_gates", resources.t_gates},
                                    {"measurements", resources.measurements},
                                    {"resets", resources.resets},
                                    {"delays", resources.delays},
                                    {"by_name", resources.by_name}};
  for (const auto& [name, value] : json.items()) {
    if (!value.is_object()) {
      std::string words = name;
      for (char& letter : words) letter = letter == '_' ? ' ' : letter;
      invocation.say(words + std::string(words.size() < 20 ? 20 - words.size() : 1, ' ') + value.dump());
    }
  }
  for (const auto& [name, times] : resources.by_name)
    invocation.say("  " + name + std::string(name.size() < 18 ? 18 - name.size() : 1, ' ') +
                   std::to_string(times));
  invocation.set_json(json.dump(2));
  return {};
}

CommandBody configure_resources(CLI::App& app) {
  const auto request = std::make_shared<ResourcesRequest>();
  app.add_option("circuit", request->circuit, "OpenQASM 2 or 3 program")->required()->type_name("CIRCUIT.qasm");
  add_reading_options(app, request->reading);
  return [request](const Invocation& invocation) { return run_resources(invocation, *request); };
}

} // namespace

Command resources_command() {
  return {"resources", "Count what a quantum circuit asks of a machine: qubits, depth, two-qubit and T gates.",
          "bloch-cli resources bell.qasm --json -", configure_resources};
}

} // namespace bloch::app
