#include "app/cli/kernel_request.h"

#include <stdexcept>

#include <CLI/CLI.hpp>

#include "app/cli/feature_map_parameters.h"
#include "core/base/text.h"

namespace bloch::app {
namespace {

Result<KernelTerm> kernel_term(const KernelRequest& request, const std::string& map_name,
                               const std::vector<std::string>& settings) {
  KernelTerm term;
  BLOCH_TRY(map, feature_map_of(map_name));
  BLOCH_TRY(given, parse_settings(feature_map_parameters(*map), settings));
  BLOCH_TRY(parameters, with_defaults(feature_map_parameters(*map), given));
  BLOCH_TRY(options, feature_map_options(*map, parameters));
  term.parameters = parameters;
  term.kernel.map = map;
  term.kernel.options = options;
  term.kernel.kind =
      request.kind == "projected" ? quantum::KernelKind::projected : quantum::KernelKind::fidelity;
  term.kernel.order = request.order;
  term.kernel.shots = request.shots;
  term.kernel.seed = request.seed;
  if (!request.depolarising.empty())
    term.kernel.noise = {request.depolarising.front(), request.depolarising.back()};
  if (request.gamma != "auto") {
    const auto gamma = to_number(request.gamma);
    if (!gamma || !(*gamma > 0))
      return failure(ErrorKind::invalid_parameter,
                     "--gamma must be auto or a number above 0, not '" + request.gamma + "'");
    term.kernel.gamma = *gamma;
  }
  return term;
}

void add_result_options(CLI::App& app, KernelRequest& request) {
  app.add_option("--label", request.label, "a column of labels, not a feature: alignment with them is reported")
      ->type_name("COLUMN");
  app.add_option("--nystroem", request.landmarks,
                 "write [rows][rank] features of so many landmarks in place of the matrix; features times "
                 "their transpose is near it")
      ->check(CLI::Range(Eigen::Index{1}, Eigen::Index{20000}))
      ->type_name("LANDMARKS");
  app.add_option("--block-rows", request.block_rows,
                 "compute and write tiles of so many rows; 0: only when the matrix does not fit memory")
      ->check(CLI::Range(Eigen::Index{0}, Eigen::Index{1'000'000}))
      ->capture_default_str();
  app.add_option("--shot-error", request.shot_error, "report the shots that this standard error would take")
      ->check(CLI::Range(1e-9, 1.0))
      ->capture_default_str();
  app.add_option("--regularisation", request.regularisation, "of the geometric difference to the RBF kernel")
      ->check(CLI::Range(1e-12, 1e6))
      ->capture_default_str();
  app.add_option("--out", request.out, "float64 array [test or train][train]")
      ->required()
      ->type_name("FILE.npy");
}

} // namespace

void add_kernel_options(CLI::App& app, KernelRequest& request) {
  app.add_option("features", request.features, "CSV table of features; id and group columns are left out")
      ->required()
      ->type_name("FEATURES.csv");
  app.add_option("--test", request.test, "a second table: rows of the kernel, against the first as columns")
      ->type_name("FEATURES.csv");
  app.add_option("--map", request.map, "feature map; see bloch-cli list maps")->required()->type_name("NAME");
  app.add_option("--set", request.settings, "a setting of the map")->type_name("KEY=VALUE")->take_all();
  app.add_option("--kernel", request.kind, "fidelity, or a Gaussian of reduced states")
      ->check(CLI::IsMember({"fidelity", "projected"}))
      ->capture_default_str();
  app.add_option("--order", request.order, "of projected: reduced states of 1 or of 2 qubits")
      ->check(CLI::Range(1, 2))
      ->capture_default_str();
  app.add_option("--gamma", request.gamma, "of projected; auto: 1 / mean squared distance")
      ->capture_default_str();
  app.add_option("--depolarising", request.depolarising,
                 "noise: chance that a gate on one qubit, and one on two, loses its qubits; exact for maps "
                 "without entanglement and fidelity up to 6 qubits, else of the whole register")
      ->delimiter(',')
      ->expected(1, 2)
      ->check(CLI::Range(0.0, 1.0))
      ->type_name("P1[,P2]");
  app.add_option("--shots", request.shots, "estimate each entry from so many shots; 0: exact")
      ->check(CLI::Range(std::size_t{0}, std::size_t{1'000'000'000}))
      ->capture_default_str();
  app.add_option("--seed", request.seed, "of shots and landmarks")->capture_default_str();
  app.add_option("--with", request.with, "more maps, whose kernels are added with weights")
      ->type_name("MAP[:KEY=VALUE]...[;MAP...]");
  app.add_option("--weights", request.weights,
                 "of the sum: align (by centred alignment, needs --label), uniform, or numbers")
      ->capture_default_str()
      ->type_name("align|uniform|W1,W2,...");
  app.add_flag("--tune-bandwidth", request.tune_bandwidth,
               "choose the bandwidth: best aligned with --label, or of largest spread without");
  add_result_options(app, request);
}

Result<std::vector<KernelTerm>> kernel_terms(const KernelRequest& request) {
  std::vector<KernelTerm> terms;
  BLOCH_TRY(first, kernel_term(request, request.map, request.settings));
  terms.push_back(first);
  if (request.with.empty()) return terms;
  for (const std::string& text : split(request.with, ';')) {
    std::vector<std::string> parts = split(text, ':');
    const std::string name = parts.front();
    parts.erase(parts.begin());
    BLOCH_TRY(term, kernel_term(request, name, parts));
    terms.push_back(term);
  }
  return terms;
}

Result<std::vector<double>> given_weights(const KernelRequest& request, std::size_t terms) {
  std::vector<double> weights;
  if (request.weights == "align" || request.weights == "uniform") return weights;
  for (const std::string& text : split(request.weights, ',')) {
    const auto number = to_number(text);
    if (!number || !(*number >= 0))
      return failure(ErrorKind::invalid_parameter,
                     "--weights takes align, uniform, or numbers of 0 or more separated by commas, not '" +
                         text + "'");
    weights.push_back(*number);
  }
  if (weights.size() != terms)
    return failure(ErrorKind::invalid_parameter, "--weights gives " + std::to_string(weights.size()) +
                                                     " numbers for " + std::to_string(terms) +
                                                     " kernels (--map, then --with)");
  return weights;
}

std::map<std::string, std::string> recipe_options(const KernelRequest& request) {
  const KernelRequest defaults;
  std::map<std::string, std::string> options;
  const auto keep = [&](const char* name, const auto& value, const auto& standard, std::string text) {
    if (value != standard) options[name] = std::move(text);
  };
  keep("kernel", request.kind, defaults.kind, request.kind);
  keep("order", request.order, defaults.order, std::to_string(request.order));
  keep("gamma", request.gamma, defaults.gamma, request.gamma);
  keep("shots", request.shots, defaults.shots, std::to_string(request.shots));
  keep("seed", request.seed, defaults.seed, std::to_string(request.seed));
  keep("with", request.with, defaults.with, request.with);
  keep("weights", request.weights, defaults.weights, request.weights);
  keep("label", request.label, defaults.label, request.label);
  keep("nystroem", request.landmarks, defaults.landmarks, std::to_string(request.landmarks));
  keep("block-rows", request.block_rows, defaults.block_rows, std::to_string(request.block_rows));
  if (!request.depolarising.empty())
    options["depolarising"] =
        to_text(request.depolarising.front()) + "," + to_text(request.depolarising.back());
  return options;
}

} // namespace bloch::app
