#include "app/cli/circuit_file.h"

#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include "core/base/file.h"
#include "quantum/qasm/qasm.h"

namespace bloch::app {

Result<quantum::Circuit> read_circuit(const std::filesystem::path& path, double dt_ns,
                                      const quantum::NoiseModel* machine) {
  constexpr std::uintmax_t longest_program = std::uintmax_t{64} << 20;
  BLOCH_TRY(bytes, read_file(path, longest_program));
  quantum::QasmOptions options;
  options.dt_ns = dt_ns;
  options.machine = machine;
  options.read_include = [&](const std::string& name) -> std::optional<std::string> {
    const auto included = read_file(path.parent_path() / name, longest_program);
    if (!included) return std::nullopt;
    return std::string(included->begin(), included->end());
  };
  try {
    return quantum::parse_qasm({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, options);
  } catch (const quantum::QasmError& error) {
    return failure(ErrorKind::malformed, path.filename().string() + ", " + error.what());
  }
}

void add_dt_option(CLI::App& app, double& dt_ns) {
  app.add_option("--dt-ns", dt_ns,
                 "how long the machine's unit of time 'dt' lasts, for circuits with durations in it")
      ->check(CLI::PositiveNumber)
      ->type_name("NS");
}

} // namespace bloch::app
