#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "app/cli/coil_axis_option.h"
#include "app/cli/command.h"
#include "app/cli/recon_batch.h"
#include "app/cli/recon_run.h"
#include "core/base/text.h"
#include "imaging/recon/partial_fourier.h"

namespace bloch::app {
namespace {

/// A batch says in its file what its jobs do; what is given beside it would be lost.
Result<void> check_batch_alone(const CLI::App& app) {
  static const std::vector<std::string> with_batch{"--batch", "--out", "--json", "--threads", "--quiet"};
  std::vector<std::string> given;
  for (const CLI::Option* option : app.get_options())
    if (option->count() > 0) {
      const std::string name = option->get_name();
      if (std::find(with_batch.begin(), with_batch.end(), name) == with_batch.end())
        given.push_back(name == "input" ? "INPUT" : name);
    }
  if (given.empty()) return {};
  return failure(ErrorKind::invalid_parameter,
                 "a batch says in its FILE what is reconstructed and how; leave " + join(given, ", ") +
                     " out, and put options into its \"inputs\", \"methods\" and \"options\"");
}

CommandBody configure_recon(CLI::App& app) {
  const auto options = std::make_shared<ReconOptions>();
  app.add_option("input", options->input,
                 "k-space (.h5, .cfl, .npy, .npz, .mat), or an image or DICOM series to under-sample; "
                 "FILE.mat#NAME or FILE.npz#NAME is one array of a file that holds several")
      ->type_name("INPUT");
  app.add_option("--method", options->method, "reconstruction; see bloch-cli list reconstructions")
      ->type_name("NAME")
      ->capture_default_str();
  app.add_option("--set", options->settings, "a setting of the method or of the coil calibration")
      ->type_name("key=value")
      ->expected(1)
      ->take_all();
  app.add_option("--mask", options->mask, "keep only the samples that are not 0 in this mask")
      ->type_name("FILE");
  app.add_option("--undersample", options->undersample,
                 "keep only a mask made for the size: kind,accel=4,acs=24,seed=1")
      ->type_name("KIND,…");
  auto* simulate = app.add_option("--simulate", options->simulate,
                                  "take the input as an image: coils=8,noise=0.01,phase=smooth,seed=1")
                       ->type_name("coils=8,…")
                       ->expected(0, 1);
  app.add_option("--dimensions", options->dimensions, "2: slice by slice, 3: as one volume")
      ->check(CLI::IsMember({2, 3}));
  add_coil_axis(app, options->coil_axis);
  app.add_option(
         "--select", options->select,
         "of raw data that hold several scans only these: encoding, slab, contrast, phase, set, repetition; "
         "average=N reads one average alone. Without it every part is written beside the others")
      ->type_name("contrast=1,…");
  auto* prewhiten = app.add_option("--prewhiten", options->prewhiten,
                                   "whiten the coils' noise by the noise scan of the input, or of FILE")
                        ->type_name("FILE")
                        ->expected(0, 1);
  app.add_option("--compress", options->compress,
                 "combine the coils into this many, or into as many as keep this share of the energy: 8, 0.99")
      ->type_name("N|SHARE");
  app.add_option("--partial-fourier", options->partial_fourier,
                 "how a side of k-space that was not acquired is filled")
      ->check(CLI::IsMember(imaging::partial_fourier_methods()))
      ->capture_default_str();
  app.add_option("--slices", options->slices, "only slices a to b, counted from 0, both included")
      ->type_name("a:b");
  app.add_option("--coils", options->coils, "coil maps (.cfl, .npy, .npz, .mat) instead of estimating them")
      ->type_name("FILE");
  app.add_option("--reference", options->reference, "image to compare the result with")->type_name("FILE");
  app.add_option("--like", options->like,
                 "series that supplies patient and geometry: a file or folder, or FOLDER#UID")
      ->type_name("SERIES");
  app.add_option("--phase", options->phase, "phase of the image in radians, for --simulate")->type_name("FILE");
  app.add_option("--series", options->series,
                 "which series of the input, by its UID (see bloch-cli info); an image file in a folder or "
                 "archive, by its name")
      ->type_name("UID|FILE");
  app.add_option(
         "--out", options->out,
         "image (.nii.gz, .nrrd, .mha: magnitude; .cfl, .npy: complex), a folder ending in / for a series of "
         "MR images, or a .dcm file for an enhanced MR")
      ->required()
      ->type_name("FILE|DIR/");
  app.add_option(
         "--batch", options->batch,
         "many inputs and a grid of methods and settings from a JSON file, into the folder --out; a second "
         "call goes on where the first was stopped. {\"inputs\": [\"*.h5\"], \"methods\": [\"tv\", "
         "{\"method\": "
         "\"cg-sense\", \"set\": {\"lambda\": [0.001, 0.01]}}], \"options\": {\"undersample\": "
         "[\"random,accel=4\", \"poisson,accel=8\"]}, \"ending\": \".nii.gz\"} makes 3 x 2 images of every "
         "input, and batch.csv and batch.json with metrics and times")
      ->type_name("FILE");
  app.add_option("--out-error", options->out_error, "also write | |image| - reference |")->type_name("FILE");
  app.add_option("--out-noise", options->out_noise,
                 "also write the standard deviation of the image's noise, by pseudo-replicas")
      ->type_name("FILE");
  app.add_option("--out-gfactor", options->out_gfactor, "also write the g-factor, by pseudo-replicas")
      ->type_name("FILE");
  app.add_option("--replicas", options->replicas, "how many pseudo-replicas")
      ->check(CLI::Range(2, 10000))
      ->capture_default_str();
  return [options, simulate, prewhiten, &app](const Invocation& invocation) -> Result<void> {
    options->simulate_given = simulate->count() > 0;
    options->prewhiten_given = prewhiten->count() > 0;
    if (!options->batch.empty()) {
      BLOCH_CHECK(check_batch_alone(app));
      return run_recon_batch(invocation, options->batch, options->out);
    }
    if (options->input.empty())
      return failure(ErrorKind::invalid_parameter,
                     "INPUT is required, or --batch FILE; see bloch-cli recon --help");
    return run_recon(invocation, *options);
  };
}

} // namespace

Command recon_command() {
  return {"recon", "Reconstructs an image from k-space, or from an image under-sampled retrospectively.",
          "bloch-cli recon scan.h5 --method l1-wavelet --set lambda=auto --out image.nii.gz", configure_recon};
}

} // namespace bloch::app
