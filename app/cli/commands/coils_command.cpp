#include <chrono>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/cli/coil_axis_option.h"
#include "app/cli/command.h"
#include "app/cli/recipe_digests.h"
#include "app/cli/recon_files.h"
#include "core/base/version.h"
#include "core/parameters/recipe.h"
#include "imaging/io/kspace_file.h"
#include "imaging/operators/fft.h"
#include "imaging/parallel/parallel_for.h"
#include "imaging/recon/coils.h"
#include "imaging/recon/map_coverage.h"

namespace bloch::app {
namespace {

struct CoilsOptions {
  std::filesystem::path input;
  std::vector<std::string> settings;
  std::string select, coil_axis = "auto", out;
};

struct AllMaps {
  SharedSamples samples; ///< [slice][set][coil][z][y][x]
  int sets = 1;
  std::vector<std::string> warnings = {};
};

/// Puts the maps of slices one behind the other; an empty slice has maps that are zero.
std::vector<std::complex<float>> stacked(const std::vector<SharedSamples>& slices, std::size_t samples_each) {
  std::vector<std::complex<float>> all;
  all.reserve(slices.size() * samples_each);
  for (const SharedSamples& slice : slices) {
    all.insert(all.end(), slice.begin(), slice.end());
    if (slice.empty()) all.resize(all.size() + samples_each);
  }
  return all;
}

/// The maps of each slice, one after another.
Result<AllMaps> all_maps(const KSpace& kspace, const ParameterSet& parameters, bool holds_sets_of_slices,
                         const Progress& progress) {
  AllMaps maps;
  const int count = kspace.size().slices;
  std::vector<SharedSamples> of_slices(static_cast<std::size_t>(count));
  std::vector<int> slices, empty;
  std::vector<double> shares;
  for (int slice = 0; slice < count; ++slice) {
    const KSpace alone = kspace.only(slice);
    const SamplingMask mask = sampled_points(alone);
    if (mask.kept_count() == 0 && count > 1) { // nothing was acquired, so there are no coils
      empty.push_back(slice);
      continue;
    }
    const double part = 1.0 / count;
    BLOCH_TRY(one, imaging::espirit({alone.size(), alone.samples(), &mask, nullptr, {}, 0}, parameters,
                                    progress.child(slice * part, (slice + 1) * part, "calibrate")));
    if (one.sets > 1 && count > 1 && !holds_sets_of_slices)
      return failure(
          ErrorKind::unsupported,
          "a .npy of coil maps cannot hold several sets for several slices; write a .cfl, leave maps=2 "
          "out, or give it to recon, which then calibrates slice by slice itself");
    maps.sets = one.sets;
    shares.push_back(imaging::empty_share(one));
    if (count > 1) slices.push_back(slice);
    of_slices[static_cast<std::size_t>(slice)] = std::move(one.samples);
  }
  if (shares.empty()) return failure(ErrorKind::malformed, "the k-space holds no sample that is not zero");
  maps.samples =
      count == 1 ? std::move(of_slices.front())
                 : stacked(of_slices, static_cast<std::size_t>(maps.sets) * kspace.only(0).samples().size());
  if (!empty.empty())
    maps.warnings.push_back(imaging::slices_text(empty) +
                            ": no sample that is not zero, so the coil maps are zero there");
  if (const auto warning = imaging::scarce_maps_warning(shares, slices)) maps.warnings.push_back(*warning);
  return maps;
}

Result<void> write_coils_recipe(const CoilsOptions& options, const ParameterSet& parameters,
                                const RecipeInput& input) {
  Recipe recipe;
  recipe.command = "coils";
  recipe.algorithm = "espirit";
  recipe.parameters = to_json(parameters);
  recipe.inputs.push_back(input);
  BLOCH_TRY(digest, output_digest(options.out));
  recipe.options["output-sha256"] = digest;
  recipe.threads = imaging::thread_count();
  recipe.version = version();
  recipe.wisdom_hash = imaging::fft_plan_hash();
  recipe.output = std::filesystem::path(options.out).filename().string();
  if (!options.select.empty()) recipe.options["select"] = options.select;
  if (options.coil_axis != "auto") recipe.options["coil-axis"] = options.coil_axis;
  return write_recipe(recipe, options.out);
}

Result<void> run_coils(const Invocation& invocation, const CoilsOptions& options) {
  const auto begin = std::chrono::steady_clock::now();
  const auto elapsed = [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  };
  if (!is_complex_output(options.out))
    return failure(ErrorKind::invalid_parameter,
                   fmt::format("coil maps are complex, so '{}' must end in .cfl or .npy", options.out));
  BLOCH_TRY(parameters, parse_settings(imaging::coil_parameters(), options.settings));
  BLOCH_TRY(part, imaging::parse_kspace_part(options.select));
  BLOCH_TRY(coil_axis, imaging::parse_coil_axis(options.coil_axis));
  BLOCH_TRY(kspace, imaging::read_kspace_part(options.input, part, invocation.progress.child(0, 0.1, "read"),
                                              coil_axis));
  const double read_s = elapsed();
  const bool npy = std::filesystem::path(options.out).extension() == ".npy";
  Result<AllMaps> calibrated;
  Result<RecipeInput> input;
  imaging::parallel_for(0, 2, [&](std::size_t task) { // a calibration leaves a second worker much time
    if (task == 0)
      calibrated = all_maps(kspace, parameters, !npy, invocation.progress.child(0.1, 0.95));
    else
      input = describe_input("input", options.input, DigestSource::list);
  });
  BLOCH_TRY(maps, calibrated);
  BLOCH_TRY(described, input);
  const double calibrated_s = elapsed();
  const KSpaceSize& size = kspace.size();
  imaging::ComplexArray array{
      {size.slices * maps.sets, size.coils, size.kz, size.ky, size.kx}, std::move(maps.samples), size.slices};
  BLOCH_CHECK(imaging::write_complex(options.out, array));
  BLOCH_CHECK(write_coils_recipe(options, parameters, described));
  for (const std::string& warning : kspace.warnings) invocation.warn(warning);
  for (const std::string& warning : maps.warnings) invocation.warn(warning);
  invocation.say(fmt::format("{} coil maps of {} x {} x {} to {}, {:.2f} s", size.coils, size.kx, size.ky,
                             std::max(size.kz, size.slices), options.out, elapsed()));
  const nlohmann::ordered_json json{{"coils", size.coils},
                                    {"sets", maps.sets},
                                    {"size", {size.kx, size.ky, std::max(size.kz, size.slices)}},
                                    {"warnings", maps.warnings},
                                    {"seconds",
                                     {{"read", read_s},
                                      {"calibrate", calibrated_s - read_s},
                                      {"write", elapsed() - calibrated_s},
                                      {"total", elapsed()}}}};
  invocation.set_json(json.dump(2));
  return {};
}

CommandBody configure_coils(CLI::App& app) {
  const auto options = std::make_shared<CoilsOptions>();
  app.add_option("input", options->input, "k-space with a fully sampled centre (.h5, .cfl, .npy, .npz, .mat)")
      ->required()
      ->type_name("INPUT");
  app.add_option("--set", options->settings, "calibration=24, kernel=6, threshold=0.001, crop=0.8, maps=1")
      ->type_name("key=value")
      ->expected(1)
      ->take_all();
  app.add_option("--select", options->select, "which part of raw data that hold several: contrast=1,…")
      ->type_name("contrast=1,…");
  add_coil_axis(app, options->coil_axis);
  app.add_option("--out", options->out, "maps as .cfl (BART's dimensions) or .npy ([coil][z][y][x])")
      ->required()
      ->type_name("FILE");
  return [options](const Invocation& invocation) { return run_coils(invocation, *options); };
}

} // namespace

Command coils_command() {
  return {"coils", "Estimates coil sensitivities from the centre of k-space, by ESPIRiT.",
          "bloch-cli coils scan.h5 --set calibration=24 --out maps.cfl", configure_coils};
}

} // namespace bloch::app
