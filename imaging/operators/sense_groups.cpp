// The normal operator where the mask changes along kx too: groups of 16 rows along x, then columns.
#include <algorithm>
#include <array>
#include <cmath>

#include "imaging/operators/block_fft.h"
#include "imaging/operators/block_fft_stages.h"
#include "imaging/operators/complex_math.h"
#include "imaging/operators/fft.h"
#include "imaging/operators/sense.h"
#include "imaging/operators/sense_workspace.h"
#include "imaging/parallel/large_pages.h"
#include "imaging/parallel/parallel_for.h"

namespace bloch::imaging {

/// The maps times the centring over sqrt(N), in groups of rows turned on their sides: [map][z][group][x][16].
void SenseOperator::fold_maps() {
  const std::size_t nx = layout_.nx, ny = layout_.ny, nz = layout_.nz, groups = layout_.groups,
                    group_area = layout_.group_area, maps = sets_ * layout_.coils;
  const ComplexBuffer fx = centring_factors(size_.kx, 1 / std::sqrt(static_cast<float>(size_.kx)));
  // Not cleared as a whole first: that is the largest array there is, and all but its margins is written below.
  folded_ = make_large_array<Complex>(maps * group_area);
  parallel_for(0, nz * groups, [&](std::size_t group) {
    const std::size_t z = group / groups, first = group % groups * block_lanes;
    const std::size_t height = std::min(block_lanes, ny - first);
    ComplexBuffer rows(nx * block_lanes);
    for (std::size_t map = 0; map < maps; ++map) {
      for (std::size_t i = 0; i < height; ++i) {
        const std::size_t row = z * ny + first + i;
        const Complex* source = maps_->samples.data() + (map * nz * ny + row) * nx;
        const Complex factor = centring_[row];
        const float re = factor.real(), im = factor.imag();
        Complex* out = rows.data() + i * nx;
        for (std::size_t x = 0; x < nx; ++x)
          out[x] = {source[x].real() * re - source[x].imag() * im,
                    source[x].real() * im + source[x].imag() * re};
        multiply(out, fx.data(), out, nx);
      }
      Complex* out = folded_.get() + map * group_area + group * nx * block_lanes;
      for (std::size_t x = 0; x < nx; ++x)
        for (std::size_t i = 0; i < block_lanes; ++i) out[x * block_lanes + i] = rows[i * nx + x];
    }
  });
}

void SenseOperator::add_normal_of_coil(std::size_t c, std::size_t worker) const {
  const std::size_t nx = layout_.nx, ny = layout_.ny, nz = layout_.nz, coils = layout_.coils,
                    columns = layout_.columns, groups = layout_.groups, group_area = layout_.group_area,
                    column_area = layout_.column_area;
  const BlockFft& along_x = BlockFft::of_length(size_.kx);
  const std::size_t plane = layout_.plane;
  const std::size_t area = nx * block_lanes;
  Complex* coil = work_->coil[worker].data();
  Complex* lines = work_->lines[worker].data();
  alignas(64) std::array<Complex, block_lanes * block_lanes> tile{};
  // A tile at the lower edge of a volume's plane has only some rows.
  const auto rows_of = [&](std::size_t group) {
    return nz > 1 ? std::min(block_lanes, ny - group * block_lanes) : block_lanes;
  };
  for (std::size_t group = 0; group < nz * groups; ++group) {
    const std::size_t z = group / groups;
    const std::size_t rows = rows_of(group % groups) * block_lanes;
    const auto target = [&](std::size_t column) {
      return coil + column * column_area + z * plane + group % groups * block_lanes * block_lanes;
    };
    if (!used_[group]) {
      for (std::size_t column = 0; column < columns; ++column) std::fill_n(target(column), rows, Complex());
      continue;
    }
    const auto map = [&](std::size_t set) {
      return folded_.get() + (set * coils + c) * group_area + group * area;
    };
    const Complex* image = work_->groups.data() + group * area;
    multiply(map(0), image, lines, area);
    for (std::size_t set = 1; set < sets_; ++set) add_product(map(set), image + set * group_area, lines, area);
    along_x.forward(lines);
    for (std::size_t column = 0; column < columns; ++column) {
      transpose_tile(lines + column * block_lanes * block_lanes, tile.data());
      std::copy_n(tile.data(), rows, target(column));
    }
  }
  for (std::size_t column = 0; column < columns; ++column)
    filter_column(coil + column * column_area, column, worker);
  for (std::size_t group = 0; group < nz * groups; ++group) {
    if (!used_[group]) continue;
    const std::size_t rows = rows_of(group % groups) * block_lanes;
    for (std::size_t column = 0; column < columns; ++column) {
      const Complex* source =
          coil + column * column_area + group / groups * plane + group % groups * block_lanes * block_lanes;
      std::copy_n(source, rows, tile.data());
      transpose_tile(tile.data(), lines + column * block_lanes * block_lanes);
    }
    along_x.inverse(lines);
    for (std::size_t set = 0; set < sets_; ++set)
      add_conjugate_product(folded_.get() + (set * coils + c) * group_area + group * area, lines,
                            work_->sum[worker].data() + set * group_area + group * area, area);
  }
}

/// The image in groups of 16 rows each, [set][z][group][x][16].
void SenseOperator::gather_groups(const Complex* image, std::size_t worker) const {
  const std::size_t nx = layout_.nx, ny = layout_.ny, nz = layout_.nz, groups = layout_.groups;
  // Neighbours by one worker, as other loops over the image cut it: they stay in its caches.
  const std::size_t workers = work_->sum.size(), all = sets_ * nz * groups;
  for (std::size_t group = worker * all / workers; group < (worker + 1) * all / workers; ++group) {
    const std::size_t y = group % groups * block_lanes;
    const Complex* first = image + (group / groups * ny + y) * nx;
    Complex* block = work_->groups.data() + group * nx * block_lanes;
    for (std::size_t i = 0; i < std::min(block_lanes, ny - y); ++i)
      for (std::size_t x = 0; x < nx; ++x) block[x * block_lanes + i] = first[i * nx + x];
  }
}

/// The workers' sums, added up in their order, back in rows.
void SenseOperator::scatter_groups(Complex* out, std::size_t worker) const {
  const std::size_t nx = layout_.nx, ny = layout_.ny, nz = layout_.nz, groups = layout_.groups;
  const std::size_t workers = work_->sum.size(), all = sets_ * nz * groups;
  for (std::size_t group = worker * all / workers; group < (worker + 1) * all / workers; ++group) {
    const std::size_t y = group % groups * block_lanes;
    Complex* first = out + (group / groups * ny + y) * nx;
    Complex* block = work_->sum[0].data() + group * nx * block_lanes;
    for (std::size_t w = 1; w < work_->sum.size(); ++w)
      add_scaled(block, work_->sum[w].data() + group * nx * block_lanes, 1, nx * block_lanes);
    for (std::size_t i = 0; i < std::min(block_lanes, ny - y); ++i)
      for (std::size_t x = 0; x < nx; ++x) first[i * nx + x] = block[x * block_lanes + i];
  }
}

void SenseOperator::normal_of_groups(const Complex* image, Complex* out) const {
  const auto workers = static_cast<std::size_t>(workers_);
  run_workers([&](std::size_t w) { gather_groups(image, w); });
  run_workers([&](std::size_t w) {
    std::fill(work_->sum[w].begin(), work_->sum[w].end(), Complex());
    for (std::size_t c = w * layout_.coils / workers; c < (w + 1) * layout_.coils / workers; ++c)
      add_normal_of_coil(c, w);
  });
  run_workers([&](std::size_t w) { scatter_groups(out, w); });
}

} // namespace bloch::imaging
