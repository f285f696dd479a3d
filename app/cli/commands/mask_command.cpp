#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/cli/command.h"
#include "core/base/text.h"
#include "core/base/version.h"
#include "core/parameters/recipe.h"
#include "imaging/io/kspace_file.h"
#include "imaging/operators/mask.h"

namespace bloch::app {
namespace {

struct MaskOptions {
  imaging::MaskRequest request;
  std::string size, out;
};

/// "256x256" or "256x256x128": x, y, z.
Result<std::array<int, 3>> read_mask_size(const std::string& text) {
  const auto parts = split(text, 'x');
  std::array<int, 3> size{1, 1, 1};
  const auto wrong = [&] {
    return failure(ErrorKind::invalid_parameter,
                   fmt::format("a size is written 256x256 or 256x256x128 (x, y, z), not '{}'", text));
  };
  if (parts.size() < 2 || parts.size() > 3) return wrong();
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto extent = to_integer(parts[i]);
    if (!extent || *extent < 1 || *extent > 65536) return wrong();
    size[i] = static_cast<int>(*extent);
  }
  return size;
}

/// The mask written out for every sample of the size that was asked for.
SamplingMask spread_out(const SamplingMask& mask, const std::array<int, 3>& size) {
  std::vector<std::uint8_t> kept;
  kept.reserve(static_cast<std::size_t>(size[0]) * static_cast<std::size_t>(size[1]) *
               static_cast<std::size_t>(size[2]));
  for (int z = 0; z < size[2]; ++z)
    for (int y = 0; y < size[1]; ++y)
      for (int x = 0; x < size[0]; ++x) kept.push_back(mask.at(x, y, z) ? 1 : 0);
  return {size[0], size[1], size[2], std::move(kept)};
}

Result<void> run_mask(const Invocation& invocation, const MaskOptions& options) {
  BLOCH_TRY(size, read_mask_size(options.size));
  BLOCH_TRY(mask, imaging::make_mask(size, options.request));
  BLOCH_CHECK(imaging::write_mask(options.out, spread_out(mask, size)));
  Recipe recipe;
  recipe.command = "mask";
  recipe.algorithm = options.request.kind;
  recipe.options = {{"kind", options.request.kind},
                    {"size", options.size},
                    {"accel", to_text(options.request.accel)},
                    {"acs", std::to_string(options.request.acs)},
                    {"seed", std::to_string(options.request.seed)}};
  if (options.request.center_fraction > 0)
    recipe.options["center-fraction"] = to_text(options.request.center_fraction);
  recipe.seed = static_cast<unsigned long long>(options.request.seed);
  recipe.version = version();
  recipe.output = std::filesystem::path(options.out).filename().string();
  BLOCH_CHECK(write_recipe(recipe, options.out));
  const double reached = mask.acceleration();
  invocation.say(fmt::format("{} mask, R {:.3f} reached ({:.4g} asked for), to {}", options.request.kind,
                             reached, options.request.accel, options.out));
  const nlohmann::ordered_json json{{"kind", options.request.kind},
                                    {"size", size},
                                    {"acceleration", reached},
                                    {"accel", options.request.accel},
                                    {"acs", options.request.acs},
                                    {"seed", options.request.seed},
                                    {"center_fraction", options.request.center_fraction},
                                    {"kept_fraction", 1 / reached}};
  invocation.set_json(json.dump(2));
  return {};
}

CommandBody configure_mask(CLI::App& app) {
  const auto options = std::make_shared<MaskOptions>();
  app.add_option("--kind", options->request.kind, "sampling mask; see bloch-cli list masks")
      ->type_name("NAME")
      ->capture_default_str();
  app.add_option("--size", options->size, "kx, ky and perhaps kz: 256x256")->required()->type_name("XxY[xZ]");
  app.add_option("--accel", options->request.accel, "whole acceleration R, calibration included")
      ->capture_default_str();
  app.add_option("--acs", options->request.acs, "fully sampled centre: lines, or a square")
      ->capture_default_str();
  app.add_option("--center-fraction", options->request.center_fraction,
                 "fully sampled share of each axis, as fastMRI's center_fractions, instead of --acs")
      ->type_name("SHARE");
  app.add_option("--seed", options->request.seed, "the same seed makes the same mask")->capture_default_str();
  app.add_option("--out", options->out, "mask file: .npy, .cfl, .nii.gz, …")->required()->type_name("FILE");
  return [options](const Invocation& invocation) { return run_mask(invocation, *options); };
}

} // namespace

Command mask_command() {
  return {"mask", "Makes a sampling mask.",
          "bloch-cli mask --kind poisson --size 256x256 --accel 4 --acs 24 --seed 1 --out mask.npy",
          configure_mask};
}

} // namespace bloch::app
