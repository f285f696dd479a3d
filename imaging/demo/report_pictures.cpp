#include "imaging/demo/report_pictures.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace bloch::imaging {
namespace {

constexpr Rgb truth_colour{0xE6, 0xE9, 0xEC};
constexpr double anomaly_threshold = 0.99;
constexpr double error_factor = 5; ///< errors are shown up to a fifth of the image's white

/// z with the most voxels of a label.
int slice_of_label(const LabelMap& labels, int label) {
  const auto& size = labels.geometry().size;
  const auto samples = labels.samples<std::uint8_t>();
  const std::size_t plane = static_cast<std::size_t>(size[0]) * static_cast<std::size_t>(size[1]);
  int best = size[2] / 2;
  std::ptrdiff_t most = 0;
  for (int z = 0; z < size[2]; ++z) {
    const auto slice = samples.subspan(static_cast<std::size_t>(z) * plane, plane);
    const auto count = std::count(slice.begin(), slice.end(), static_cast<std::uint8_t>(label));
    if (count > most) {
      most = count;
      best = z;
    }
  }
  return best;
}

/// White of the pictures: above white matter, below the brightest fat.
double white_of(const Volume& volume) { return 1.2 * percentile(volume, 0.985); }

int zoom_for(const SliceWindow& window) { return std::max(1, 400 / std::max(1, window.x1 - window.x0 + 1)); }

SliceWindow middle_window(const DemoStory& story) {
  return window_around_content(story.study.kspace_reference,
                               story.study.kspace_reference.geometry().size[2] / 2, 6);
}

double error_white(const DemoStory& story) { return white_of(story.study.kspace_reference) / error_factor; }

} // namespace

std::vector<ReportPicture> lesion_pictures(const DemoStory& story) {
  std::vector<ReportPicture> pictures;
  const Volume& volume = story.study.volume;
  const double white = white_of(volume);
  const SliceWindow whole = window_around_content(volume, 0, 4);
  for (std::size_t i = 0; i < story.study.lesions.size(); ++i) {
    SliceWindow window = whole;
    window.z = slice_of_label(story.study.truth_map, static_cast<int>(i) + 1);
    const int zoom = zoom_for(window);
    ReportPicture picture{fmt::format("lesion-{}", i + 1), story.study.lesions[i], "SIMULATED",
                          draw_slice(volume, window, 0, white, zoom)};
    outline(picture.picture, story.study.truth_map, window, zoom, truth_colour);
    pictures.push_back(std::move(picture));
  }
  return pictures;
}

std::vector<ReportPicture> reconstruction_pictures(const DemoStory& story) {
  std::vector<ReportPicture> pictures;
  const SliceWindow window = middle_window(story);
  const double white = white_of(story.study.kspace_reference);
  const int zoom = zoom_for(window);
  pictures.push_back({"recon-reference", "reference (fully sampled)", "",
                      draw_slice(story.study.kspace_reference, window, 0, white, zoom)});
  for (const DemoReconstruction& reconstruction : story.reconstructions)
    pictures.push_back({"recon-" + reconstruction.method, reconstruction.method, "RECON",
                        draw_slice(magnitude(reconstruction.scan.image), window, 0, white, zoom)});
  return pictures;
}

std::vector<ReportPicture> error_pictures(const DemoStory& story) {
  std::vector<ReportPicture> pictures;
  const SliceWindow window = middle_window(story);
  for (const DemoReconstruction& reconstruction : story.reconstructions)
    if (reconstruction.scan.error)
      pictures.push_back({"error-" + reconstruction.method, "error of " + reconstruction.method, "MAP",
                          draw_slice(*reconstruction.scan.error, window, 0, error_white(story),
                                     zoom_for(window), "bloch-error")});
  return pictures;
}

ColourBar error_bar(const DemoStory& story) {
  return {"bloch-error", "0", fmt::format("{:.0f}", error_white(story)),
          fmt::format("absolute error, shown {:.0f}-fold against the images' {:.0f}", error_factor,
                      white_of(story.study.kspace_reference))};
}

std::vector<ReportPicture> anomaly_pictures(const DemoStory& story) {
  std::vector<ReportPicture> pictures;
  const DemoAnomaly& anomaly = *story.anomaly;
  const Volume& volume = anomaly.volume;
  const double white = white_of(volume);
  std::vector<int> slices;
  for (std::size_t i = 0; i < story.study.lesions.size() && slices.size() < 2; ++i) {
    const int z = slice_of_label(anomaly.truth, static_cast<int>(i) + 1);
    if (std::find(slices.begin(), slices.end(), z) == slices.end()) slices.push_back(z);
  }
  const std::pair<const char*, const Volume*> twins[] = {{"quantum", &anomaly.scores.quantum.map},
                                                         {"classical", &anomaly.scores.classical.map}};
  const auto& size = volume.geometry().size;
  for (const int z : slices)
    for (const auto& [twin, map] : twins) {
      const SliceWindow window{z, 0, 0, size[0] - 1, size[1] - 1};
      const int zoom = zoom_for(window);
      const double position = volume.geometry().to_world({{0, 0, static_cast<double>(z)}}).mm[2];
      ReportPicture picture{fmt::format("anomaly-{}-{}", twin, z),
                            fmt::format("{}, z {:.0f} mm", twin, position), "MAP",
                            draw_slice(volume, window, 0, white, zoom)};
      overlay(picture.picture, *map, window, zoom, "bloch-anomaly", anomaly_threshold, 0.85);
      outline(picture.picture, anomaly.truth, window, zoom, truth_colour);
      pictures.push_back(std::move(picture));
    }
  return pictures;
}

ColourBar anomaly_bar() {
  return {"bloch-anomaly", fmt::format("{:.2f}", anomaly_threshold), "1",
          "quantile among training patches; below the threshold nothing is drawn; dashed: truth"};
}

} // namespace bloch::imaging
