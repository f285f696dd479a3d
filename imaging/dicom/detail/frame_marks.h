#pragma once

#include <span>

#include "imaging/dicom/detail/image_marks.h"
#include "imaging/dicom/detail/multi_frame_writer.h"

namespace bloch::imaging {

/// How the frames of an enhanced object say which volume they are of.
struct VolumeDimension {
  DcmTagKey index = DCM_TemporalPositionIndex;
  DcmTagKey group = DCM_FrameContentSequence;
  bool components = false; ///< volumes differ in their complex component, which each frame then says
};

/// What tells the volumes apart that frames can say: echo time, trigger delay, b-value or complex component
/// where each volume has its own; else their order, as temporal positions. marks: one for each slice of each
/// volume; mr: CT frames have temporal positions alone
VolumeDimension dimension_of(std::span<const ImageMarks> marks, int slices, bool mr);

/// "MAGNITUDE", "PHASE", "REAL" or "IMAGINARY", by the image type.
const char* complex_component(const ImageMarks& marks);

/// Echo, diffusion, cardiac delay, acquisition and time of one frame in functional groups (PS3.3 C.8.13.5); its
/// FrameContentSequence is there already.
/// volume: from 1, of several; 0: there is one
void put_frame_marks(DcmItem& frame, const ImageMarks& marks, const VolumeDimension& dimension, int volume,
                     bool mr);

} // namespace bloch::imaging
