#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "imaging/operators/aligned.h"
#include "imaging/recon/reconstruction.h"

namespace bloch::imaging {

/// A scan that stops early on one side of the centre of k-space.
struct PartialFourier {
  std::size_t axis = 1; ///< 0 kx, 1 ky, 2 kz
  int first = 0;        ///< first and last acquired index along it
  int last = 0;
  bool another = false; ///< whether another axis is lopsided too
};

/// The axis that is acquired most lopsidedly, when one is: by more than a sixteenth of its extent.
std::optional<PartialFourier> find_partial_fourier(const SamplingMask& mask, const KSpaceSize& size);

/// The names that `--partial-fourier` takes: "zero" (leave it zero-filled), "pocs", "homodyne".
const std::vector<std::string>& partial_fourier_methods();

/// Fills the side of k-space that was not acquired, supposing that the image's phase is smooth: it is taken
/// from the part that lies around the centre on both sides.
///
/// image:   [z][y][x], coils combined
/// method:  "pocs" keeps what was acquired and repeats until the image stands still (Haacke 1991,
///          doi:10.1016/0022-2364(91)90253-P), "homodyne" weights both sides once (Noll 1991,
///          doi:10.1109/42.79473)
std::vector<Complex> fill_partial_fourier(std::vector<Complex> image, const KSpaceSize& size,
                                          const PartialFourier& partial, const std::string& method);

} // namespace bloch::imaging
