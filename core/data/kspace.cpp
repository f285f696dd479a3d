#include "core/data/kspace.h"

#include <algorithm>
#include <numeric>

#include "core/base/contract.h"

namespace bloch {

std::size_t KSpaceSize::samples_per_coil() const {
  return static_cast<std::size_t>(kx) * static_cast<std::size_t>(ky) * static_cast<std::size_t>(kz);
}
std::size_t KSpaceSize::samples_per_slice() const {
  return samples_per_coil() * static_cast<std::size_t>(coils);
}
std::size_t KSpaceSize::sample_count() const { return samples_per_slice() * static_cast<std::size_t>(slices); }

KSpace::KSpace(KSpaceSize size, SharedSamples samples)
    : size_(size)
    , samples_(std::move(samples)) {
  BLOCH_EXPECTS(size.kx > 0 && size.ky > 0 && size.kz > 0 && size.coils > 0 && size.slices > 0);
  BLOCH_EXPECTS(samples_.size() == size.sample_count());
}

std::span<const std::complex<float>> KSpace::slice(int index) const {
  BLOCH_EXPECTS(index >= 0 && index < size_.slices);
  return samples().subspan(static_cast<std::size_t>(index) * size_.samples_per_slice(),
                           size_.samples_per_slice());
}

KSpace KSpace::only(int slice) const {
  BLOCH_EXPECTS(slice >= 0 && slice < size_.slices);
  KSpaceSize size = size_;
  size.slices = 1;
  return {size,
          samples_.part(static_cast<std::size_t>(slice) * size.samples_per_slice(), size.samples_per_slice())};
}

SamplingMask::SamplingMask(int kx, int ky, int kz, std::vector<std::uint8_t> kept)
    : kx_(kx)
    , ky_(ky)
    , kz_(kz)
    , kept_(std::make_shared<const std::vector<std::uint8_t>>(std::move(kept))) {
  BLOCH_EXPECTS(kx > 0 && ky > 0 && kz > 0);
  BLOCH_EXPECTS(kept_->size() ==
                static_cast<std::size_t>(kx) * static_cast<std::size_t>(ky) * static_cast<std::size_t>(kz));
  BLOCH_EXPECTS(std::all_of(kept_->begin(), kept_->end(), [](std::uint8_t k) { return k <= 1; }));
}

bool SamplingMask::at(int kx, int ky, int kz) const {
  const int x = kx_ == 1 ? 0 : kx;
  const int y = ky_ == 1 ? 0 : ky;
  const int z = kz_ == 1 ? 0 : kz;
  return (*kept_)[static_cast<std::size_t>((z * ky_ + y) * kx_ + x)] != 0;
}

bool SamplingMask::fits(const KSpaceSize& size) const {
  return (kx_ == 1 || kx_ == size.kx) && (ky_ == 1 || ky_ == size.ky) && (kz_ == 1 || kz_ == size.kz);
}

std::size_t SamplingMask::kept_count() const {
  return std::accumulate(kept_->begin(), kept_->end(), std::size_t{0});
}

double SamplingMask::acceleration() const {
  const std::size_t kept = kept_count();
  return kept == 0 ? 0.0 : static_cast<double>(kept_->size()) / static_cast<double>(kept);
}

SamplingMask sampled_points(const KSpace& kspace) {
  const std::size_t count = kspace.size().samples_per_coil();
  std::vector<std::uint8_t> kept(count, 0);
  const auto samples = kspace.samples();
  for (std::size_t begin = 0; begin < samples.size(); begin += count)
    for (std::size_t i = 0; i < count; ++i)
      if (samples[begin + i] != std::complex<float>{}) kept[i] = 1;
  return {kspace.size().kx, kspace.size().ky, kspace.size().kz, std::move(kept)};
}

KSpace under_sample(const KSpace& kspace, const SamplingMask& mask) {
  BLOCH_EXPECTS(mask.fits(kspace.size()));
  const KSpaceSize& size = kspace.size();
  std::vector<std::complex<float>> samples(kspace.samples().begin(), kspace.samples().end());
  std::size_t offset = 0;
  for (int image = 0; image < size.slices * size.coils; ++image)
    for (int z = 0; z < size.kz; ++z)
      for (int y = 0; y < size.ky; ++y)
        for (int x = 0; x < size.kx; ++x, ++offset)
          if (!mask.at(x, y, z)) samples[offset] = {};
  KSpace result(size, std::move(samples));
  result.geometry = kspace.geometry;
  result.simulated = kspace.simulated;
  result.warnings = kspace.warnings;
  return result;
}

} // namespace bloch
