#include "imaging/operators/sense.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <mutex>

#include "core/base/contract.h"
#include "imaging/operators/block_fft.h"
#include "imaging/operators/block_fft_stages.h"
#include "imaging/operators/complex_math.h"
#include "imaging/operators/fft.h"
#include "imaging/parallel/large_pages.h"
#include "imaging/parallel/parallel_for.h"
#include "imaging/parallel/pieces.h"

namespace bloch::imaging {
namespace {

constexpr std::size_t block_lanes = BlockFft::width;

std::size_t blocks_of(int length) { return (static_cast<std::size_t>(length) + block_lanes - 1) / block_lanes; }

bool same_for_every_kx(const SamplingMask& mask) {
  if (mask.kx() == 1) return true;
  const auto kept = mask.kept();
  const auto nx = static_cast<std::size_t>(mask.kx());
  for (std::size_t row = 0; row < kept.size(); row += nx)
    if (std::any_of(kept.begin() + static_cast<std::ptrdiff_t>(row),
                    kept.begin() + static_cast<std::ptrdiff_t>(row + nx),
                    [&](std::uint8_t k) { return k != kept[row]; }))
      return false;
  return true;
}

void copy_block(const Complex* from, std::size_t from_stride, Complex* to, std::size_t to_stride,
                std::size_t rows) {
  for (std::size_t k = 0; k < rows; ++k) std::copy_n(from + k * from_stride, block_lanes, to + k * to_stride);
}

/// The largest eigenvalue of the sets' Gram matrix over some pixels; of more than two sets a bound, its trace.
double largest_pixel_norm(const Sensitivities& maps, std::size_t begin, std::size_t count) {
  const std::size_t pixels = maps.samples.size() / static_cast<std::size_t>(maps.sets * maps.coils);
  const std::size_t set = pixels * static_cast<std::size_t>(maps.coils);
  const std::size_t end = maps.samples.size();
  // Side by side in small pieces: every coil's row is read once, from front to back.
  constexpr std::size_t piece = 256;
  std::array<float, piece> first{}, rest{};
  std::array<Complex, piece> mixed{};
  float largest = 0;
  for (std::size_t at = begin; at < begin + count; at += piece) {
    const std::size_t here = std::min(piece, begin + count - at);
    first.fill(0);
    rest.fill(0);
    mixed.fill({});
    for (std::size_t place = at; place < set; place += pixels) {
      for (std::size_t i = 0; i < here; ++i) first[i] += std::norm(maps.samples[place + i]);
      for (std::size_t other = place + set; other < end; other += set)
        for (std::size_t i = 0; i < here; ++i) rest[i] += std::norm(maps.samples[other + i]);
      if (maps.sets == 2)
        for (std::size_t i = 0; i < here; ++i)
          mixed[i] += std::conj(maps.samples[place + i]) * maps.samples[place + set + i];
    }
    for (std::size_t i = 0; i < here; ++i) {
      const float half = (first[i] - rest[i]) / 2;
      const float norm = maps.sets == 2
                             ? (first[i] + rest[i]) / 2 + std::sqrt(half * half + std::norm(mixed[i]))
                             : first[i] + rest[i];
      largest = std::max(largest, norm);
    }
  }
  return largest;
}

} // namespace

/// Buffers of each worker.
struct SenseOperator::Workspace {
  std::vector<ComplexBuffer> coil;  ///< one coil in columns, or one column of it
  std::vector<ComplexBuffer> lines; ///< 16 lines along x or z
  std::vector<ComplexBuffer> image; ///< the column of the image
  std::vector<ComplexBuffer> sum;   ///< the column of the outcome, or this worker's sum in groups
  ComplexBuffer groups;             ///< the image in groups
};

SenseOperator::SenseOperator(const KSpaceSize& size, const Sensitivities& maps, const SamplingMask& mask,
                             int workers)
    : size_(size)
    , maps_(&maps)
    , mask_(&mask)
    , pixels_(size.samples_per_coil())
    , sets_(static_cast<std::size_t>(maps.sets))
    , workers_(workers > 0 ? workers : thread_count())
    , whole_readout_(same_for_every_kx(mask))
    , work_(std::make_unique<Workspace>()) {
  BLOCH_EXPECTS(maps.fits(size) && mask.fits(size));
  const auto at = [](int value) { return static_cast<std::size_t>(value); };
  layout_ = {at(size.kx),        at(size.ky),        at(size.kz), at(size.coils),
             blocks_of(size.kx), blocks_of(size.ky), 0,           0};
  layout_.group_area = layout_.nz * layout_.groups * layout_.nx * block_lanes;
  // Whole groups of rows fit, though only ny of them are transformed.
  layout_.column_area = layout_.nz * layout_.groups * block_lanes * block_lanes;
  workers_ = std::min(workers_, whole_readout_ ? static_cast<int>(layout_.columns) : size.coils);
  fold_maps(maps);
  const Pieces pieces(pixels_, workers_);
  std::mutex mutex;
  pieces.run([&](std::size_t begin, std::size_t count) {
    const double largest = largest_pixel_norm(maps, begin, count);
    const std::lock_guard lock(mutex);
    norm_bound_ = std::max(norm_bound_, largest);
  });
  spread_mask(mask);
  const auto make = [&](std::size_t count) {
    return std::vector<ComplexBuffer>(at(workers_), ComplexBuffer(count));
  };
  const std::size_t column = layout_.nz * layout_.ny * block_lanes;
  work_->coil = make(whole_readout_ ? column : layout_.columns * layout_.column_area);
  work_->lines = make(std::max(layout_.columns * block_lanes, layout_.nz) * block_lanes);
  work_->image = make(whole_readout_ ? sets_ * column : 0);
  work_->sum = make(whole_readout_ ? sets_ * column : sets_ * layout_.group_area);
  if (!whole_readout_) work_->groups.resize(sets_ * layout_.group_area);
}

SenseOperator::~SenseOperator() = default;

void SenseOperator::fold_maps(const Sensitivities& maps) {
  const std::size_t nx = layout_.nx, ny = layout_.ny, nz = layout_.nz, coils = layout_.coils,
                    columns = layout_.columns, groups = layout_.groups, group_area = layout_.group_area;
  const auto unit = [](int n) { return 1 / std::sqrt(static_cast<float>(n)); };
  const ComplexBuffer fx =
      whole_readout_ ? ComplexBuffer(nx, Complex(1)) : centring_factors(size_.kx, unit(size_.kx));
  const ComplexBuffer fy = centring_factors(size_.ky, unit(size_.ky));
  const ComplexBuffer fz = centring_factors(size_.kz, unit(size_.kz));
  const std::size_t folded_count =
      sets_ * coils * (whole_readout_ ? columns * nz * ny * block_lanes : group_area);
  // Not cleared as a whole first: that is the largest array there is, and all but its margins is written below.
  folded_memory_ = large_memory(folded_count * sizeof(Complex));
  folded_ = static_cast<Complex*>(folded_memory_.get());
  used_.assign(nz * (whole_readout_ ? columns : groups), 0);
  /// One row of a map, or 16 samples of it, times the factors; whether any is not zero.
  const auto fold = [&](std::size_t map, std::size_t row, std::size_t x, std::size_t count, Complex* out) {
    const Complex* source = maps.samples.data() + (map * nz * ny + row) * nx + x;
    const Complex factor = fy[row % ny] * fz[row / ny];
    const float re = factor.real(), im = factor.imag();
    float magnitude = 0;
    for (std::size_t i = 0; i < count; ++i) {
      magnitude += std::abs(source[i].real()) + std::abs(source[i].imag());
      out[i] = {source[i].real() * re - source[i].imag() * im, source[i].real() * im + source[i].imag() * re};
    }
    const bool seen = magnitude != 0;
    if (!whole_readout_) multiply(out, fx.data() + x, out, count);
    return seen;
  };
  if (whole_readout_) {
    parallel_for(0, nz, [&](std::size_t z) {
      for (std::size_t map = 0; map < sets_ * coils; ++map)
        for (std::size_t row = z * ny; row < (z + 1) * ny; ++row)
          for (std::size_t column = 0; column < columns; ++column) {
            const std::size_t x = column * block_lanes, width = std::min(block_lanes, nx - x);
            Complex* out = folded_ + ((column * sets_ * coils + map) * nz * ny + row) * block_lanes;
            used_[column * nz + z] |= fold(map, row, x, width, out);
            std::fill(out + width, out + block_lanes, Complex());
          }
    });
    return;
  }
  parallel_for(0, nz * groups, [&](std::size_t group) {
    const std::size_t z = group / groups, first = group % groups * block_lanes;
    const std::size_t height = std::min(block_lanes, ny - first);
    ComplexBuffer rows(nx * block_lanes);
    for (std::size_t map = 0; map < sets_ * coils; ++map) {
      for (std::size_t i = 0; i < height; ++i)
        used_[group] |= fold(map, z * ny + first + i, 0, nx, rows.data() + i * nx);
      Complex* out = folded_ + map * group_area + group * nx * block_lanes;
      for (std::size_t x = 0; x < nx; ++x)
        for (std::size_t i = 0; i < block_lanes; ++i) out[x * block_lanes + i] = rows[i * nx + x];
    }
  });
}

void SenseOperator::spread_mask(const SamplingMask& mask) {
  const std::size_t nx = layout_.nx, ny = layout_.ny, nz = layout_.nz, columns = layout_.columns;
  // In the order of the last transform: rows of 16 kx each, along kz for a volume and along ky for a slice.
  const std::size_t count = whole_readout_ ? 1 : columns;
  flags_.assign(count * ny * nz * block_lanes * 2, 0);
  line_kept_.assign(count * ny, 0);
  const auto of_x = BlockFft::of_length(size_.kx).frequencies();
  const auto of_y = BlockFft::of_length(size_.ky).frequencies();
  const auto of_z = BlockFft::of_length(size_.kz).frequencies();
  auto flag = flags_.begin();
  for (std::size_t column = 0; column < count; ++column)
    for (std::size_t y = 0; y < ny; ++y)
      for (std::size_t z = 0; z < nz; ++z)
        for (std::size_t i = 0; i < block_lanes; ++i, flag += 2) {
          const std::size_t x = column * block_lanes + i;
          if (!whole_readout_ && x >= nx) continue;
          if (!mask.at(whole_readout_ ? 0 : of_x[x], of_y[y], of_z[z])) continue;
          flag[0] = flag[1] = -1;
          line_kept_[column * ny + y] = 1;
        }
}

/// A column [z][y][16] to k-space along y and z, masked, and back. Planes that are zero stay so on the way
/// there and are not needed on the way back.
void SenseOperator::filter_column(Complex* column, std::size_t flags_of_column, std::size_t worker) const {
  const std::size_t ny = layout_.ny, nz = layout_.nz;
  const BlockFft& along_y = BlockFft::of_length(size_.ky);
  const std::size_t plane = ny * block_lanes;
  const std::int8_t* flags = flags_.data() + flags_of_column * ny * nz * block_lanes * 2;
  if (nz == 1) {
    along_y.forward(column);
    keep_flagged(column, flags, ny * block_lanes);
    along_y.inverse(column);
    return;
  }
  const BlockFft& along_z = BlockFft::of_length(size_.kz);
  Complex* lines = work_->lines[worker].data();
  for (std::size_t z = 0; z < nz; ++z) along_y.forward(column + z * plane);
  for (std::size_t y = 0; y < ny; ++y) {
    Complex* first = column + y * block_lanes;
    if (!line_kept_[flags_of_column * ny + y]) {
      for (std::size_t z = 0; z < nz; ++z) std::fill_n(first + z * plane, block_lanes, Complex());
      continue;
    }
    copy_block(first, plane, lines, block_lanes, nz);
    along_z.forward(lines);
    keep_flagged(lines, flags + y * nz * block_lanes * 2, nz * block_lanes);
    along_z.inverse(lines);
    copy_block(lines, block_lanes, first, plane, nz);
  }
  for (std::size_t z = 0; z < nz; ++z) along_y.inverse(column + z * plane);
}

void SenseOperator::normal_of_column(const Complex* image, Complex* out, std::size_t column,
                                     std::size_t worker) const {
  const std::size_t nx = layout_.nx, ny = layout_.ny, nz = layout_.nz, coils = layout_.coils;
  const std::size_t rows = nz * ny;
  const std::size_t area = rows * block_lanes;
  const std::size_t used = std::min(block_lanes, nx - column * block_lanes);
  Complex* coil = work_->coil[worker].data();
  Complex* gathered = work_->image[worker].data();
  Complex* sum = work_->sum[worker].data();
  std::fill_n(sum, sets_ * area, Complex());
  const std::uint8_t* seen = used_.data() + column * nz;
  if (std::any_of(seen, seen + nz, [](std::uint8_t flag) { return flag != 0; })) {
    for (std::size_t row = 0; row < sets_ * rows; ++row)
      std::copy_n(image + row * nx + column * block_lanes, used, gathered + row * block_lanes);
    for (std::size_t c = 0; c < coils; ++c) {
      const auto map = [&](std::size_t set) { return folded_ + ((column * sets_ + set) * coils + c) * area; };
      multiply(map(0), gathered, coil, area);
      for (std::size_t set = 1; set < sets_; ++set) add_product(map(set), gathered + set * area, coil, area);
      filter_column(coil, 0, worker);
      for (std::size_t set = 0; set < sets_; ++set)
        add_conjugate_product(map(set), coil, sum + set * area, area);
    }
  }
  for (std::size_t row = 0; row < sets_ * rows; ++row)
    std::copy_n(sum + row * block_lanes, used, out + row * nx + column * block_lanes);
}

void SenseOperator::add_normal_of_coil(std::size_t c, std::size_t worker) const {
  const std::size_t nx = layout_.nx, ny = layout_.ny, nz = layout_.nz, coils = layout_.coils,
                    columns = layout_.columns, groups = layout_.groups, group_area = layout_.group_area,
                    column_area = layout_.column_area;
  const BlockFft& along_x = BlockFft::of_length(size_.kx);
  const std::size_t plane = nz > 1 ? ny * block_lanes : groups * block_lanes * block_lanes;
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
    const auto map = [&](std::size_t set) { return folded_ + (set * coils + c) * group_area + group * area; };
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
      add_conjugate_product(folded_ + (set * coils + c) * group_area + group * area, lines,
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

void SenseOperator::normal(const Complex* image, Complex* out) const {
  const auto workers = static_cast<std::size_t>(workers_);
  const auto run = [&](const std::function<void(std::size_t)>& body) {
    if (workers == 1)
      body(0);
    else
      parallel_for(0, workers, body);
  };
  if (whole_readout_) {
    run([&](std::size_t w) {
      for (std::size_t column = w; column < layout_.columns; column += workers)
        normal_of_column(image, out, column, w);
    });
    return;
  }
  run([&](std::size_t w) { gather_groups(image, w); });
  run([&](std::size_t w) {
    std::fill(work_->sum[w].begin(), work_->sum[w].end(), Complex());
    for (std::size_t c = w * layout_.coils / workers; c < (w + 1) * layout_.coils / workers; ++c)
      add_normal_of_coil(c, w);
  });
  run([&](std::size_t w) { scatter_groups(out, w); });
}

} // namespace bloch::imaging
