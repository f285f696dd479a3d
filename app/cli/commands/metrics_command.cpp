#include <array>
#include <memory>
#include <optional>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/cli/command.h"
#include "app/cli/recon_files.h"
#include "core/base/text.h"
#include "imaging/io/image_file.h"
#include "imaging/io/kspace_file.h"
#include "imaging/recon/metrics.h"

namespace bloch::app {
namespace {

struct MetricsOptions {
  std::filesystem::path reference, image;
  std::string region, out_error, out_ssim;
};

/// "box=x0,y0,z0,x1,y1,z1", or a mask file of the reference's size.
Result<imaging::MetricsRegion> read_region(const std::string& text, const VolumeGeometry& geometry) {
  if (text.starts_with("box=")) {
    const auto parts = split(text.substr(4), ',');
    std::array<int, 6> numbers{};
    for (std::size_t i = 0; i < 6; ++i) {
      const long long number = parts.size() == 6 ? to_integer(trimmed(parts[i])).value_or(-1) : -1;
      if (number < 0 || number > 65535)
        return failure(
            ErrorKind::invalid_parameter,
            fmt::format("a box is written box=x0,y0,z0,x1,y1,z1, voxels counted from 0, not '{}'", text));
      numbers[i] = static_cast<int>(number);
    }
    return imaging::box_region(geometry, {numbers[0], numbers[1], numbers[2]},
                               {numbers[3], numbers[4], numbers[5]});
  }
  BLOCH_TRY(mask, imaging::read_mask(text));
  if (std::array{mask.kx(), mask.ky(), mask.kz()} != geometry.size)
    return failure(ErrorKind::invalid_parameter,
                   fmt::format("the region '{}' is {} x {} x {}, but the reference is {} x {} x {}", text,
                               mask.kx(), mask.ky(), mask.kz(), geometry.size[0], geometry.size[1],
                               geometry.size[2]));
  return imaging::MetricsRegion(mask.kept().begin(), mask.kept().end());
}

Result<void> write_maps(const MetricsOptions& options, const Volume& reference, const Volume& image) {
  if (!options.out_error.empty()) {
    BLOCH_TRY(error, imaging::error_map(reference, image));
    BLOCH_CHECK(imaging::write_image(options.out_error, error));
  }
  if (!options.out_ssim.empty()) {
    BLOCH_TRY(ssim, imaging::ssim_map(reference, image));
    BLOCH_CHECK(imaging::write_image(options.out_ssim, ssim));
  }
  return {};
}

Result<void> run_metrics(const Invocation& invocation, const MetricsOptions& options) {
  BLOCH_TRY(reference, read_magnitude(options.reference, invocation.progress.child(0, 0.4)));
  BLOCH_TRY(image, read_magnitude(options.image, invocation.progress.child(0.4, 0.8)));
  BLOCH_CHECK(imaging::check_finite(reference, fmt::format("the reference '{}'", options.reference.string())));
  BLOCH_CHECK(imaging::check_finite(image, fmt::format("the image '{}'", options.image.string())));
  if (!reference.geometry().matches(image.geometry(), 0.01) &&
      reference.geometry().size == image.geometry().size)
    invocation.warn(
        "the two images lie differently in the patient; their voxels are compared one by one all the same");
  std::optional<imaging::MetricsRegion> region;
  if (!options.region.empty()) {
    BLOCH_TRY(read, read_region(options.region, reference.geometry()));
    region = std::move(read);
  }
  BLOCH_TRY(metrics, imaging::image_metrics(reference, image, region));
  BLOCH_CHECK(write_maps(options, reference, image));
  const auto line = [&](const char* name, const imaging::QualityNumbers& n) {
    invocation.say(fmt::format("{:<28} NRMSE {:.5f}   PSNR {:.3f} dB   SSIM {}", name, n.nrmse, n.psnr_db,
                               imaging::ssim_text(n.ssim, 5)));
  };
  line("as they are", metrics.plain);
  line(fmt::format("image times {:.5g}", metrics.scale).c_str(), metrics.scaled);
  if (region) invocation.say(fmt::format("in a region of {} voxels", metrics.voxels));
  if (metrics.slices.size() > 1)
    for (const auto& one : metrics.slices) line(fmt::format("  slice {}", one.slice).c_str(), one.numbers);
  invocation.set_json(imaging::to_json(metrics));
  return {};
}

CommandBody configure_metrics(CLI::App& app) {
  const auto options = std::make_shared<MetricsOptions>();
  app.add_option("reference", options->reference,
                 "what is right: any image, or the magnitude of a complex .cfl, .npy or .mat")
      ->required()
      ->type_name("REFERENCE");
  app.add_option("image", options->image, "what is compared with it")->required()->type_name("IMAGE");
  app.add_option("--region", options->region,
                 "compare only inside a box of voxels (corners included, from 0) or where a mask is not 0")
      ->type_name("box=x0,y0,z0,x1,y1,z1|FILE");
  app.add_option("--out-error", options->out_error, "also write | image - reference |")->type_name("FILE");
  app.add_option("--out-ssim", options->out_ssim, "also write the structural similarity around each pixel")
      ->type_name("FILE");
  return [options](const Invocation& invocation) { return run_metrics(invocation, *options); };
}

} // namespace

Command metrics_command() {
  return {"metrics", "NRMSE, PSNR and SSIM of an image against a reference, with and without optimal scaling.",
          "bloch-cli metrics truth.nii.gz image.nii.gz --json -", configure_metrics};
}

} // namespace bloch::app
