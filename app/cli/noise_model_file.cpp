#include "app/cli/noise_model_file.h"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/base/file.h"
#include "core/base/text.h"

namespace bloch::app {
namespace {

using nlohmann::json;

tl::unexpected<Error> wrong_noise(const std::string& what) {
  return failure(ErrorKind::malformed, "noise model: " + what);
}

/// The numbers of an object by their names; `place` is what messages call it.
Result<void> read_numbers(const json& object, const std::string& place,
                          const std::vector<std::pair<std::string, double*>>& fields,
                          const std::vector<std::string>& others = {}) {
  if (!object.is_object())
    return wrong_noise(place + " is an object such as {\"" + fields[0].first + "\": 0.01}");
  std::vector<std::string> names = others;
  for (const auto& [name, value] : fields) names.push_back(name);
  for (const auto& [key, value] : object.items()) {
    bool known = false;
    for (const std::string& other : others) known = known || key == other;
    for (const auto& [name, number] : fields) {
      if (key != name) continue;
      known = true;
      if (!value.is_number()) return wrong_noise(key + " of " + place + " is a number");
      *number = value.get<double>();
    }
    if (!known) return wrong_noise(place + " has no '" + key + "'" + suggestion(key, names));
  }
  return {};
}

Result<quantum::GateNoise> read_gate_noise(const json& object, const std::string& name) {
  quantum::GateNoise noise;
  BLOCH_CHECK(read_numbers(object, "gate " + name,
                           {{"depolarising", &noise.depolarising}, {"duration_ns", &noise.duration_ns}},
                           {"pauli"}));
  if (!object.contains("pauli")) return noise;
  if (!object["pauli"].is_object())
    return wrong_noise("pauli of gate " + name + " is an object such as {\"XI\": 0.001}");
  quantum::PauliSum errors;
  for (const auto& [letters, probability] : object["pauli"].items()) {
    if (!probability.is_number()) return wrong_noise("pauli " + letters + " of gate " + name + " is a number");
    try {
      errors.add(probability.get<double>(), letters);
    } catch (const std::invalid_argument& error) {
      return wrong_noise("gate " + name + ": " + error.what());
    }
  }
  noise.errors.assign(errors.terms().begin(), errors.terms().end());
  return noise;
}

Result<void> read_gates(const json& object, quantum::NoiseModel& model) {
  if (!object.is_object()) return wrong_noise("gates is an object with a gate's name for each entry");
  for (const auto& [name, value] : object.items()) {
    if (name == "measure" || name == "reset") { // they only last
      BLOCH_CHECK(read_numbers(value, name,
                               {{"duration_ns", name == "reset" ? &model.reset_ns : &model.measurement_ns}}));
      continue;
    }
    BLOCH_TRY(noise, read_gate_noise(value, name));
    if (name == "one-qubit")
      model.one_qubit = noise;
    else if (name == "several-qubits")
      model.more_qubits = noise;
    else if (name == "unitary" || quantum::find_gate(name))
      model.gates[name] = noise;
    else {
      std::vector<std::string> names = {"one-qubit", "several-qubits", "unitary", "measure", "reset"};
      for (const quantum::Gate& gate : quantum::gates()) names.emplace_back(gate.name);
      return wrong_noise("there is no gate '" + name + "'" + suggestion(name, names));
    }
  }
  return {};
}

Result<void> read_qubits(const json& object, quantum::NoiseModel& model) {
  if (!object.is_object())
    return wrong_noise("qubits is an object with \"all\" or a qubit's number for each entry");
  const auto fields = [](quantum::QubitNoise& noise) {
    return std::vector<std::pair<std::string, double*>>{{"t1_us", &noise.t1_us},
                                                        {"t2_us", &noise.t2_us},
                                                        {"one_given_zero", &noise.one_given_zero},
                                                        {"zero_given_one", &noise.zero_given_one}};
  };
  // T1 alone leaves no more coherence than that.
  const auto bound = [](const json& entry, quantum::QubitNoise& noise) {
    if (entry.contains("t1_us") && !entry.contains("t2_us"))
      noise.t2_us = std::min(noise.t2_us, 2 * noise.t1_us);
  };
  if (object.contains("all")) {
    BLOCH_CHECK(read_numbers(object["all"], "all qubits", fields(model.qubit)));
    bound(object["all"], model.qubit);
  }
  for (const auto& [name, value] : object.items()) {
    if (name == "all") continue;
    const auto index = to_integer(name);
    if (!index || *index < 0 || *index >= quantum::largest_register)
      return wrong_noise("'" + name + "' is no qubit: write \"all\" or a number such as \"3\"");
    quantum::QubitNoise noise = model.qubit;
    BLOCH_CHECK(read_numbers(value, "qubit " + name, fields(noise)));
    bound(value, noise);
    model.qubits[static_cast<int>(*index)] = noise;
  }
  return {};
}

} // namespace

Result<quantum::NoiseModel> parse_noise_model(std::string_view text) {
  const json document = json::parse(text, nullptr, false);
  if (document.is_discarded()) return wrong_noise("this is not JSON");
  if (!document.is_object()) return wrong_noise("it is an object with \"gates\" and \"qubits\"");
  quantum::NoiseModel model;
  for (const auto& [key, value] : document.items()) {
    if (key == "gates")
      BLOCH_CHECK(read_gates(value, model));
    else if (key == "qubits")
      BLOCH_CHECK(read_qubits(value, model));
    else if (key == "idle") {
      if (!value.is_boolean()) return wrong_noise("idle is true or false");
      model.idle = value.get<bool>();
    } else if (key == "dt_ns") {
      if (!value.is_number()) return wrong_noise("dt_ns is a number");
      model.dt_ns = value.get<double>();
    } else
      return wrong_noise("it has no '" + key + "'" +
                         suggestion(key, std::vector<std::string>{"gates", "qubits", "idle", "dt_ns"}));
  }
  try {
    model.check();
  } catch (const std::invalid_argument& error) {
    return wrong_noise(error.what());
  }
  return model;
}

Result<quantum::NoiseModel> read_noise_model(const std::filesystem::path& path) {
  BLOCH_TRY(bytes, read_file(path, std::uintmax_t{16} << 20));
  auto model = parse_noise_model({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  if (!model) return failure(model.error().in(path.filename().string()));
  return model;
}

} // namespace bloch::app
