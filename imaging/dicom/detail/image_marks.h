#pragma once

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/data/series.h"
#include "imaging/adapters/dcmtk_dataset.h"
#include "imaging/dicom/detail/instance.h"
#include "imaging/dicom/detail/series_template.h"

namespace bloch::imaging {

/// What an image says of itself that others of its series need not say: when, at which echo and with which
/// diffusion weighting it was taken.
struct ImageMarks {
  std::vector<std::pair<DcmTagKey, std::string>> values; ///< elements of a classic object, in their VR's text
  std::vector<std::string> image_type;                   ///< third value and later; empty: that of the series
  std::optional<double> b_value;                         ///< s/mm2
  std::vector<double> gradient;                          ///< unit vector, LPS; empty: none
  std::optional<SourceImage> source;                     ///< the image itself
  /// Where it lies; without a position where its slice of the grid does.
  FrameHeader plane;

  /// Empty when it is not among them.
  std::string value(const DcmTagKey& tag) const;
};

/// Of each image of some volumes, in the order of volumes and slices; empty where nothing is known.
///
/// of a DICOM series (`derived.made_from`, else the source) each image says what its own header says, in the
/// elements of a classic object where that is an enhanced one. Volumes of an image file say what those of a
/// source of as many volumes on the same grid say; else, where there are several, which of them they are, and
/// when (DerivedSeries::time_step_ms).
/// volumes: how many are written; geometry: their grid
std::vector<ImageMarks> marks_of(int volumes, const VolumeGeometry& geometry, const SeriesPlace& source,
                                 const DerivedSeries& derived);

/// Whether volumes differ in nothing but when they were taken. slices: in each of them
bool is_one_contrast(std::span<const ImageMarks> marks, int slices);

/// Takes the place of what the data set says of these elements; what the image does not say is then not there.
void put_marks(DcmItem& dataset, const ImageMarks& marks);

} // namespace bloch::imaging
