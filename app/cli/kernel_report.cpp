#include "app/cli/detail/kernel_report.h"

#include <cmath>
#include <set>

#include <nlohmann/json.hpp>

#include "quantum/kernels/alignment.h"
#include "quantum/kernels/classical_kernel.h"
#include "quantum/kernels/reduced_states.h"

namespace bloch::app {
namespace {

std::string method_name(const KernelTerm& term, int features) {
  const quantum::QuantumKernel& kernel = term.kernel;
  if (kernel.kind == quantum::KernelKind::projected)
    switch (quantum::reduced_method(*kernel.map, kernel.options, features, kernel.order)) {
    case quantum::ReducedMethod::product:
      return "product";
    case quantum::ReducedMethod::light_cone:
      return "light-cone";
    default:
      return "states";
    }
  switch (quantum::kernel_method(*kernel.map, kernel.options, features)) {
  case quantum::KernelMethod::product:
    return "product";
  case quantum::KernelMethod::amplitudes:
    return "amplitudes";
  case quantum::KernelMethod::transfer_matrix:
    return "transfer-matrix";
  default:
    return "states";
  }
}

} // namespace

nlohmann::ordered_json describe_gram(const KernelRequest& request, const quantum::Matrix& gram,
                                     const quantum::Matrix& samples, const std::vector<std::string>& labels) {
  if (gram.rows() < 2) return nullptr;
  const quantum::GramDiagnostics diagnostics = quantum::diagnose(gram);
  const double spread = quantum::shots_for_spread(gram);
  const double gamma = quantum::gaussian_scale(samples);
  const quantum::Matrix gaussian = quantum::gaussian_kernel(samples, samples, gamma);
  nlohmann::ordered_json json{
      {"rows", gram.rows()},
      {"off_diagonal_mean", diagnostics.off_diagonal_mean},
      {"off_diagonal_deviation", diagnostics.off_diagonal_deviation},
      {"off_diagonal_variance", diagnostics.off_diagonal_deviation * diagnostics.off_diagonal_deviation},
      {"effective_rank", diagnostics.effective_rank},
      {"smallest_eigenvalue", diagnostics.eigenvalues[diagnostics.eigenvalues.size() - 1]},
      {"identity_distance", diagnostics.identity_distance},
      {"shots",
       {{"error", request.shot_error},
        {"for_error", quantum::shots_for_error(gram, request.shot_error)},
        {"for_spread", std::isfinite(spread) ? nlohmann::ordered_json(spread) : nlohmann::ordered_json()}}},
      {"rbf",
       {{"gamma", gamma},
        {"geometric_difference", quantum::geometric_difference(gram, gaussian, request.regularisation)},
        {"square_root_of_rows", std::sqrt(static_cast<double>(gram.rows()))},
        {"regularisation", request.regularisation},
        {"alignment", quantum::kernel_alignment(quantum::centred(gram), quantum::centred(gaussian))}}}};
  if (std::set<std::string>(labels.begin(), labels.end()).size() > 1) {
    const quantum::Matrix target = quantum::label_kernel(labels), wanted = quantum::centred(target);
    json["label_alignment"] = {{"uncentred", quantum::kernel_alignment(gram, target)},
                               {"centred", quantum::kernel_alignment(quantum::centred(gram), wanted)},
                               {"rbf_centred", quantum::kernel_alignment(quantum::centred(gaussian), wanted)}};
  }
  return json;
}

nlohmann::ordered_json describe_terms(const std::vector<KernelTerm>& terms, int features) {
  nlohmann::ordered_json json = nlohmann::ordered_json::array();
  for (const KernelTerm& term : terms) {
    nlohmann::ordered_json item{{"map", term.kernel.map->name},
                                {"parameters", nlohmann::ordered_json::parse(to_json(term.parameters))},
                                {"weight", term.weight},
                                {"qubits", term.kernel.map->qubits(features)},
                                {"method", method_name(term, features)}};
    if (term.kernel.kind == quantum::KernelKind::projected) item["gamma"] = term.kernel.gamma;
    json.push_back(std::move(item));
  }
  return json;
}

} // namespace bloch::app
