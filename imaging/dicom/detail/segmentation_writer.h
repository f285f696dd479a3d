#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "core/data/segmentation.h"
#include "core/jobs/progress.h"
#include "imaging/dicom/detail/multi_frame_writer.h"

namespace bloch::imaging {

/// What binary and fractional segmentations share.
MultiFrameHeader segmentation_header();

/// Everything but the segments and the pixels (PS3.3 C.8.20.2). type: "BINARY" or "FRACTIONAL"
void put_segmentation(DcmDataset& dataset, const SeriesTemplate& series, const VolumeGeometry& geometry,
                      const std::vector<FramePlace>& frames, Uint16 bits, const char* type);

/// One item of SegmentSequence (PS3.3 C.8.20.4).
void put_segment(DcmItem& dataset, const Segment& segment);

/// bytes: of an even count. errors: failed, cancelled, not_writable
Result<void> save_with_pixels(const std::filesystem::path& path, DcmFileFormat& file,
                              const std::vector<std::uint8_t>& bytes, const Progress& progress);

} // namespace bloch::imaging
