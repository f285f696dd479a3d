#pragma once

#include <array>
#include <complex>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/data/shared_samples.h"
#include "core/data/volume.h"
#include "core/geometry/volume_geometry.h"

namespace bloch {

/// Extents of raw data. 2D scans have kz = 1 and one or more slices; 3D scans have kz > 1 and slices = 1.
struct KSpaceSize {
  int kx = 1; ///< readout
  int ky = 1; ///< phase encoding
  int kz = 1; ///< partition encoding
  int coils = 1;
  int slices = 1;

  std::size_t samples_per_coil() const;  ///< kx * ky * kz
  std::size_t samples_per_slice() const; ///< times coils
  std::size_t sample_count() const;      ///< times slices
  bool operator==(const KSpaceSize&) const = default;
};

/// Cartesian k-space, centred (DC at index n / 2), on the grid of the image; unsampled points are exactly zero.
class KSpace {
 public:
  /// samples: [slice][coil][kz][ky][kx]. Contract: as many as the size says.
  KSpace(KSpaceSize size, SharedSamples samples);

  const KSpaceSize& size() const { return size_; }
  std::span<const std::complex<float>> samples() const { return samples_; }
  /// [coil][kz][ky][kx] of one slice.
  std::span<const std::complex<float>> slice(int index) const;
  /// One slice as a scan of its own, without geometry; the samples are shared.
  KSpace only(int slice) const;

  /// Grid of the image that belongs to it: size kx, ky, max(kz, slices). Nothing where the file gave none.
  std::optional<VolumeGeometry> geometry;
  /// Not measured but made from an image; says how ("8 simulated coils, noise 0.01"). Every output repeats it.
  std::string simulated;
  std::vector<std::string> warnings;
  /// What the file says of the scan: acceleration, calibration, partial Fourier, averages. For people.
  std::vector<std::string> notes;
  /// x, y, z of the image where that is the middle of the grid alone (oversampled phase encoding); else
  /// nothing.
  std::optional<std::array<int, 3>> image_size;
  /// Magnitude image kept beside the samples ("reconstruction_rss"), of image_size or of the grid.
  std::optional<Volume> reference;

 private:
  KSpaceSize size_;
  SharedSamples samples_;
};

/// Which samples were (or are to be) acquired: uint8 [kz][ky][kx], an extent of 1 broadcasts. Line masks have
/// kx = 1.
class SamplingMask {
 public:
  /// Contract: kx * ky * kz values of 0 or 1.
  SamplingMask(int kx, int ky, int kz, std::vector<std::uint8_t> kept);

  int kx() const { return kx_; }
  int ky() const { return ky_; }
  int kz() const { return kz_; }
  std::span<const std::uint8_t> kept() const { return *kept_; }
  bool at(int kx, int ky, int kz) const;
  /// Whether it broadcasts to k-space of this size.
  bool fits(const KSpaceSize& size) const;
  /// All samples over kept samples: the R that was reached.
  double acceleration() const;
  std::size_t kept_count() const;

 private:
  int kx_, ky_, kz_;
  std::shared_ptr<const std::vector<std::uint8_t>> kept_;
};

/// Where any coil of any slice has a sample that is not exactly zero, full size [kz][ky][kx].
SamplingMask sampled_points(const KSpace& kspace);

/// The same data with everything outside the mask set to zero. Contract: the mask fits.
KSpace under_sample(const KSpace& kspace, const SamplingMask& mask);

} // namespace bloch
