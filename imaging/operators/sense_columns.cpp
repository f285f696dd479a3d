// A^H and the normal operator where every readout was sampled whole: columns of 16 x, each for itself.
#include <algorithm>
#include <cmath>

#include "imaging/operators/block_fft.h"
#include "imaging/operators/complex_math.h"
#include "imaging/operators/complex_rows.h"
#include "imaging/operators/fft.h"
#include "imaging/operators/sense.h"
#include "imaging/operators/sense_workspace.h"
#include "imaging/parallel/large_pages.h"
#include "imaging/parallel/parallel_for.h"

namespace bloch::imaging {
namespace {

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

/// A sampled readout: its row in k-space, its places along z and y in a column, and its phase.
struct Readout {
  std::size_t source, z, y;
  Complex phase;
};

} // namespace

/// The maps in columns, one after the other as they are needed. Those of a volume go through memory once an
/// iteration and are most of what it reads, so they are kept as halves, in units of a power of two near their
/// largest norm.
void SenseOperator::cut_maps() {
  const std::size_t nx = layout_.nx, ny = layout_.ny, nz = layout_.nz, columns = layout_.columns,
                    maps = sets_ * layout_.coils;
  const std::size_t count = columns * maps * nz * ny * block_lanes;
  float unit = 1;
  if (nz > 1) {
    halves_ = make_large_array<Half>(2 * count);
    if (norm_bound_ > 0) unit = static_cast<float>(std::exp2(std::round(std::log2(norm_bound_) / 2)));
    for (Complex& factor : centring_) factor *= unit;
  } else {
    folded_ = make_large_array<Complex>(count);
  }
  parallel_for(0, nz, [&](std::size_t z) {
    // A row and the zeros that fill its last column, whole or as halves.
    ComplexBuffer padded(columns * block_lanes);
    AlignedVector<Half> halves(2 * padded.size());
    for (std::size_t map = 0; map < maps; ++map)
      for (std::size_t row = (map * nz + z) * ny; row < (map * nz + z + 1) * ny; ++row) {
        std::copy_n(maps_->samples.data() + row * nx, nx, padded.data());
        if (nz > 1) to_halves(padded.data(), 1 / unit, halves.data(), padded.size());
        for (std::size_t column = 0; column < columns; ++column) {
          const std::size_t x = column * block_lanes, place = (column * maps * nz * ny + row) * block_lanes;
          if (nz > 1)
            std::copy_n(halves.data() + 2 * x, 2 * block_lanes, halves_.get() + 2 * place);
          else
            std::copy_n(padded.data() + x, block_lanes, folded_.get() + place);
        }
      }
  });
}

/// One plane of a column of a map, [y][16], counted in samples.
std::size_t SenseOperator::map_plane(std::size_t set, std::size_t coil, std::size_t z,
                                     std::size_t column) const {
  return (((column * sets_ + set) * layout_.coils + coil) * layout_.nz + z) * layout_.ny * block_lanes;
}

/// The image of all sets times the maps of a coil, one plane [y][16].
void SenseOperator::multiply_plane(const Complex* image, std::size_t coil, std::size_t z, std::size_t column,
                                   Complex* out) const {
  const std::size_t count = layout_.ny * block_lanes;
  for (std::size_t set = 0; set < sets_; ++set, image += layout_.column_area) {
    const std::size_t place = map_plane(set, coil, z, column);
    if (halves_)
      set == 0 ? multiply(halves_.get() + 2 * place, image, out, count)
               : add_product(halves_.get() + 2 * place, image, out, count);
    else
      set == 0 ? multiply(folded_.get() + place, image, out, count)
               : add_product(folded_.get() + place, image, out, count);
  }
}

/// A coil's plane [y][16] times the conjugate maps, added to the images of all sets.
void SenseOperator::add_conjugate_plane(const Complex* plane, std::size_t coil, std::size_t z,
                                        std::size_t column, Complex* sum) const {
  const std::size_t count = layout_.ny * block_lanes;
  for (std::size_t set = 0; set < sets_; ++set, sum += layout_.column_area) {
    const std::size_t place = map_plane(set, coil, z, column);
    halves_ ? add_conjugate_product(halves_.get() + 2 * place, plane, sum, count)
            : add_conjugate_product(folded_.get() + place, plane, sum, count);
  }
}

bool SenseOperator::column_seen(std::size_t column) const {
  const std::uint8_t* seen = used_.data() + column * layout_.nz;
  return std::any_of(seen, seen + layout_.nz, [](std::uint8_t flag) { return flag != 0; });
}

/// Some columns of the image times the centring, [column][set]. Plane by plane: what the columns share of it is
/// fetched once.
void SenseOperator::gather_columns(const Complex* image, std::size_t first, std::size_t count,
                                   Complex* gathered) const {
  const std::size_t nx = layout_.nx, ny = layout_.ny, nz = layout_.nz;
  for (std::size_t plane = 0; plane < sets_ * nz; ++plane, image += ny * nx)
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t x = (first + i) * block_lanes;
      scale_rows({image + x, nx, std::min(block_lanes, nx - x)}, centring_.data() + plane % nz * ny,
                 gathered + i * sets_ * layout_.column_area + plane * layout_.plane, ny);
    }
}

