#include "app/cli/lists.h"

#include "app/cli/command.h"
#include "app/cli/feature_map_parameters.h"
#include "core/base/text.h"
#include "imaging/io/image_file.h"
#include "imaging/io/kspace_file.h"
#include "imaging/learning/anomaly.h"
#include "imaging/operators/mask.h"
#include "imaging/radiomics/patch_features.h"
#include "imaging/recon/coils.h"
#include "imaging/recon/reconstruction.h"
#include "imaging/recon/simulate.h"
#include "quantum/optimisers/minimise.h"

namespace bloch::app {
namespace {

std::vector<ListEntry> command_entries() {
  std::vector<ListEntry> entries;
  for (const Command& command : commands()) entries.push_back({command.name, command.summary, {}, {}});
  return entries;
}

std::vector<ListEntry> map_entries() {
  std::vector<ListEntry> entries;
  for (const quantum::FeatureMap& map : quantum::feature_maps())
    entries.push_back({map.name, map.summary, map.source, feature_map_parameters(map)});
  return entries;
}

std::vector<ListEntry> gate_entries() {
  std::vector<ListEntry> entries;
  for (const quantum::Gate& gate : quantum::gates())
    entries.push_back({std::string(gate.name), std::string(gate.summary), {}, {}});
  return entries;
}

std::vector<ListEntry> optimiser_entries() {
  std::vector<ListEntry> entries;
  for (const quantum::Optimiser& optimiser : quantum::optimisers())
    entries.push_back({std::string(optimiser.name), std::string(optimiser.summary), {}, {}});
  return entries;
}

std::vector<ListEntry> reconstruction_entries() {
  std::vector<ListEntry> entries;
  for (const imaging::Reconstruction& method : imaging::reconstructions())
    entries.push_back({method.name, method.summary, method.source, method.parameters});
  return entries;
}

std::vector<ListEntry> mask_entries() {
  std::vector<ListEntry> entries;
  for (const imaging::MaskKind& kind : imaging::mask_kinds())
    entries.push_back({kind.name, kind.summary, kind.source, imaging::mask_parameters()});
  return entries;
}

std::vector<ListEntry> calibration_entries() {
  return {{"espirit", "coil sensitivities from the fully sampled centre of k-space",
           "Uecker 2014, doi:10.1002/mrm.24751", imaging::coil_parameters()}};
}

std::vector<ListEntry> patch_feature_entries() {
  std::vector<ListEntry> entries;
  for (const imaging::PatchFeatureFamily& family : imaging::patch_feature_families())
    entries.push_back({family.name, family.summary, family.source, {}});
  return entries;
}

std::vector<ListEntry> anomaly_entries() {
  return {{"one-class-svm", "quantum-kernel one-class SVM and its RBF twin on the same patches",
           "Schoelkopf 2001, doi:10.1162/089976601750264965", imaging::anomaly_parameters()}};
}

std::vector<ListEntry> simulation_entries() {
  return {{"simulate",
           "k-space made from an image, for retrospective experiments; every output says so",
           {},
           imaging::simulation_parameters()}};
}

template <class Format> ListEntry format_entry(const Format& format) {
  return {format.name, format.label + " (" + join(format.extensions, ", ") + "): " + format.help, {}, {}};
}

std::vector<ListEntry> image_format_entries() {
  std::vector<ListEntry> entries;
  for (const imaging::ImageFormat& format : imaging::image_formats()) entries.push_back(format_entry(format));
  return entries;
}

std::vector<ListEntry> kspace_format_entries() {
  std::vector<ListEntry> entries;
  for (const imaging::KSpaceFormat& format : imaging::kspace_formats()) entries.push_back(format_entry(format));
  return entries;
}

std::vector<ListEntry> tool_entries() {
  return {
#define BLOCH_VIEWER_TOOL(name, label, icon, shortcut, help, maker)                                            \
  {name, std::string(help) + " [" + (shortcut) + "]", {}, {}},
#include "app/tools/viewer_tools.inc"
#undef BLOCH_VIEWER_TOOL
  };
}

} // namespace

std::span<const List> lists() {
  static const std::vector<List> all = {
      {"commands", "what bloch-cli can do", command_entries},
      {"reconstructions", "methods of recon", reconstruction_entries},
      {"masks", "sampling masks of mask and recon --undersample", mask_entries},
      {"calibrations", "coil calibrations of coils and recon", calibration_entries},
      {"simulation", "k-space from an image, of recon --simulate", simulation_entries},
      {"maps", "quantum feature maps of kernel and anomaly", map_entries},
      {"gates", "gates that circuits of simulate may use", gate_entries},
      {"optimisers", "optimisers of optimise and vqe", optimiser_entries},
      {"features", "families of patch features of anomaly train", patch_feature_entries},
      {"anomaly", "anomaly detectors and their settings", anomaly_entries},
      {"formats", "image files", image_format_entries},
      {"kspace-formats", "raw-data files", kspace_format_entries},
      {"tools", "what the mouse does in the window's viewers", tool_entries},
  };
  return all;
}

} // namespace bloch::app
