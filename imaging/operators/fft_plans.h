#pragma once

#include <string>

namespace bloch::imaging {

class FftwPlan;

/// A batch of transforms side by side, [length][batch], planned as set_fft_planning() says: measured plans are
/// kept per machine in cache_folder() and used again as they are, so that a second run plans nothing; a first
/// run spends at most half a second a length, and the estimate is used unless the measured plan beats it.
/// Contract: the planner mutex is held.
FftwPlan make_fftw_plan(int length, int batch, bool inverse);

/// Adds a text to what fft_plan_hash() covers. Contract: the planner mutex is held.
void note_fft_plan(const std::string& text);

} // namespace bloch::imaging
