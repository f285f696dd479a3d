#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/session/document.h"
#include "imaging/learning/anomaly.h"

namespace bloch::app {

/// What the Detect panel asks for, as a value that can be handed to a job.
struct DetectRequest {
  std::shared_ptr<const Item> item; ///< series or reconstruction
  imaging::NormalRegion normal;
  std::shared_ptr<const Item> other; ///< of NormalRegion::other: where its volume comes from
  std::shared_ptr<const LabelMap> mask;
  std::shared_ptr<const LabelMap> truth;
  ParameterSet parameters; ///< only what differs from the defaults
  double threshold = 0;    ///< of the findings; the document's
};

struct DetectOutcome {
  imaging::AnomalyTraining training;
  imaging::AnomalyScores scores;
  std::vector<imaging::Finding> findings;
};

/// Trains both twins on the normal region, scores the volume and lists the findings. Errors: those of
/// imaging::train_anomaly and imaging::score_anomaly.
Result<DetectOutcome> run_detection(const DetectRequest& request, const Progress& progress);

/// The two maps as items of the document: quantum first, then the classical twin.
std::array<Item, 2> to_items(const DetectRequest& request, const DetectOutcome& outcome);

/// How the maps were made. Digests of the inputs are taken here: call it on a job. Errors: not_found.
Result<Recipe> make_recipe(const DetectRequest& request);

/// The two lines that do the same without a window, quoted for a shell.
std::string train_command_line(const DetectRequest& request);
std::string score_command_line(const DetectRequest& request);

/// "#,peak_quantum,…" as DESIGN.md writes tables.
std::string findings_csv(const std::vector<imaging::Finding>& findings);

/// Voxels of the item between two opposite corners of a rectangle that was drawn on an axial plane; it is as
/// deep as its shorter side is long. Nothing when it holds no voxel.
std::optional<VoxelBox> box_between(const Item& item, const WorldPoint& first, const WorldPoint& last);
std::array<WorldPoint, 8> box_corners(const VolumeGeometry& geometry, const VoxelBox& box);

/// The truth mask that belongs to an image: on its grid, loaded for it or for what it was made from.
const Item* truth_of(const Document& document, const Item& item);

} // namespace bloch::app
