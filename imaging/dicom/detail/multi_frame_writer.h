#pragma once

#include <string>
#include <vector>

#include "imaging/dicom/detail/dataset_writer.h"
#include "imaging/dicom/detail/image_marks.h"

namespace bloch::imaging {

/// One frame of an object that is written.
struct FramePlace {
  int slice = 0;
  int segment = 0; ///< 0: the object has no segments
  int volume = 0;  ///< from 1; 0: the object has one
  /// What it says of itself: its plane, where that is not on the grid, and its source; nullptr: by its slice.
  const ImageMarks* marks = nullptr;
};

/// What every kind of multi-frame object has.
struct MultiFrameHeader {
  std::string sop_class;
  std::string modality;
  std::string image_type; ///< "DERIVED\\PRIMARY"
  std::string content_label;
  bool laterality = false; ///< the series of this object must say that the side is not known
  /// Enhanced MR and parametric maps say NO in BurnedInAnnotation and nothing else (PS3.3 C.8.13.1, C.8.32.2);
  /// of a segmentation it may be YES or left out (C.7.6.1).
  bool free_of_text = false;
  /// What tells volumes apart, and the functional group that it is in, where frames are of several.
  DcmTagKey volume_index{};
  DcmTagKey volume_group{};
};

/// Whether one file can hold the frames, and may.
///
/// bits:   of one pixel
/// errors: invalid_parameter (4 GiB of pixels or more: the length of an element has 32 bits, and 2^32 - 1
/// stands
///         for "not known"), unsupported (text is burned into the source, which this kind of object must not
///         hold)
Result<void> check_object(const MultiFrameHeader& header, const SeriesTemplate& series,
                          const VolumeGeometry& geometry, std::size_t frames, int bits);

/// Every slice once, in order; no segments.
std::vector<FramePlace> all_slices(const VolumeGeometry& geometry);

/// Patient to the number of frames, grey values, without a place for any frame.
void put_multi_frame_head(DcmDataset& dataset, const MultiFrameHeader& header, const SeriesTemplate& series,
                          const VolumeGeometry& geometry, std::size_t frames);

/// Patient to multi-frame dimensions (PS3.3 C.7.6.16, C.7.6.17): everything but the object's own attributes,
/// its own macros and its pixels. Frames lie on the grid; each names the source images in its plane.
void put_multi_frame(DcmDataset& dataset, const MultiFrameHeader& header, const SeriesTemplate& series,
                     const VolumeGeometry& geometry, const std::vector<FramePlace>& frames);

/// The item of macros that are the same for all frames.
DcmItem& shared_groups(DcmDataset& dataset);

/// Writes beside the target, then renames.
Result<void> save_object(const std::filesystem::path& path, DcmFileFormat& file);

} // namespace bloch::imaging
