#pragma once

#include <string>
#include <vector>

#include "imaging/demo/demo_story.h"
#include "imaging/demo/picture.h"

namespace bloch::imaging {

struct ReportPicture {
  std::string name; ///< file name without ending
  std::string caption;
  std::string tag; ///< "SIMULATED", "RECON", "MAP"; may be empty
  Picture picture;
};

/// A line of numbers under a picture row: what its colours mean.
struct ColourBar {
  std::string map;
  std::string low, high, label;
};

std::vector<ReportPicture> lesion_pictures(const DemoStory& story);
/// Reference and reconstructions of the middle slice.
std::vector<ReportPicture> reconstruction_pictures(const DemoStory& story);
/// Error maps of the same slice, all on one scale.
std::vector<ReportPicture> error_pictures(const DemoStory& story);
ColourBar error_bar(const DemoStory& story);
/// Both twins over two slices with lesions. Contract: there is an anomaly.
std::vector<ReportPicture> anomaly_pictures(const DemoStory& story);
ColourBar anomaly_bar();

} // namespace bloch::imaging
