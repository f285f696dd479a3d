#include "imaging/demo/report.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "core/base/contract.h"
#include "core/base/file.h"
#include "core/base/version.h"
#include "core/security/sha256.h"
#include "imaging/demo/report_pictures.h"

namespace bloch::imaging {
namespace {

constexpr const char* report_style =
#include "imaging/demo/report_style.inc"
    ;

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '&')
      out += "&amp;";
    else if (c == '"')
      out += "&quot;";
    else
      out += c;
  }
  return out;
}

Result<std::string> picture_row(const std::vector<ReportPicture>& pictures,
                                const std::filesystem::path& folder) {
  std::string html = "<div class=\"row\">\n";
  for (const ReportPicture& picture : pictures) {
    BLOCH_TRY(png, to_png(picture.picture));
    BLOCH_CHECK(write_file(folder / "pictures" / (picture.name + ".png"), png));
    const std::string tag = picture.tag.empty()
                                ? ""
                                : fmt::format("<span class=\"tag{}\">{}</span>",
                                              picture.tag == "SIMULATED" ? "" : " map", picture.tag);
    html += fmt::format(
        "<figure><img alt=\"{0}\" src=\"data:image/png;base64,{1}\">{2}<figcaption>{0}</figcaption></figure>\n",
        escaped(picture.caption), to_base64(png), tag);
  }
  return html + "</div>\n";
}

std::string colour_bar(const ColourBar& bar) {
  const ColourTable table = colour_map(bar.map);
  std::string stops;
  for (int i = 0; i <= 16; ++i) {
    const Rgb c = colour_of(table, i / 16.0);
    stops += fmt::format(",#{:02X}{:02X}{:02X}", c[0], c[1], c[2]);
  }
  return fmt::format("<div class=\"bar\"><span>{}</span><i "
                     "style=\"background:linear-gradient(90deg{})\"></i><span>{}</span><span>{}</span></div>\n",
                     bar.low, stops, bar.high, escaped(bar.label));
}

std::string cell(double value, int digits, bool best) {
  return fmt::format("<td{}>{:.{}f}</td>", best ? " class=\"best\"" : "", value, digits);
}

std::string reconstruction_table(const DemoStory& story) {
  QualityNumbers best{std::numeric_limits<double>::infinity(), 0, 0};
  for (const DemoReconstruction& r : story.reconstructions) {
    best.nrmse = std::min(best.nrmse, r.scan.metrics->plain.nrmse);
    best.psnr_db = std::max(best.psnr_db, r.scan.metrics->plain.psnr_db);
    best.ssim = std::max(best.ssim, r.scan.metrics->plain.ssim); // an absent one is below all
  }
  std::string html = "<table><tr><th>Method</th><th>NRMSE</th><th>PSNR, "
                     "dB</th><th>SSIM</th><th>Steps</th><th>Solve, s</th></tr>\n";
  for (const DemoReconstruction& r : story.reconstructions) {
    const QualityNumbers& numbers = r.scan.metrics->plain;
    html += "<tr><td>" + escaped(r.method) + "</td>" + cell(numbers.nrmse, 4, numbers.nrmse == best.nrmse) +
            cell(numbers.psnr_db, 2, numbers.psnr_db == best.psnr_db) +
            (numbers.ssim ? cell(*numbers.ssim, 4, numbers.ssim == best.ssim) : std::string("<td>–</td>")) +
            fmt::format("<td>{}</td><td>{:.1f}</td></tr>\n", r.scan.iterations, r.scan.seconds.solve);
  }
  return html + "</table>\n";
}