/// The reverse.
void SenseOperator::store_columns(const Complex* sum, std::size_t first, std::size_t count, Complex* image,
                                  bool add) const {
  const std::size_t nx = layout_.nx, ny = layout_.ny, nz = layout_.nz;
  for (std::size_t plane = 0; plane < sets_ * nz; ++plane, image += ny * nx)
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t x = (first + i) * block_lanes;
      store_scaled_rows(sum + i * sets_ * layout_.column_area + plane * layout_.plane,
                        centring_.data() + plane % nz * ny, {image + x, nx, std::min(block_lanes, nx - x), add},
                        ny);
    }
}

/// A gathered column, its outcome added to the sum.
void SenseOperator::normal_of_column(const Complex* image, std::size_t column, std::size_t worker,
                                     Complex* sum) const {
  const std::size_t nz = layout_.nz, plane = layout_.plane;
  const BlockFft& along_y = BlockFft::of_length(size_.ky);
  Complex* coil = work_->coil[worker].data();
  if (nz == 1) {
    for (std::size_t c = 0; c < layout_.coils; ++c) {
      multiply_plane(image, c, 0, column, coil);
      along_y.filter(coil, flags_.data());
      add_conjugate_plane(coil, c, 0, column, sum);
    }
    return;
  }
  // Plane by plane, a coil's last steps and the next coil's first while the plane lies in the nearest cache.
  for (std::size_t c = 0; c <= layout_.coils; ++c) {
    for (std::size_t z = 0; z < nz; ++z) {
      Complex* here = coil + z * plane;
      if (c > 0) {
        along_y.inverse(here);
        add_conjugate_plane(here, c - 1, z, column, sum + z * plane);
      }
      if (c == layout_.coils) continue;
      multiply_plane(image + z * plane, c, z, column, here);
      along_y.forward(here);
    }
    if (c < layout_.coils) filter_lines(coil, 0, worker);
  }
}

void SenseOperator::normal_of_columns(const Complex* image, Complex* out, std::size_t first,
                                      std::size_t worker) const {
  const std::size_t count = std::min(layout_.columns_at_once, layout_.columns - first);
  const std::size_t area = sets_ * layout_.column_area;
  Complex* gathered = work_->image[worker].data();
  Complex* sum = work_->sum[worker].data();
  std::fill_n(sum, count * area, Complex());
  gather_columns(image, first, count, gathered);
  for (std::size_t i = 0; i < count; ++i)
    if (column_seen(first + i)) normal_of_column(gathered + i * area, first + i, worker, sum + i * area);
  store_columns(sum, first, count, out, false);
}

