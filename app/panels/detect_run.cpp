#include "app/panels/detect_run.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/panels/reconstruct_run.h"
#include "core/base/text.h"
#include "core/base/version.h"
#include "core/parameters/recipe.h"
#include "imaging/parallel/parallel_for.h"

namespace bloch::app {
namespace {

std::optional<LabelMap> by_value(const std::shared_ptr<const LabelMap>& labels) {
  if (!labels) return std::nullopt;
  return *labels; // shares the samples
}

std::filesystem::path item_path(const Item& item) {
  const auto& files = item.series.files;
  if (files.empty() || item.kind != ItemKind::series) return {};
  return files.size() == 1 ? files.front() : files.front().parent_path();
}

std::string input_text(const std::shared_ptr<const Item>& item) {
  if (!item) return "INPUT";
  const auto path = item_path(*item);
  // A reconstruction of the session has no file until it is saved.
  if (path.empty()) return item->kind == ItemKind::reconstruction ? item->method + ".nii.gz" : "INPUT";
  return shell_quoted(path.string());
}

std::string normal_text(const DetectRequest& request) {
  switch (request.normal.kind) {
  case imaging::NormalRegion::Kind::mirror:
    return "mirror";
  case imaging::NormalRegion::Kind::all:
    return "all";
  case imaging::NormalRegion::Kind::other:
    return input_text(request.other);
  case imaging::NormalRegion::Kind::box:
    break;
  }
  std::string text = "box=";
  for (const int part : request.normal.first) text += std::to_string(part) + ",";
  for (const int part : request.normal.last) text += std::to_string(part) + ",";
  text.pop_back();
  return text;
}

} // namespace

Result<DetectOutcome> run_detection(const DetectRequest& request, const Progress& progress) {
  const Volume& volume = *request.item->volume;
  std::optional<LabelMap> mask = by_value(request.mask);
  std::vector<std::string> doubts;
  if (!mask && is_inverse(*request.item)) {
    BLOCH_TRY(found, imaging::mask_of_inverse(volume, doubts));
    mask = found;
  }
  BLOCH_TRY(training, imaging::train_anomaly(volume, request.normal, mask, request.parameters,
                                             progress.child(0, 0.35, "learning")));
  BLOCH_TRY(scores, imaging::score_anomaly(volume, training.model, mask, by_value(request.truth),
                                           progress.child(0.35, 0.98, "scoring")));
  BLOCH_TRY(findings, imaging::find_findings(scores.quantum.map, scores.classical.map, request.threshold,
                                             by_value(request.truth)));
  training.warnings.insert(training.warnings.end(), doubts.begin(), doubts.end());
  return DetectOutcome{std::move(training), std::move(scores), std::move(findings)};
}

std::array<Item, 2> to_items(const DetectRequest& request, const DetectOutcome& outcome) {
  std::array<Item, 2> items;
  const std::array<const imaging::AnomalyScore*, 2> scores{&outcome.scores.quantum, &outcome.scores.classical};
  const std::array<const imaging::KernelDiagnostics*, 2> kernels{&outcome.training.quantum,
                                                                 &outcome.training.classical};
  for (std::size_t i = 0; i < items.size(); ++i) {
    Item& item = items[i];
    item.kind = ItemKind::anomaly_map;
    item.method = i == 0 ? "quantum" : "rbf";
    item.name = request.item->name + (i == 0 ? " · anomaly, quantum" : " · anomaly, RBF twin");
    item.volume = std::make_shared<const Volume>(scores[i]->map);
    item.patient = request.item->patient;
    item.study = request.item->study;
    item.series = request.item->series;
    item.series.windows = {{1.0, 0.5, "0-1"}};
    item.series.inverse = false;
    item.source = request.item->id;
    item.tags = {"MAP"};
    for (const auto& tag : request.item->tags)
      if (tag == "SIMULATED" || tag == "RECON") item.tags.push_back(tag);
    item.numbers["seconds"] = scores[i]->seconds + kernels[i]->seconds;
    item.numbers["kernel_mean"] = kernels[i]->off_diagonal_mean;
    item.numbers["effective_rank"] = kernels[i]->effective_rank;
    if (scores[i]->auc) {
      item.numbers["auc"] = *scores[i]->auc;
      item.numbers["auc_low"] = scores[i]->auc_interval[0];
      item.numbers["auc_high"] = scores[i]->auc_interval[1];
    }
    for (const auto& warning : outcome.training.warnings) item.warnings.push_back({"training", warning});
  }
  return items;
}

Result<Recipe> make_recipe(const DetectRequest& request) {
  Recipe recipe;
  recipe.command = "anomaly train";
  recipe.algorithm = "quantum";
  recipe.parameters = to_json(request.parameters);
  if (const auto path = item_path(*request.item); !path.empty()) {
    BLOCH_TRY(input, describe_input("input", path));
    recipe.inputs.push_back(input);
  }
  if (request.other)
    if (const auto path = item_path(*request.other); !path.empty()) {
      BLOCH_TRY(input, describe_input("normal", path));
      recipe.inputs.push_back(input);
    }
  recipe.options["normal"] = normal_text(request);
  recipe.threads = imaging::thread_count();
  recipe.version = version();
  recipe.output = "map.nii.gz";
  return recipe;
}

std::string train_command_line(const DetectRequest& request) {
  std::string line =
      "bloch-cli anomaly train " + input_text(request.item) + " --normal " + normal_text(request);
  if (request.mask) line += " --mask mask.nii.gz";
  for (const auto& [name, value] : request.parameters.values()) {
    const bool own_option = name == "qubits" || name == "patch-mm" || name == "seed";
    line += own_option ? " --" + name + " " + to_text(value)
                       : " --set " + shell_quoted(name + "=" + to_text(value));
  }
  return line + " --out model.json";
}

std::string score_command_line(const DetectRequest& request) {
  std::string line = "bloch-cli anomaly score " + input_text(request.item) + " --model model.json";
  if (request.mask) line += " --mask mask.nii.gz";
  if (request.truth) line += " --truth truth.nii.gz";
  return line + " --out quantum.nii.gz --out-classical rbf.nii.gz";
}

std::string findings_csv(const std::vector<imaging::Finding>& findings) {
  std::string text = "finding,peak_quantum,peak_rbf,size_mm3,x_mm,y_mm,z_mm,mean_quantum,share_in_truth\n";
  for (const auto& finding : findings) {
    text += std::to_string(finding.number);
    for (const double number :
         {finding.peak_quantum, finding.peak_classical, finding.size_mm3, finding.centre.mm.x(),
          finding.centre.mm.y(), finding.centre.mm.z(), finding.mean})
      text += "," + to_text(number);
    text += finding.share_in_truth ? "," + to_text(*finding.share_in_truth) + "\n" : std::string(",\n");
  }
  return text;
}

std::optional<VoxelBox> box_between(const Item& item, const WorldPoint& first, const WorldPoint& last) {
  if (!item.volume) return std::nullopt;
  const VolumeGeometry& geometry = item.volume->geometry();
  const Eigen::Vector3d a = geometry.to_voxel(first).index;
  const Eigen::Vector3d b = geometry.to_voxel(last).index;
  int depth_axis = 0;
  for (int axis = 1; axis < 3; ++axis)
    if (std::abs(geometry.direction(2, axis)) > std::abs(geometry.direction(2, depth_axis))) depth_axis = axis;
  double shorter_mm = std::numeric_limits<double>::infinity();
  for (int axis = 0; axis < 3; ++axis)
    if (axis != depth_axis)
      shorter_mm = std::min(shorter_mm, std::abs(a[axis] - b[axis]) * geometry.spacing_mm[axis]);
  VoxelBox box;
  box.item = item.id;
  for (int axis = 0; axis < 3; ++axis) {
    const auto place = static_cast<std::size_t>(axis);
    double low = std::min(a[axis], b[axis]);
    double high = std::max(a[axis], b[axis]);
    if (axis == depth_axis) {
      low -= shorter_mm / 2 / geometry.spacing_mm[axis];
      high += shorter_mm / 2 / geometry.spacing_mm[axis];
    }
    box.first[place] = std::max(0, static_cast<int>(std::ceil(low)));
    box.last[place] = std::min(geometry.size[place] - 1, static_cast<int>(std::floor(high)));
    if (box.first[place] > box.last[place]) return std::nullopt;
  }
  return box;
}

std::array<WorldPoint, 8> box_corners(const VolumeGeometry& geometry, const VoxelBox& box) {
  std::array<WorldPoint, 8> corners;
  for (std::size_t corner = 0; corner < corners.size(); ++corner) {
    VoxelIndex voxel;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const bool far_side = (corner >> axis) & 1;
      voxel.index[static_cast<int>(axis)] = far_side ? box.last[axis] + 0.5 : box.first[axis] - 0.5;
    }
    corners[corner] = geometry.to_world(voxel);
  }
  return corners;
}

const Item* truth_of(const Document& document, const Item& item) {
  if (!item.volume) return nullptr;
  for (const auto& other : document.items) {
    if (other->kind != ItemKind::truth || !other->label) continue;
    const bool related = other->source == item.id || (item.source && other->source == item.source);
    if (related && other->label->geometry().matches(item.volume->geometry(), 1e-2)) return other.get();
  }
  return nullptr;
}

} // namespace bloch::app
