#pragma once

#include <complex>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/data/kspace.h"
#include "core/data/raw_data.h"
#include "core/data/shared_samples.h"
#include "core/data/volume.h"
#include "core/jobs/progress.h"

namespace bloch::imaging {

/// One image's worth of a file that holds several: counters and their values, such as {"contrast", 1}. Empty
/// where the file holds one alone.
using KSpacePart = std::vector<std::pair<std::string, int>>;

/// "contrast=1,repetition=0" and back. Errors: invalid_parameter.
std::string to_text(const KSpacePart& part);
Result<KSpacePart> parse_kspace_part(std::string_view text);

/// What a person says of the axes of an array whose file does not name them.
enum class CoilAxis {
  automatic, ///< by the number of dimensions: three are coils of one slice
  none       ///< there is none: two dimensions are a slice, three a volume, of one coil
};

/// "auto", "none" and back. Errors: invalid_parameter.
std::string to_text(CoilAxis axis);
Result<CoilAxis> parse_coil_axis(std::string_view text);

/// One raw-data format: one .cpp file and one line in kspace_formats.inc.
struct KSpaceFormat {
  std::string name; ///< "ismrmrd", "bart", "numpy"
  std::string label;
  std::vector<std::string> extensions; ///< ".h5"; ".cfl", ".hdr"; ".npy"
  std::string help;
  Result<KSpace> (*read)(const std::filesystem::path&, const Progress&) = nullptr;
  Result<void> (*write)(const std::filesystem::path&, const KSpace&) = nullptr;
  /// Where several formats share an ending: whether the file at hand is of this one. Null: it is.
  bool (*recognises)(const std::filesystem::path&) = nullptr;
  /// The parts of a file and one of them, for formats that can hold several; null where there is one alone.
  Result<std::vector<KSpacePart>> (*parts)(const std::filesystem::path&) = nullptr;
  Result<KSpace> (*read_part)(const std::filesystem::path&, const KSpacePart&, const Progress&) = nullptr;
  /// The same array as one without a coil axis; null where the file itself says which axis is the coils'.
  Result<KSpace> (*read_one_coil)(const std::filesystem::path&, const Progress&) = nullptr;
  /// What the file is as k-space (array, axes, parts or refusal, without_coil_axis, notes), without reading
  /// samples. errors: it cannot be read, or cannot be k-space because it is no complex array
  Result<RawDataInfo> (*describe)(const std::filesystem::path&) = nullptr;
};

std::span<const KSpaceFormat> kspace_formats();
Result<const KSpaceFormat*> kspace_format_of(const std::filesystem::path& path);

/// Whether a k-space file of this ending says itself which axis is the coils'; .npy, .npz and .mat do not.
bool names_axes(const std::filesystem::path& path);

/// errors: not_found, malformed (does not hold what it claims, by name), unsupported (several parts: named;
/// four or more dimensions without a coil axis), invalid_parameter (no coil axis, but the file names its axes)
Result<KSpace> read_kspace(const std::filesystem::path& path, const Progress& progress = {},
                           CoilAxis coil_axis = CoilAxis::automatic);

/// What raw data a file holds and what else it may be taken for, from its head: no sample is read.
/// errors: those of read_kspace; unsupported (no raw data, and not complex)
Result<RawDataInfo> describe_raw_data(const std::filesystem::path& path);

/// Every part of the file that agrees with `selection` (which may leave counters out), in order; one empty part
/// where there is only one. `average=N`, which is no part of its own, is handed on. Errors: invalid_parameter
/// (nothing agrees).
Result<std::vector<KSpacePart>> kspace_parts(const std::filesystem::path& path,
                                             const KSpacePart& selection = {});
Result<KSpace> read_kspace_part(const std::filesystem::path& path, const KSpacePart& part,
                                const Progress& progress = {}, CoilAxis coil_axis = CoilAxis::automatic);
/// Of formats that share an ending the first that writes.
Result<void> write_kspace(const std::filesystem::path& path, const KSpace& kspace);

/// A complex array as .cfl and .npy keep it. extents: slowest first.
struct ComplexArray {
  std::vector<int> extents;
  SharedSamples samples;
  int slices =
      0; ///< of the first extent, which is [slice][map] then; 0: nothing says whether it is slices or maps
};

/// Samples of the noise scan in an ISMRMRD file, extents [1][coil][1][1][sample]. Errors: not_found (holds
/// none), malformed, unsupported (not ISMRMRD).
Result<ComplexArray> read_noise(const std::filesystem::path& path);

/// Whether a .npy or .mat holds an image rather than raw data: its samples (of a .mat those of the variable
/// NAME of FILE.mat#NAME, else of every variable) are not complex. False for every other file.
bool holds_real_numbers(const std::filesystem::path& path);

/// Coil sensitivities or a complex image, from .cfl (BART's dimensions x y z coil maps), .npy and .npz
/// ([coil][z][y][x]) or .mat ((x, y, z, coil)). extents are always [maps or slices][coil][z][y][x], five of
/// them.
Result<ComplexArray> read_complex(const std::filesystem::path& path);
/// array.extents as above; .cfl gets BART's dimension order, with slices in 13 and maps in 4 (where nothing
/// says which, a stack of one coil is slices and of several is maps), .npy drops leading extents of 1 (but
/// keeps at least [y][x]).
Result<void> write_complex(const std::filesystem::path& path, const ComplexArray& array);

/// A sampling mask from any image or array file (.npy, .mat, .cfl, .nii…): not 0 means kept. Errors: malformed,
/// unsupported.
Result<SamplingMask> read_mask(const std::filesystem::path& path);
Result<void> write_mask(const std::filesystem::path& path, const SamplingMask& mask);

} // namespace bloch::imaging
