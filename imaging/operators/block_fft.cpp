#include "imaging/operators/block_fft.h"

#include <cmath>
#include <map>
#include <mutex>
#include <numbers>
#include <numeric>
#include <string>

#include "core/base/contract.h"
#include "imaging/adapters/fftw_plan.h"
#include "imaging/operators/block_fft_stages.h"
#include "imaging/operators/complex_math.h"
#include "imaging/operators/fft_plans.h"

namespace bloch::imaging {
namespace {

/// Radices in the order of the stages; empty when a prime factor is too large. Of twos as few stages as there
/// can be, for each writes the whole block once, and that is what bounds them; two of 4 rather than 8 and 2.
std::vector<int> radices_of(int length) {
  std::vector<int> radices;
  for (; length % 8 == 0 && (length % 16 != 0 || length % 32 == 0); length /= 8) radices.push_back(8);
  for (int radix = 4; length > 1 && radix <= largest_radix; radix = radix == 4 ? 2 : radix == 2 ? 3 : radix + 2)
    for (; length % radix == 0; length /= radix) radices.push_back(radix);
  if (length != 1) radices.clear();
  return radices;
}

Twiddle twiddle(long long turns, long long of) {
  const double angle = 2 * std::numbers::pi * static_cast<double>(turns % of) / static_cast<double>(of);
  const auto cosine = static_cast<float>(std::cos(angle));
  const auto sine = static_cast<float>(std::sin(angle));
  return {{cosine, cosine}, {sine, -sine}};
}

} // namespace

struct BlockFft::Stages {
  std::vector<FftStage> stages;
  std::vector<std::vector<Twiddle>> tables;
};

struct BlockFft::Plans {
  FftwPlan way[2];
};

BlockFft::BlockFft(int length)
    : frequencies_(static_cast<std::size_t>(length)) {
  const std::vector<int> radices = radices_of(length);
  if (radices.empty() && length > 1) {
    std::iota(frequencies_.begin(), frequencies_.end(), 0);
    plans_ = std::make_unique<Plans>();
    for (const int way : {0, 1}) plans_->way[way] = make_fftw_plan(length, width, way == 1);
    return;
  }
  stages_ = std::make_unique<Stages>();
  note_fft_plan("butterflies of " + std::to_string(length));
  int rest = length;
  for (const int radix : radices) {
    const int stride = rest / radix;
    // The first outputs of all groups come first: the frequency's digits are read off from the left.
    for (int place = 0; place < length; ++place)
      frequencies_[static_cast<std::size_t>(place)] += place % rest / stride * (length / rest);
    std::vector<Twiddle>& factors = stages_->tables.emplace_back();
    for (int k = 0; k < stride; ++k)
      for (int p = 1; p < radix; ++p) factors.push_back(twiddle(static_cast<long long>(k) * p, rest));
    std::vector<Twiddle>& roots = stages_->tables.emplace_back();
    for (int j = 0; j < radix; ++j) roots.push_back(twiddle(j, radix));
    const std::size_t made = stages_->tables.size();
    stages_->stages.push_back({radix, static_cast<std::size_t>(stride), stages_->tables[made - 2].data(),
                               stages_->tables[made - 1].data()});
    rest = stride;
  }
}

BlockFft::~BlockFft() = default;

const BlockFft& BlockFft::of_length(int length) {
  BLOCH_EXPECTS(length > 0);
  static std::map<int, std::unique_ptr<BlockFft>> known;
  const std::lock_guard lock(fftw_planner_mutex());
  auto& entry = known[length];
  if (!entry) entry.reset(new BlockFft(length));
  return *entry;
}

void BlockFft::forward(Complex* block) const {
  if (plans_)
    plans_->way[0].run(block);
  else
    run_forward(stages_->stages, block, frequencies_.size());
}

void BlockFft::inverse(Complex* block) const {
  if (plans_)
    plans_->way[1].run(block);
  else
    run_inverse(stages_->stages, block, frequencies_.size());
}

void BlockFft::filter(Complex* block, const std::int8_t* flags) const {
  if (stages_ && !stages_->stages.empty()) {
    run_filter(stages_->stages, block, frequencies_.size(), flags);
    return;
  }
  forward(block);
  keep_flagged(block, flags, frequencies_.size() * width);
  inverse(block);
}

} // namespace bloch::imaging