std::string auc_table(const AnomalyScores& scores) {
  if (!scores.quantum.auc || !scores.classical.auc) return "<p>There is no truth to compare with.</p>\n";
  std::string html =
      "<table><tr><th>Twin</th><th>AUC</th><th>95 % from</th><th>to</th><th>Score, s</th></tr>\n";
  const auto row = [&](const char* name, double auc, const std::array<double, 2>& interval,
                       const std::string& seconds) {
    html += fmt::format("<tr><td>{}</td><td>{:.3f}</td><td>{:.3f}</td><td>{:.3f}</td><td>{}</td></tr>\n", name,
                        auc, interval[0], interval[1], seconds);
  };
  row("quantum kernel", *scores.quantum.auc, scores.quantum.auc_interval,
      fmt::format("{:.1f}", scores.quantum.seconds));
  row("classical RBF", *scores.classical.auc, scores.classical.auc_interval,
      fmt::format("{:.1f}", scores.classical.seconds));
  if (scores.auc_difference) row("difference", *scores.auc_difference, scores.difference_interval, "");
  return html + "</table>\n";
}

std::string roc_path(const std::vector<std::array<double, 2>>& points) {
  std::string path;
  for (const auto& point : points)
    path += fmt::format("{}{:.1f},{:.1f}", path.empty() ? "M" : "L", 30 + 250 * point[0], 260 - 250 * point[1]);
  return path;
}

std::string roc_chart(const AnomalyScores& scores) {
  return "<svg viewBox=\"0 0 290 290\" role=\"img\" aria-label=\"ROC of both twins\" font-size=\"10\" "
         "fill=\"#848E99\">"
         "<rect x=\"30\" y=\"10\" width=\"250\" height=\"250\" fill=\"#0E1114\" stroke=\"#262C33\"/>"
         "<path d=\"M30,260L280,10\" stroke=\"#3A434D\" stroke-dasharray=\"2 3\"/><path d=\"" +
         roc_path(scores.roc_classical) +
         "\" fill=\"none\" stroke=\"#D9A86C\" stroke-width=\"1.5\" stroke-dasharray=\"5 3\"/><path d=\"" +
         roc_path(scores.roc_quantum) +
         "\" fill=\"none\" stroke=\"#3FB6C9\" stroke-width=\"1.5\"/>"
         "<text x=\"155\" y=\"282\" text-anchor=\"middle\">false positive rate</text><text x=\"22\" y=\"264\" "
         "text-anchor=\"end\">0</text>"
         "<text x=\"22\" y=\"18\" text-anchor=\"end\">1</text><text x=\"12\" y=\"135\" text-anchor=\"middle\" "
         "transform=\"rotate(-90 12 135)\">true positive rate</text>"
         "<text x=\"272\" y=\"236\" text-anchor=\"end\" fill=\"#3FB6C9\">quantum</text><text x=\"272\" "
         "y=\"250\" text-anchor=\"end\" fill=\"#D9A86C\">classical (dashed)</text></svg>\n";
}

std::string findings_table(const DemoAnomaly& anomaly) {
  if (anomaly.findings.empty()) return "<p>No region reaches the threshold.</p>\n";
  std::string html = "<table><tr><th>Finding</th><th>Peak quantum</th><th>Peak classical</th><th>Size, "
                     "mm³</th><th>Centre L, P, S, mm</th><th>Share in truth</th></tr>\n";
  for (std::size_t i = 0; i < std::min<std::size_t>(anomaly.findings.size(), 12); ++i) {
    const Finding& f = anomaly.findings[i];
    html +=
        fmt::format("<tr><td>{}</td><td>{:.4f}</td><td>{:.4f}</td><td>{:.0f}</td><td>{:.0f}, {:.0f}, "
                    "{:.0f}</td><td>{}</td></tr>\n",
                    f.number, f.peak_quantum, f.peak_classical, f.size_mm3, f.centre.mm[0], f.centre.mm[1],
                    f.centre.mm[2], f.share_in_truth ? fmt::format("{:.1f} %", 100 * *f.share_in_truth) : "–");
  }
  if (anomaly.findings.size() > 12)
    html += fmt::format("<tr><td colspan=\"6\">and {} more in metrics.json</td></tr>\n",
                        anomaly.findings.size() - 12);
  return html + "</table>\n";
}

