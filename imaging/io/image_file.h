#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/data/label_map.h"
#include "core/data/volume.h"

namespace bloch::imaging {

/// One image file format: one .cpp file and one line in image_formats.inc.
struct ImageFormat {
  std::string name;                    ///< "nifti"
  std::string label;                   ///< "NIfTI-1"
  std::vector<std::string> extensions; ///< longest first: ".nii.gz", ".nii"
  std::string help;                    ///< what it keeps, and what it does not
  bool keeps_geometry = true;
  /// volume: from 0, below what `count` says.
  Result<Volume> (*read)(const std::filesystem::path&, int volume) = nullptr;
  /// Volumes of one grid in the file, without reading them; null: the format holds one.
  Result<int> (*count)(const std::filesystem::path&) = nullptr;
  /// Whole or not at all, with a description of one line where the format keeps one.
  Result<void> (*write)(const std::filesystem::path&, const Volume&, const std::string& description) = nullptr;
  Result<void> (*write_labels)(const std::filesystem::path&, const LabelMap&) = nullptr;
  Result<void> (*write_colour)(const std::filesystem::path&,
                               const RgbVolume&) = nullptr; ///< nullptr: grey alone
};

/// Every image format, in the order of image_formats.inc.
std::span<const ImageFormat> image_formats();

/// By file ending. Errors: unsupported, naming the endings there are.
Result<const ImageFormat*> image_format_of(const std::filesystem::path& path);
/// The same for a file that is to be written. Errors: unsupported, also where the format is only read
Result<const ImageFormat*> image_writer_of(const std::filesystem::path& path);

/// errors: not_found, malformed, unsupported (holds several volumes), out_of_memory (claims more than the file
/// holds)
Result<Volume> read_image(const std::filesystem::path& path);
/// Volumes (times, echoes, b-values) of one grid in the file, at least 1. Errors: as read_image
Result<int> count_volumes(const std::filesystem::path& path);
/// One of them, from 0. Errors: as read_image, invalid_parameter (there is no such volume)
Result<Volume> read_image(const std::filesystem::path& path, int volume);
/// description: one line of what the image is, as that it was simulated: NIfTI's descrip (79 characters),
/// NRRD's content, MetaImage's Comment; .npy keeps none.
Result<void> write_image(const std::filesystem::path& path, const Volume& volume,
                         const std::string& description = {});
Result<void> write_label_map(const std::filesystem::path& path, const LabelMap& labels);
/// errors: unsupported (a format that keeps no colour: names those that do)
Result<void> write_colour_image(const std::filesystem::path& path, const RgbVolume& volume);

} // namespace bloch::imaging
