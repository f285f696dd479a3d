#include <filesystem>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/cli/command.h"
#include "imaging/demo/demo_story.h"

namespace bloch::app {
namespace {

struct DemoOptions {
  std::filesystem::path out;
  std::string source = "auto";
};

void say_story(const Invocation& invocation, const imaging::DemoStory& story,
               const std::filesystem::path& out) {
  for (const imaging::DemoReconstruction& reconstruction : story.reconstructions) {
    const imaging::QualityNumbers& numbers = reconstruction.scan.metrics->plain;
    invocation.say(fmt::format("{:<12} NRMSE {:.4f}  PSNR {:.2f} dB  SSIM {}", reconstruction.method,
                               numbers.nrmse, numbers.psnr_db, imaging::ssim_text(numbers.ssim, 4)));
  }
  const auto twin = [&](const char* name, const imaging::AnomalyScore& score) {
    if (score.auc)
      invocation.say(fmt::format("{:<12} AUC {:.3f} (95 % {:.3f} to {:.3f})", name, *score.auc,
                                 score.auc_interval[0], score.auc_interval[1]));
  };
  if (story.anomaly) {
    const imaging::AnomalyScores& scores = story.anomaly->scores;
    twin("quantum", scores.quantum);
    twin("classical", scores.classical);
    if (!scores.verdict.empty()) invocation.say("verdict      " + scores.verdict);
  }
  invocation.say(fmt::format("{} in {:.0f} s", (out / "report.html").string(), story.seconds));
}

Result<void> run_demo_command(const Invocation& invocation, const DemoOptions& options) {
  imaging::DemoStoryRequest request;
  BLOCH_TRY(source, imaging::parse_demo_source(options.source));
  request.study.source = source;
  BLOCH_TRY(story, imaging::run_demo(options.out, request, invocation.progress));
  if (story.anomaly)
    for (const std::string& warning : story.anomaly->scores.warnings) invocation.warn(warning);
  say_story(invocation, story, options.out);
  invocation.set_json(imaging::to_json(story));
  return {};
}

CommandBody configure_demo(CLI::App& app) {
  const auto options = std::make_shared<DemoOptions>();
  app.add_option("--out", options->out, "folder to make, with report.html in it")->required()->type_name("DIR");
  app.add_option("--source", options->source,
                 "which head: auto (Colin 27 when it is installed), colin27, analytic")
      ->type_name("NAME");
  return [options](const Invocation& invocation) { return run_demo_command(invocation, *options); };
}

} // namespace

Command demo_command() {
  return {"demo",
          "The whole story on bundled data: study, k-space, reconstructions, anomaly maps and a report.",
          "bloch-cli demo --out demo", configure_demo};
}

} // namespace bloch::app
