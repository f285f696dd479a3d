// A and A^H by themselves: once or twice a reconstruction, and the reference of the normal operator.
#include <algorithm>

#include "core/base/contract.h"
#include "imaging/operators/complex_math.h"
#include "imaging/operators/fft.h"
#include "imaging/operators/sense.h"

namespace bloch::imaging {

/// Clears what lies outside the mask in one coil's samples [kz][ky][kx].
void SenseOperator::keep_masked(Complex* samples) const {
  const auto kept = mask_->kept();
  const auto nx = static_cast<std::size_t>(size_.kx);
  for (int z = 0; z < size_.kz; ++z)
    for (int y = 0; y < size_.ky; ++y, samples += nx) {
      const auto row =
          static_cast<std::size_t>((mask_->kz() == 1 ? 0 : z) * mask_->ky() + (mask_->ky() == 1 ? 0 : y));
      const std::uint8_t* flags = kept.data() + row * static_cast<std::size_t>(mask_->kx());
      if (mask_->kx() == 1) {
        if (*flags == 0) std::fill_n(samples, nx, Complex());
        continue;
      }
      for (std::size_t x = 0; x < nx; ++x)
        if (flags[x] == 0) samples[x] = {};
    }
}

ComplexBuffer SenseOperator::forward(std::span<const Complex> image) const {
  BLOCH_EXPECTS(image.size() == pixels());
  ComplexBuffer samples(pixels_ * layout_.coils);
  for (std::size_t set = 0; set < sets_; ++set)
    for (std::size_t c = 0; c < samples.size(); c += pixels_)
      add_product(maps_->samples.data() + set * samples.size() + c, image.data() + set * pixels_,
                  samples.data() + c, pixels_);
  centred_fft(samples, {size_.kx, size_.ky, size_.kz}, {true, true, true}, false);
  for (std::size_t c = 0; c < samples.size(); c += pixels_) keep_masked(samples.data() + c);
  return samples;
}

ComplexBuffer SenseOperator::adjoint(std::span<const Complex> samples) const {
  BLOCH_EXPECTS(samples.size() == pixels_ * layout_.coils);
  if (whole_readout_) return adjoint_of_columns(samples);
  ComplexBuffer image(pixels());
  ComplexBuffer coil(pixels_);
  for (std::size_t c = 0; c < samples.size(); c += pixels_) {
    std::copy_n(samples.begin() + static_cast<std::ptrdiff_t>(c), pixels_, coil.begin());
    keep_masked(coil.data());
    centred_fft(coil, {size_.kx, size_.ky, size_.kz}, {true, true, true}, true);
    for (std::size_t set = 0; set < sets_; ++set)
      add_conjugate_product(maps_->samples.data() + set * samples.size() + c, coil.data(),
                            image.data() + set * pixels_, pixels_);
  }
  return image;
}

} // namespace bloch::imaging
