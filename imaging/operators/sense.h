#pragma once

#include <functional>
#include <memory>
#include <span>

#include "core/data/kspace.h"
#include "imaging/operators/aligned.h"
#include "imaging/recon/reconstruction.h"

namespace bloch::imaging {

/// The model of parallel imaging of one slice or volume: A x = mask * FFT(sum over map sets of sensitivity *
/// x), centred and unitary. With one set of maps this is SENSE, with two soft-SENSE, whose image is one a set.
///
/// The normal operator A^H A is the fast one: the centring and 1/N are applied once an image instead of once a
/// coil, each coil is transformed within the cache in blocks of 16 lines whose frequencies stay in the order of
/// the butterflies, what lies outside the body or has no sample is skipped, and an axis along which the mask
/// does not change is not transformed at all. source: Pruessmann 2001, doi:10.1002/mrm.1241; two sets: Uecker
/// 2014, doi:10.1002/mrm.24751
class SenseOperator {
 public:
  /// workers: how many pieces of a normal operator may run at once; the bits depend on it. 0: all threads.
  /// Contract: maps and mask fit the size and outlive the operator.
  SenseOperator(const KSpaceSize& size, const Sensitivities& maps, const SamplingMask& mask, int workers = 0);
  /// The same with another mask; what was made of the maps is shared. Contract: the mask fits, and where
  /// `other` takes the readout as whole, every kx has the same samples in it too.
  SenseOperator(const SenseOperator& other, const SamplingMask& mask);
  ~SenseOperator();
  SenseOperator(const SenseOperator&) = delete;
  SenseOperator& operator=(const SenseOperator&) = delete;

  /// Samples of an image: [set][z][y][x].
  std::size_t pixels() const { return pixels_ * sets_; }
  int sets() const { return static_cast<int>(sets_); }
  /// Whether the mask is the same for every kx, so that kx is not transformed.
  bool whole_readout() const { return whole_readout_; }
  /// Largest energy of the maps of a pixel over coils and sets: an upper bound of the largest eigenvalue of A^H
  /// A.
  double norm_bound() const { return norm_bound_; }

  /// [coil][kz][ky][kx] from [set][z][y][x].
  ComplexBuffer forward(std::span<const Complex> image) const;
  /// [set][z][y][x] from [coil][kz][ky][kx]; what lies outside the mask does not count.
  ComplexBuffer adjoint(std::span<const Complex> samples) const;
  /// out = A^H A image; two FFTs a coil, no allocation. Not for two threads at once on one object.
  void normal(const Complex* image, Complex* out) const;

 private:
  struct Workspace;
  /// How the coil images are cut up: columns of 16 x each, [column][z][y][16], transformed along y and z;
  /// unless the whole readout was sampled, they come from groups of 16 rows each, [z][group][x][16],
  /// transformed along x.
  struct Layout {
    std::size_t nx = 1, ny = 1, nz = 1, coils = 1;
    std::size_t columns = 1, groups = 1;
    std::size_t columns_at_once = 1; ///< by a worker
    std::size_t group_area = 0;      ///< samples of one set in groups of rows
    std::size_t column_area = 0;     ///< samples of a column of 16
    std::size_t plane = 0;           ///< samples from one plane of a column to the next
  };

  void make_workspace();
  void survey_maps();
  void cut_maps();
  void fold_maps();
  void spread_mask(const SamplingMask& mask);
  void keep_masked(Complex* samples) const;
  ComplexBuffer adjoint_of_columns(std::span<const Complex> samples) const;
  std::size_t map_plane(std::size_t set, std::size_t coil, std::size_t z, std::size_t column) const;
  void multiply_plane(const Complex* image, std::size_t coil, std::size_t z, std::size_t column,
                      Complex* out) const;
  void add_conjugate_plane(const Complex* plane, std::size_t coil, std::size_t z, std::size_t column,
                           Complex* sum) const;
  bool column_seen(std::size_t column) const;
  void gather_columns(const Complex* image, std::size_t first, std::size_t count, Complex* gathered) const;
  void store_columns(const Complex* sum, std::size_t first, std::size_t count, Complex* image, bool add) const;
  void filter_lines(Complex* column, std::size_t flags_of_column, std::size_t worker) const;
  void filter_column(Complex* column, std::size_t flags_of_column, std::size_t worker) const;
  void normal_of_column(const Complex* image, std::size_t column, std::size_t worker, Complex* sum) const;
  void normal_of_columns(const Complex* image, Complex* out, std::size_t first, std::size_t worker) const;
  void add_normal_of_coil(std::size_t coil, std::size_t worker) const;
  void gather_groups(const Complex* image, std::size_t worker) const;
  void scatter_groups(Complex* out, std::size_t worker) const;
  void normal_of_groups(const Complex* image, Complex* out) const;
  void run_workers(const std::function<void(std::size_t)>& body) const;

  KSpaceSize size_;
  const Sensitivities* maps_;
  const SamplingMask* mask_;
  std::size_t pixels_, sets_;
  int workers_;
  bool whole_readout_; ///< the mask is the same for every kx
  Layout layout_;
  double norm_bound_ = 0;
  std::vector<std::uint8_t> used_; ///< some map is not zero: [z][group], or [column][z]
  ComplexBuffer centring_;         ///< along y and z, over the root of their lengths: [z][y]
  /// Maps in columns, [column][set][coil][z][y][16], or times all centring in groups,
  /// [set][coil][z][group][x][16].
  std::shared_ptr<Complex[]> folded_;
  std::shared_ptr<std::uint16_t[]> halves_; ///< or in columns as halves
  AlignedVector<std::int8_t> flags_;        ///< mask in the order in which it is applied, two bytes a sample
  std::vector<std::uint8_t> line_kept_;     ///< [column][ky]: some sample of the line along kz was acquired
  std::unique_ptr<Workspace> work_;
};

} // namespace bloch::imaging
