#pragma once

#include <vector>

#include "imaging/adapters/dcmtk_dataset.h"
#include "imaging/dicom/detail/instance.h"

namespace bloch::imaging {

/// The macros of one frame: its own item first, then the shared one, then the data set itself.
struct FrameGroups {
  DcmItem* own = nullptr;
  DcmItem* shared = nullptr;
  DcmItem* dataset = nullptr;

  /// First item of a macro's sequence; nullptr when neither has it.
  DcmItem* macro(const DcmTagKey& sequence) const;
  /// A value of a macro, else of the data set (classic objects).
  std::optional<double> number(const DcmTagKey& sequence, const DcmTagKey& tag) const;
  std::vector<double> numbers(const DcmTagKey& sequence, const DcmTagKey& tag) const;
  std::string text(const DcmTagKey& sequence, const DcmTagKey& tag) const;
};

/// One entry a frame; own is nullptr where the file has fewer items than frames.
std::vector<FrameGroups> frame_groups(DcmItem& dataset, int frames);

/// Position, axes, spacing and keys of every frame of a classic or enhanced object.
std::vector<FrameHeader> read_frame_headers(DcmItem& dataset, int frames);

} // namespace bloch::imaging
