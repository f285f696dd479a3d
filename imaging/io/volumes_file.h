#pragma once

#include <cstdint>
#include <filesystem>
#include <span>

#include "core/base/result.h"
#include "core/data/volume.h"

namespace bloch::imaging {

/// Volumes of one grid (echoes, b-values, times) as one NIfTI file of four dimensions: int16 when all are, else
/// float32; placed as the first is. Contract: at least one, all of one size.
/// errors: unsupported (another file ending, more than 32767 volumes), not_writable
Result<void> write_volumes(const std::filesystem::path& path, std::span<const Volume> volumes);

/// Between the volumes of an image file, in ms; 0 where it does not say so, or they are no times.
double time_step_ms(const std::filesystem::path& path);

/// A NIfTI file that is filled slice by slice, in any order and by several threads.
class NiftiSlices {
 public:
  /// What the file held is gone. shown: the name for messages, where it is to be renamed
  NiftiSlices(std::filesystem::path path, std::filesystem::path shown);
  ~NiftiSlices();
  NiftiSlices(const NiftiSlices&) = delete;
  NiftiSlices& operator=(const NiftiSlices&) = delete;

  /// Writes the header; again, when the slices turn out to be of the other type. int16: else float32.
  Result<void> begin(const VolumeGeometry& geometry, bool int16);
  /// Contract: as many bytes as a slice has.
  Result<void> put(std::size_t slice, std::span<const std::uint8_t> bytes);
  /// Nothing was left unwritten by the system.
  Result<void> close();

 private:
  Result<void> write_at(std::uint64_t place, std::span<const std::uint8_t> bytes);

  std::filesystem::path path_, shown_;
  int file_ = -1;
};

} // namespace bloch::imaging
