#pragma once

#include <array>
#include <optional>
#include <string>

#include "core/base/result.h"
#include "core/data/label_map.h"
#include "core/data/volume.h"
#include "core/jobs/progress.h"

namespace bloch::imaging {

/// A head to show and to test with: axial slices in LPS (identity direction), places as in MNI space.
struct HeadImage {
  Volume volume;      ///< int16, T1-like: air 0, CSF dark, white matter bright
  LabelMap brain;     ///< 1 inside
  std::string name;   ///< "Colin 27", "analytic head"
  std::string notice; ///< copyright notice to show with it; empty for our own
};

struct HeadPhantomRequest {
  std::array<int, 3> size{256, 256, 176};
  double spacing_mm = 1;
  int seed = 1;
};

/// An analytic head: scalp, skull with marrow, CSF, folded cortex, white matter, ventricles, deep nuclei,
/// cerebellum, eyes, with texture and shading from smooth noise. The same request gives the same samples;
/// another grid samples the same head.
///
/// errors: cancelled, invalid_parameter (a size or spacing that is not positive)
Result<HeadImage> make_head_phantom(const HeadPhantomRequest& request, const Progress& progress = {});

/// Whether Debian's mricron-data is installed.
bool has_colin27();

/// The Colin 27 template and its brain mask, padded or cropped in plane to the given size.
///
/// errors: not_found (mricron-data is not installed), malformed
/// source: Holmes 1998, doi:10.1097/00004728-199803000-00032
Result<HeadImage> load_colin27(std::array<int, 2> size = {256, 256});

} // namespace bloch::imaging