std::string provenance(const DemoStory& story, const std::filesystem::path& folder) {
  const DemoPlaces places = demo_places(folder / "study");
  std::string lines =
      fmt::format("Bloch {}\nhead: {}\nk-space: {}; R {:.2f}, {} lines a slice\n", version(),
                  story.study.head_name, story.simulated, story.acceleration, story.acquired_lines);
  for (const auto& file : {places.kspace, places.truth})
    if (const auto digest = sha256_of_file(file))
      lines += "sha256 " + *digest + "  study/" + file.filename().string() + "\n";
  for (const std::string& setting : story.settings) lines += "\n$ " + setting;
  return "<pre>" + escaped(lines) + "</pre>\n";
}

std::string section(const std::string& title, const std::string& body) {
  return "<section><h2>" + title + "</h2>\n" + body + "</section>\n";
}

Result<std::string> body_of(const DemoStory& story, const std::filesystem::path& folder) {
  BLOCH_EXPECTS(story.anomaly);
  const DemoAnomaly& anomaly = *story.anomaly;
  BLOCH_TRY(lesions, picture_row(lesion_pictures(story), folder));
  BLOCH_TRY(images, picture_row(reconstruction_pictures(story), folder));
  BLOCH_TRY(errors, picture_row(error_pictures(story), folder));
  BLOCH_TRY(maps, picture_row(anomaly_pictures(story), folder));
  const std::string intro = fmt::format("<p>{} with {} lesions put in by this program: dark, bright, or of "
                                        "another texture. Dashed: their true outline. "
                                        "The series is in <b>study/series</b> as DICOM of BLOCH^DEMO.</p>\n",
                                        escaped(story.study.head_name), story.study.lesions.size());
  const std::string recon =
      fmt::format("<p>{} slices were turned into k-space of {}, of which {} of {} lines are kept (R {:.2f}), "
                  "written as ISMRMRD, read "
                  "back and reconstructed. Coil sensitivities by ESPIRiT from the same data. Numbers over all "
                  "slices; the pictures show the middle one.</p>\n",
                  story.study.kspace_slices.size(), escaped(story.simulated), story.acquired_lines,
                  story.study.kspace_reference.geometry().size[1], story.acceleration);
  const std::string detect =
      fmt::format("<p>Both twins learnt normal tissue from the same {} patches of the same image, without its "
                  "truth, and scored {} voxels. "
                  "The quantum twin's kernel is the fidelity of states of the ZZ feature map on the built-in "
                  "simulator; the classical twin's is RBF. With the mirrored side as "
                  "normal, the mirror image of a lesion is odd as well.</p>\n"
                  "<div class=\"verdict\">{}</div>\n",
                  anomaly.training.patches, anomaly.scores.voxels, escaped(anomaly.scores.verdict));
  return section("Study", intro + lesions) +
         section("Reconstruction",
                 recon + reconstruction_table(story) + images + errors + colour_bar(error_bar(story))) +
         section("Anomaly", detect + "<div class=\"two\"><div>" + auc_table(anomaly.scores) +
                                findings_table(anomaly) + "</div>" + roc_chart(anomaly.scores) + "</div>" +
                                maps + colour_bar(anomaly_bar())) +
         section("Provenance", provenance(story, folder) +
                                   (story.study.notice.empty()
                                        ? ""
                                        : "<p class=\"notice\">" + escaped(story.study.notice) + "</p>\n"));
}

} // namespace

Result<void> write_report(const DemoStory& story, const std::filesystem::path& folder) {
  BLOCH_TRY(body, body_of(story, folder));
  const std::string html =
      fmt::format("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
                  "content=\"width=device-width\">"
                  "<title>Bloch demo report</title><style>{}</style></head><body><main>\n<div "
                  "class=\"head\"><h1>Bloch demo report</h1>"
                  "<span class=\"tag\">SIMULATED</span><span class=\"caution\">{}</span></div>\n<p>Made "
                  "offline in {:.0f} s. Research use only.</p>\n",
                  report_style, not_for_diagnosis, story.seconds) +
      body + "</main></body></html>\n";
  return write_file(folder / "report.html", html);
}

} // namespace bloch::imaging
