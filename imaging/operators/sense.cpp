#include "imaging/operators/sense.h"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <span>
#include <vector>

#include "core/base/contract.h"
#include "imaging/operators/block_fft.h"
#include "imaging/operators/complex_math.h"
#include "imaging/operators/complex_rows.h"
#include "imaging/operators/fft.h"
#include "imaging/operators/sense_workspace.h"
#include "imaging/parallel/parallel_for.h"

namespace bloch::imaging {
namespace {

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

/// The largest eigenvalue of the sets' Gram matrix of each pixel of a row; of more than two sets a bound, its
/// trace.
class RowNorms {
 public:
  explicit RowNorms(const Sensitivities& maps)
      : maps_(maps)
      , first_(static_cast<std::size_t>(maps.x))
      , rest_(first_.size())
      , mixed_(first_.size()) {}

  std::span<const float> of_row(std::size_t row) {
    const std::size_t nx = first_.size(), end = maps_.samples.size();
    const std::size_t set = end / static_cast<std::size_t>(maps_.sets);
    const std::size_t pixels = set / static_cast<std::size_t>(maps_.coils);
    const Complex* samples = maps_.samples.data();
    std::fill(first_.begin(), first_.end(), 0.0F);
    std::fill(rest_.begin(), rest_.end(), 0.0F);
    std::fill(mixed_.begin(), mixed_.end(), Complex());
    for (std::size_t place = row * nx; place < set; place += pixels) {
      add_squared_magnitudes(samples + place, first_.data(), nx);
      for (std::size_t other = place + set; other < end; other += set)
        add_squared_magnitudes(samples + other, rest_.data(), nx);
      if (maps_.sets == 2)
        for (std::size_t i = 0; i < nx; ++i)
          mixed_[i] += std::conj(samples[place + i]) * samples[place + set + i];
    }
    for (std::size_t i = 0; maps_.sets > 1 && i < nx; ++i) {
      const float half = (first_[i] - rest_[i]) / 2;
      first_[i] = maps_.sets == 2 ? (first_[i] + rest_[i]) / 2 + std::sqrt(half * half + std::norm(mixed_[i]))
                                  : first_[i] + rest_[i];
    }
    return first_;
  }

 private:
  const Sensitivities& maps_;
  std::vector<float> first_, rest_;
  std::vector<Complex> mixed_;
};

} // namespace

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
  layout_.nx = at(size.kx);
  layout_.ny = at(size.ky);
  layout_.nz = at(size.kz);
  layout_.coils = at(size.coils);
  layout_.columns = blocks_of(size.kx);
  layout_.groups = blocks_of(size.ky);
  layout_.group_area = layout_.nz * layout_.groups * layout_.nx * block_lanes;
  // A row more than a plane of a volume has: planes a power of two apart would all fall into one set of the
  // caches. Of a slice whole groups of rows fit, though only ny of them are transformed.
  layout_.plane = layout_.nz > 1 ? (layout_.ny + 1) * block_lanes : layout_.groups * block_lanes * block_lanes;
  layout_.column_area = layout_.nz * layout_.plane;
  workers_ = std::min(workers_, whole_readout_ ? static_cast<int>(layout_.columns) : size.coils);
  // Columns of a volume share the pages of its image: up to four are fetched together, as each worker has them.
  if (layout_.nz > 1 && whole_readout_)
    layout_.columns_at_once = std::clamp<std::size_t>(layout_.columns / at(workers_), 1, 4);
  const ComplexBuffer fy = centring_factors(size.ky, 1 / std::sqrt(static_cast<float>(size.ky)));
  const ComplexBuffer fz = centring_factors(size.kz, 1 / std::sqrt(static_cast<float>(size.kz)));
  for (const Complex& of_z : fz)
    for (const Complex& of_y : fy) centring_.push_back(of_y * of_z);
  survey_maps();
  whole_readout_ ? cut_maps() : fold_maps();
  spread_mask(mask);
  make_workspace();
}

SenseOperator::SenseOperator(const SenseOperator& other, const SamplingMask& mask)
    : size_(other.size_)
    , maps_(other.maps_)
    , mask_(&mask)
    , pixels_(other.pixels_)
    , sets_(other.sets_)
    , workers_(other.workers_)
    , whole_readout_(other.whole_readout_)
    , layout_(other.layout_)
    , norm_bound_(other.norm_bound_)
    , used_(other.used_)
    , centring_(other.centring_)
    , folded_(other.folded_)
    , halves_(other.halves_)
    , work_(std::make_unique<Workspace>()) {
  BLOCH_EXPECTS(mask.fits(size_) && (!whole_readout_ || same_for_every_kx(mask)));
  spread_mask(mask);
  make_workspace();
}

