#include "quantum/kernels/chain_kernel.h"

#include <algorithm>
#include <cmath>

namespace bloch::quantum {

std::optional<Chain> chain_of(const QuadraticPhase& phase) {
  const int last = static_cast<int>(phase.linear.size()) - 1;
  Chain chain;
  for (const auto& pair : phase.pairs) {
    if (pair.b == pair.a + 1) continue;
    if (pair.a != 0 || pair.b != last) return std::nullopt;
    chain.ring = true;
  }
  return chain;
}

ChainSamples::ChainSamples(std::size_t sites, std::size_t samples)
    : sites_(sites)
    , samples_(samples)
    , stride_((samples + 15) / 16 * 16)
    , values_(4 * sites * stride_) {
  std::fill_n(values_.begin(), plane(), 1.0);
  std::fill_n(values_.begin() + static_cast<std::ptrdiff_t>(2 * plane()), plane(), 1.0);
}

void ChainSamples::set(std::size_t sample, const QuadraticPhase& phase) {
  for (std::size_t site = 0; site < sites_; ++site) {
    values_[site * stride_ + sample] = std::cos(phase.linear[site]);
    values_[plane() + site * stride_ + sample] = std::sin(phase.linear[site]);
  }
  for (const auto& pair : phase.pairs) {
    const std::size_t site = pair.b == pair.a + 1 ? static_cast<std::size_t>(pair.b) : 0;
    values_[2 * plane() + site * stride_ + sample] = std::cos(pair.angle);
    values_[3 * plane() + site * stride_ + sample] = std::sin(pair.angle);
  }
}

} // namespace bloch::quantum
