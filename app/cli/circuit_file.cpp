#include "app/cli/circuit_file.h"

#include <charconv>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include "core/base/file.h"
#include "quantum/qasm/qasm.h"

namespace bloch::app {

Result<quantum::Circuit> read_circuit(const std::filesystem::path& path, const CircuitReading& reading) {
  constexpr std::uintmax_t longest_program = std::uintmax_t{64} << 20;
  BLOCH_TRY(bytes, read_file(path, longest_program));
  quantum::QasmOptions options;
  options.dt_ns = reading.dt_ns;
  options.machine = reading.machine;
  for (const std::string& input : reading.inputs) {
    const std::size_t sign = input.find('=');
    double value = 0;
    const char* const end = input.data() + input.size();
    if (sign == std::string::npos || sign == 0 ||
        std::from_chars(input.data() + sign + 1, end, value).ptr != end || sign + 1 == input.size())
      return failure(ErrorKind::invalid_parameter,
                     "--input takes a name and a number, as in --input theta=0.5, not '" + input + "'");
    options.inputs[input.substr(0, sign)] = value;
  }
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

void add_reading_options(CLI::App& app, CircuitReading& reading) {
  app.add_option("--dt-ns", reading.dt_ns,
                 "how long the machine's unit of time 'dt' lasts, for circuits with durations in it")
      ->check(CLI::PositiveNumber)
      ->type_name("NS");
  app.add_option("--input", reading.inputs, "number for what the circuit declares with 'input': theta=0.5")
      ->type_name("NAME=NUMBER")
      ->allow_extra_args(false)
      ->take_all();
}

} // namespace bloch::app