SenseOperator::~SenseOperator() = default;

void SenseOperator::make_workspace() {
  const auto make = [&](std::size_t count) {
    return std::vector<ComplexBuffer>(static_cast<std::size_t>(workers_), ComplexBuffer(count));
  };
  work_->coil = make(whole_readout_ ? layout_.column_area : layout_.columns * layout_.column_area);
  work_->lines = make(std::max(layout_.columns * block_lanes, layout_.nz) * block_lanes);
  const std::size_t columns = layout_.columns_at_once * layout_.column_area;
  work_->image = make(whole_readout_ ? sets_ * columns : 0);
  work_->sum = make(sets_ * (whole_readout_ ? columns : layout_.group_area));
  if (!whole_readout_) work_->groups.resize(sets_ * layout_.group_area);
}

/// Where some map is not zero, and the largest norm of a pixel.
void SenseOperator::survey_maps() {
  const std::size_t nx = layout_.nx, ny = layout_.ny, nz = layout_.nz;
  used_.assign(nz * (whole_readout_ ? layout_.columns : layout_.groups), 0);
  std::mutex mutex;
  const std::size_t rows_at_once = nz > 1 ? ny : 64;
  parallel_for(0, (nz * ny + rows_at_once - 1) / rows_at_once, [&](std::size_t piece) {
    RowNorms norms(*maps_);
    std::vector<std::uint8_t> used(used_.size(), 0);
    float largest = 0;
    for (std::size_t row = piece * rows_at_once; row < std::min(nz * ny, (piece + 1) * rows_at_once); ++row) {
      const auto of_row = norms.of_row(row);
      const std::size_t z = row / ny, group = z * layout_.groups + row % ny / block_lanes;
      for (std::size_t x = 0; x < nx; ++x) {
        largest = std::max(largest, of_row[x]);
        used[whole_readout_ ? x / block_lanes * nz + z : group] |= of_row[x] > 0 ? 1 : 0;
      }
    }
    const std::lock_guard lock(mutex);
    norm_bound_ = std::max(norm_bound_, static_cast<double>(largest));
    for (std::size_t i = 0; i < used.size(); ++i) used_[i] |= used[i];
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

/// A column whose planes lie in frequencies along y: along z too, masked, and back to those along y.
void SenseOperator::filter_lines(Complex* column, std::size_t flags_of_column, std::size_t worker) const {
  const std::size_t ny = layout_.ny, nz = layout_.nz, plane = layout_.plane;
  const std::int8_t* flags = flags_.data() + flags_of_column * ny * nz * block_lanes * 2;
  const BlockFft& along_z = BlockFft::of_length(size_.kz);
  Complex* lines = work_->lines[worker].data();
  for (std::size_t y = 0; y < ny; ++y) {
    Complex* first = column + y * block_lanes;
    if (!line_kept_[flags_of_column * ny + y]) {
      for (std::size_t z = 0; z < nz; ++z) std::fill_n(first + z * plane, block_lanes, Complex());
      continue;
    }
    move_rows(first, plane, lines, block_lanes, nz);
    along_z.filter(lines, flags + y * nz * block_lanes * 2);
    move_rows(lines, block_lanes, first, plane, nz);
  }
}

/// A column to k-space along y and z, masked, and back.
void SenseOperator::filter_column(Complex* column, std::size_t flags_of_column, std::size_t worker) const {
  const BlockFft& along_y = BlockFft::of_length(size_.ky);
  if (layout_.nz == 1) {
    along_y.filter(column, flags_.data() + flags_of_column * layout_.ny * block_lanes * 2);
    return;
  }
  for (std::size_t z = 0; z < layout_.nz; ++z) along_y.forward(column + z * layout_.plane);
  filter_lines(column, flags_of_column, worker);
  for (std::size_t z = 0; z < layout_.nz; ++z) along_y.inverse(column + z * layout_.plane);
}

void SenseOperator::run_workers(const std::function<void(std::size_t)>& body) const {
  if (workers_ == 1)
    body(0);
  else
    parallel_for(0, static_cast<std::size_t>(workers_), body);
}

void SenseOperator::normal(const Complex* image, Complex* out) const {
  if (!whole_readout_) {
    normal_of_groups(image, out);
    return;
  }
  run_workers([&](std::size_t w) {
    const std::size_t step = layout_.columns_at_once;
    for (std::size_t first = w * step; first < layout_.columns;
         first += static_cast<std::size_t>(workers_) * step)
      normal_of_columns(image, out, first, w);
  });
}

} // namespace bloch::imaging
