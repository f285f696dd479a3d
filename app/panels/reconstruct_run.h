#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/data/kspace.h"
#include "core/session/document.h"
#include "imaging/io/kspace_file.h"
#include "imaging/operators/mask.h"
#include "imaging/recon/reconstruct.h"
#include "imaging/recon/simulate.h"

namespace bloch::app {

/// One method of reconstructions() with the settings of its form.
struct MethodChoice {
  std::string name;
  ParameterSet parameters; ///< only what differs from the defaults
};

/// What the Reconstruct panel asks for, as a value that can be handed to a job.
struct ReconstructRequest {
  std::shared_ptr<const Item> series;                         ///< retrospective: a loaded series
  std::shared_ptr<const KSpace> kspace;                       ///< or measured raw data…
  std::filesystem::path file;                                 ///< …with where it came from
  imaging::CoilAxis coil_axis = imaging::CoilAxis::automatic; ///< …and how its axes were read
  imaging::SimulationRequest simulation;                      ///< retrospective only
  std::optional<imaging::MaskRequest> undersample;
  ParameterSet coil_parameters;
  int first_slice = 0;
  int last_slice = 0; ///< inclusive
  int slices = 0;     ///< of the whole source

  bool has_source() const { return series || kspace; }
  bool retrospective() const { return series != nullptr; }
  bool whole_stack() const { return first_slice == 0 && last_slice == slices - 1; }
};

/// Size kx, ky, kz that a mask for this source must have; all 1 without a source.
std::array<int, 3> mask_size(const ReconstructRequest& request);

/// Runs one method. Errors and cost are those of imaging::reconstruct.
Result<imaging::ReconstructedScan> run_method(const ReconstructRequest& request, const MethodChoice& choice,
                                              const Progress& progress);

/// What a finished method adds to the document.
struct ReconstructedItems {
  Item image;
  std::optional<Item> error;
  std::optional<Item> reference; ///< only where no loaded series is the reference
};
ReconstructedItems to_items(const ReconstructRequest& request, const MethodChoice& choice,
                            const imaging::ReconstructedScan& scan);

/// The line that does the same without a window, quoted for a shell.
std::string command_line(const ReconstructRequest& request, const MethodChoice& choice);

/// How the result was made. Digests of the inputs are taken here: call it on a job. Errors: not_found.
Result<Recipe> make_recipe(const ReconstructRequest& request, const MethodChoice& choice);

/// The text as one word of a shell.
std::string shell_quoted(const std::string& text);

/// Label of a method in reconstructions(); the name itself when it is not there.
std::string method_label(const std::string& name);

/// Token of the colour a method has everywhere (LOOK.md): zero-filled text-3, the others series-1 to series-5.
std::string method_colour(const std::string& name);

} // namespace bloch::app
