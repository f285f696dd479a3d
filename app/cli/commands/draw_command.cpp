#include <iostream>
#include <memory>
#include <stdexcept>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "app/cli/circuit_file.h"
#include "app/cli/command.h"
#include "core/base/file.h"
#include "core/base/printable.h"
#include "quantum/circuits/draw.h"
#include "quantum/qasm/write_qasm.h"

namespace bloch::app {
namespace {

struct DrawRequest {
  std::string circuit, out, form;
  int width = 100;
  CircuitReading reading;
};

/// What was asked for, or what the ending of the output file stands for.
std::string drawn_form(const DrawRequest& request) {
  if (!request.form.empty()) return request.form;
  const std::string ending = std::filesystem::path(request.out).extension().string();
  return ending == ".svg" ? "svg" : ending == ".qasm" ? "qasm3" : "text";
}

Result<void> run_draw(const Invocation& invocation, const DrawRequest& request) {
  BLOCH_TRY(circuit, read_circuit(request.circuit, request.reading));
  const std::string form = drawn_form(request);
  std::string drawing;
  try {
    if (form == "svg")
      drawing = quantum::draw_svg(circuit);
    else if (form == "qasm2")
      drawing = quantum::to_qasm2(circuit);
    else if (form == "qasm3")
      drawing = quantum::to_qasm3(circuit);
    else
      drawing = quantum::draw_text(circuit, request.width);
  } catch (const std::invalid_argument& error) {
    return failure(ErrorKind::failed,
                   std::filesystem::path(request.circuit).filename().string() + ": " + error.what());
  }
  if (!request.out.empty())
    BLOCH_CHECK(write_file(request.out, drawing));
  else if (!invocation.json_on_stdout)
    std::cout << printable(drawing, LineEnds::kept)
              << std::flush; // what was asked for: not silenced by --quiet
  nlohmann::ordered_json json{{"qubits", circuit.qubits()}, {"form", form}};
  if (request.out.empty())
    json["drawing"] = drawing;
  else
    json["out"] = request.out;
  invocation.set_json(json.dump(2));
  return {};
}

CommandBody configure_draw(CLI::App& app) {
  const auto request = std::make_shared<DrawRequest>();
  app.add_option("circuit", request->circuit, "OpenQASM 2 or 3 program")->required()->type_name("CIRCUIT.qasm");
  app.add_option("--out", request->out, "file instead of the terminal: .svg, .txt, .qasm")->type_name("FILE");
  app.add_option("--as", request->form, "text, svg, qasm2 or qasm3; otherwise what the ending of --out says")
      ->check(CLI::IsMember({"text", "svg", "qasm2", "qasm3"}));
  app.add_option("--width", request->width, "columns of text before the drawing is broken")
      ->check(CLI::Range(20, 100000))
      ->capture_default_str();
  add_reading_options(app, request->reading);
  return [request](const Invocation& invocation) { return run_draw(invocation, *request); };
}

} // namespace

Command draw_command() {
  return {"draw", "Draw a quantum circuit as text or SVG, or write it as OpenQASM 2 or 3.",
          "bloch-cli draw bell.qasm --out bell.svg", configure_draw};
}

} // namespace bloch::app
