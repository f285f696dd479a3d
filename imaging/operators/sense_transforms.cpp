// A and A^H by themselves: once or twice a reconstruction, and the reference of the normal operator.
#include <algorithm>

#include "core/base/contract.h"
#include "imaging/operators/block_fft.h"
#include "imaging/operators/complex_math.h"
#include "imaging/operators/fft.h"
#include "imaging/operators/sense.h"
#include "imaging/parallel/parallel_for.h"

namespace bloch::imaging {
namespace {

constexpr std::size_t lanes = BlockFft::width;

/// Where BlockFft keeps each frequency, and the conjugate of the phase by which a centred transform differs
/// from its own there.
struct CentredFrequencies {
  std::vector<std::size_t> place;
  ComplexBuffer phase;

  explicit CentredFrequencies(int length)
      : place(static_cast<std::size_t>(length))
      , phase(centred_phases(length, 1)) {
    const auto frequencies = BlockFft::of_length(length).frequencies();
    for (std::size_t i = 0; i < place.size(); ++i) place[static_cast<std::size_t>(frequencies[i])] = i;
    for (Complex& factor : phase) factor = std::conj(factor);
  }
};

/// A sampled readout: its row in k-space and in a column, and its phase.
struct Readout {
  std::size_t source, place;
  Complex phase;
};

} // namespace

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

/// Sampled readouts are transformed along x once, then 16 x at a time along z and y as in the normal operator.
ComplexBuffer SenseOperator::adjoint_of_columns(std::span<const Complex> samples) const {
  const std::size_t nx = layout_.nx, ny = layout_.ny, nz = layout_.nz, coils = layout_.coils;
  const CentredFrequencies along_y(size_.ky), along_z(size_.kz);
  std::vector<Readout> readouts;
  for (std::size_t z = 0; z < nz; ++z)
    for (std::size_t y = 0; y < ny; ++y)
      if (mask_->at(0, static_cast<int>(y), static_cast<int>(z)))
        readouts.push_back(
            {z * ny + y, along_z.place[z] * ny + along_y.place[y], along_z.phase[z] * along_y.phase[y]});
  const std::size_t rows = (readouts.size() + lanes - 1) / lanes * lanes;
  ComplexBuffer image(pixels());
  if (rows == 0) return image;
  // Some coils at a time, so that whole k-space does not lie in memory twice.
  constexpr std::size_t batch_samples = std::size_t{4} << 20;
  const std::size_t batch = std::clamp<std::size_t>(batch_samples / (rows * nx), 1, coils);
  ComplexBuffer lines(batch * rows * nx);
  for (std::size_t first = 0; first < coils; first += batch) {
    const std::size_t count = std::min(batch, coils - first);
    parallel_for(0, count, [&](std::size_t c) {
      const Complex* from = samples.data() + (first + c) * pixels_;
      for (std::size_t i = 0; i < readouts.size(); ++i)
        std::copy_n(from + readouts[i].source * nx, nx, lines.data() + (c * rows + i) * nx);
    });
    const auto blocks = static_cast<int>(count * rows / lanes);
    centred_fft(std::span(lines).first(count * rows * nx), {size_.kx, static_cast<int>(lanes), blocks},
                {true, false, false}, true);
    const auto workers = static_cast<std::size_t>(workers_);
    parallel_for(0, workers, [&](std::size_t worker) {
      ComplexBuffer coil(nz * ny * lanes), line(nz * lanes), sum(sets_ * nz * ny * lanes);
      for (std::size_t column = worker; column < layout_.columns; column += workers) {
        const std::uint8_t* seen = used_.data() + column * nz;
        if (std::none_of(seen, seen + nz, [](std::uint8_t flag) { return flag != 0; })) continue;
        std::fill(sum.begin(), sum.end(), Complex());
        const std::size_t width = std::min(lanes, nx - column * lanes);
        for (std::size_t c = 0; c < count; ++c) {
          std::fill(coil.begin(), coil.end(), Complex());
          for (std::size_t i = 0; i < readouts.size(); ++i)
            add_scaled_complex(coil.data() + readouts[i].place * lanes,
                               lines.data() + (c * rows + i) * nx + column * lanes, readouts[i].phase, width);
          add_image_of_column(coil, line, column, first + c, sum);
        }
        for (std::size_t row = 0; row < sets_ * nz * ny; ++row)
          add_scaled(image.data() + row * nx + column * lanes, sum.data() + row * lanes, 1, width);
      }
    });
  }
  return image;
}

/// A coil's column of frequencies [z][y][16], back to the image, times the maps.
void SenseOperator::add_image_of_column(ComplexBuffer& coil, ComplexBuffer& line, std::size_t column,
                                        std::size_t c, ComplexBuffer& sum) const {
  const std::size_t ny = layout_.ny, nz = layout_.nz, area = nz * ny * lanes;
  const auto copy = [&](const Complex* from, std::size_t from_stride, Complex* to, std::size_t to_stride) {
    for (std::size_t z = 0; z < nz; ++z) std::copy_n(from + z * from_stride, lanes, to + z * to_stride);
  };
  for (std::size_t y = 0; nz > 1 && y < ny; ++y) {
    if (!line_kept_[y]) continue;
    Complex* first = coil.data() + y * lanes;
    copy(first, ny * lanes, line.data(), lanes);
    BlockFft::of_length(size_.kz).inverse(line.data());
    copy(line.data(), lanes, first, ny * lanes);
  }
  for (std::size_t z = 0; z < nz; ++z) BlockFft::of_length(size_.ky).inverse(coil.data() + z * ny * lanes);
  for (std::size_t set = 0; set < sets_; ++set)
    add_conjugate_product(folded_ + ((column * sets_ + set) * layout_.coils + c) * area, coil.data(),
                          sum.data() + set * area, area);
}

} // namespace bloch::imaging