/// Sampled readouts are transformed along x once, then 16 x at a time along z and y as in the normal operator.
ComplexBuffer SenseOperator::adjoint_of_columns(std::span<const Complex> samples) const {
  const std::size_t nx = layout_.nx, ny = layout_.ny, nz = layout_.nz, coils = layout_.coils;
  const CentredFrequencies along_y(size_.ky), along_z(size_.kz);
  const BlockFft& along_y_back = BlockFft::of_length(size_.ky);
  const BlockFft& along_z_back = BlockFft::of_length(size_.kz);
  std::vector<Readout> readouts;
  for (std::size_t z = 0; z < nz; ++z)
    for (std::size_t y = 0; y < ny; ++y)
      if (mask_->at(0, static_cast<int>(y), static_cast<int>(z)))
        readouts.push_back(
            {z * ny + y, along_z.place[z], along_y.place[y], along_z.phase[z] * along_y.phase[y]});
  std::stable_sort(readouts.begin(), readouts.end(),
                   [](const Readout& a, const Readout& b) { return a.y < b.y; });
  const std::size_t rows = (readouts.size() + block_lanes - 1) / block_lanes * block_lanes;
  ComplexBuffer image(pixels());
  if (rows == 0) return image;
  // Some coils at a time, so that whole k-space does not lie in memory twice.
  constexpr std::size_t batch_samples = std::size_t{1} << 20;
  const std::size_t batch = std::clamp<std::size_t>(batch_samples / (rows * nx), 1, coils);
  ComplexBuffer lines(batch * rows * nx);
  for (std::size_t first = 0; first < coils; first += batch) {
    const std::size_t count = std::min(batch, coils - first);
    parallel_for(0, count, [&](std::size_t c) {
      const Complex* from = samples.data() + (first + c) * pixels_;
      for (std::size_t i = 0; i < readouts.size(); ++i)
        std::copy_n(from + readouts[i].source * nx, nx, lines.data() + (c * rows + i) * nx);
    });
    const auto blocks = static_cast<int>(count * rows / block_lanes);
    centred_fft(std::span(lines).first(count * rows * nx), {size_.kx, static_cast<int>(block_lanes), blocks},
                {true, false, false}, true);
    const auto workers = static_cast<std::size_t>(workers_);
    parallel_for(0, workers, [&](std::size_t worker) {
      ComplexBuffer coil(layout_.column_area), line(nz * block_lanes), sum(sets_ * layout_.column_area);
      for (std::size_t column = worker; column < layout_.columns; column += workers) {
        if (!column_seen(column)) continue;
        std::fill(sum.begin(), sum.end(), Complex());
        const std::size_t width = std::min(block_lanes, nx - column * block_lanes);
        for (std::size_t c = 0; c < count; ++c) {
          // Line by line along z: what was sampled of it, back to the image.
          auto readout = readouts.begin();
          for (std::size_t y = 0; y < ny; ++y) {
            std::fill(line.begin(), line.end(), Complex());
            const auto first_of_line = readout;
            for (; readout != readouts.end() && readout->y == y; ++readout) {
              const auto row = static_cast<std::size_t>(readout - readouts.begin());
              add_scaled_complex(line.data() + readout->z * block_lanes,
                                 lines.data() + (c * rows + row) * nx + column * block_lanes, readout->phase,
                                 width);
            }
            if (nz > 1 && readout != first_of_line) along_z_back.inverse(line.data());
            move_rows(line.data(), block_lanes, coil.data() + y * block_lanes, layout_.plane, nz);
          }
          for (std::size_t z = 0; z < nz; ++z) {
            along_y_back.inverse(coil.data() + z * layout_.plane);
            add_conjugate_plane(coil.data() + z * layout_.plane, first + c, z, column,
                                sum.data() + z * layout_.plane);
          }
        }
        store_columns(sum.data(), column, 1, image.data(), true);
      }
    });
  }
  return image;
}

} // namespace bloch::imaging
