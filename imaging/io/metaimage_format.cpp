#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "core/base/file.h"
#include "core/base/text.h"
#include "imaging/io/detail/file_name.h"
#include "imaging/io/detail/samples.h"
#include "imaging/io/detail/text_header.h"
#include "imaging/io/image_file.h"

// source: itk.org/Wiki/ITK/MetaIO/Documentation. Our own reader, because MetaIO takes a truncated file for a
// whole one and speaks to stderr; it is the reference in the tests.

namespace bloch::imaging {
namespace {

using detail::SampleType;

std::optional<SampleType> metaimage_type(const std::string& name) {
  static const std::map<std::string, SampleType> types{
      {"MET_CHAR", SampleType::int8},       {"MET_UCHAR", SampleType::uint8},
      {"MET_SHORT", SampleType::int16},     {"MET_USHORT", SampleType::uint16},
      {"MET_INT", SampleType::int32},       {"MET_UINT", SampleType::uint32},
      {"MET_LONG", SampleType::int32},      {"MET_ULONG", SampleType::uint32},
      {"MET_LONG_LONG", SampleType::int64}, {"MET_ULONG_LONG", SampleType::uint64},
      {"MET_FLOAT", SampleType::float32},   {"MET_DOUBLE", SampleType::float64}};
  const auto found = types.find(name);
  return found == types.end() ? std::nullopt : std::optional(found->second);
}

bool says_true(const detail::TextHeader& header, const std::string& key) {
  const std::string value = lower_case(header.value(key));
  return value.starts_with('t') || value.starts_with('y') || value == "1";
}

/// The first of several names that a value goes by.
std::optional<std::vector<double>> any_of_names(const detail::TextHeader& header,
                                                std::initializer_list<const char*> names) {
  for (const char* name : names)
    if (!header.value(name).empty()) return header.numbers(name);
  return std::vector<double>{};
}

Result<VolumeGeometry> metaimage_geometry(const detail::TextHeader& header, const std::filesystem::path& path) {
  const auto dimensions = to_integer(header.value("ndims"));
  const auto sizes = header.numbers("dimsize");
  if (!dimensions || !sizes || sizes->size() != static_cast<std::size_t>(*dimensions) || *dimensions < 2)
    return detail::broken(path, "its NDims and DimSize do not agree");
  const std::size_t n = sizes->size();
  if (n > 3) return detail::refused(path, "holds more than one volume; split it into one file a volume");
  VolumeGeometry geometry;
  std::array<long long, 3> size{1, 1, 1};
  for (std::size_t i = 0; i < n; ++i) {
    if (!((*sizes)[i] >= 1 && (*sizes)[i] < 2147483648.0))
      return detail::broken(path, "it claims an impossible size");
    size[i] = static_cast<long long>((*sizes)[i]);
    geometry.size[i] = static_cast<int>(size[i]);
  }
  BLOCH_CHECK(detail::checked_count(path, size, 1ULL << 45));

  const auto spacing = any_of_names(header, {"elementspacing", "elementsize"});
  const auto origin = any_of_names(header, {"offset", "origin", "position"});
  const auto axes = any_of_names(header, {"transformmatrix", "rotation", "orientation"});
  if (!spacing || !origin || !axes) return detail::broken(path, "its orientation is not made of numbers");
  for (std::size_t i = 0; i < n; ++i) {
    const auto axis = static_cast<int>(i);
    if (spacing->size() == n) geometry.spacing_mm[axis] = (*spacing)[i];
    if (origin->size() == n) geometry.origin.mm[axis] = (*origin)[i];
    if (axes->size() == n * n)
      for (std::size_t row = 0; row < n; ++row)
        geometry.direction(static_cast<int>(row), axis) = (*axes)[i * n + row];
    if (geometry.spacing_mm[axis] < 0) {
      geometry.spacing_mm[axis] *= -1;
      geometry.direction.col(axis) *= -1;
    }
  }
  if (!geometry.is_valid())
    return detail::refused(path, "has sheared or empty axes; resample it to a grid with right angles");
  return geometry;
}

Result<detail::SampleBlock> metaimage_block(const detail::TextHeader& header, const std::filesystem::path& path,
                                            std::uint64_t sample_bytes) {
  detail::SampleBlock block{header.value("elementdatafile"), 0, says_true(header, "compresseddata")};
  if (block.data_file.starts_with("LIST") || block.data_file.find('%') != std::string::npos)
    return detail::refused(path, "is spread over several files; save it as one .mha");
  if (lower_case(block.data_file) == "local") {
    block.data_file.clear();
    block.offset = header.bytes;
  }
  const auto skipped = to_integer(header.value("headersize"));
  if (!skipped || *skipped == 0) return block;
  if (*skipped > 0)
    block.offset += static_cast<std::uint64_t>(*skipped);
  else {
    // -1: the samples end with the file.
    std::error_code code;
    const auto holder = block.data_file.empty() ? path : path.parent_path() / block.data_file;
    const std::uintmax_t size = std::filesystem::file_size(holder, code);
    if (code || size < sample_bytes) return detail::broken(path, "its data file is missing or too short");
    block.offset = size - sample_bytes;
  }
  return block;
}

Result<Volume> read_metaimage(const std::filesystem::path& path, int) {
  BLOCH_TRY(header, detail::read_text_header(path, '=', "elementdatafile"));
  if (header.value("elementdatafile").empty() || header.value("ndims").empty())
    return failure(ErrorKind::malformed, detail::quoted(path) + " is not a MetaImage file; check what it is");
  const auto type = metaimage_type(header.value("elementtype"));
  if (!type)
    return detail::refused(path,
                           "holds samples of type '" + header.value("elementtype") + "'; save grey values");
  const auto channels = to_integer(header.value("elementnumberofchannels"));
  if (channels && *channels != 1)
    return detail::refused(path, "holds colour or vectors; convert them to grey values");
  if (!header.value("binarydata").empty() && !says_true(header, "binarydata"))
    return detail::refused(path, "holds its samples as text; save it as binary");
  BLOCH_TRY(geometry, metaimage_geometry(header, path));
  const std::uint64_t sample_bytes = detail::bytes_of(*type);
  BLOCH_TRY(block, metaimage_block(header, path, geometry.voxel_count() * sample_bytes));
  BLOCH_TRY(bytes, detail::read_sample_block(path, block, geometry.voxel_count(), sample_bytes));
  if (says_true(header, "binarydatabyteordermsb") || says_true(header, "elementbyteordermsb"))
    detail::swap_bytes(bytes, sample_bytes);
  return detail::to_volume(geometry, *type, std::move(bytes));
}

std::string metaimage_header(const VolumeGeometry& geometry, const char* type, bool colour,
                             const std::string& description) {
  const Eigen::Vector3d& origin = geometry.origin.mm;
  const Eigen::Vector3d& spacing = geometry.spacing_mm;
  std::vector<double> axes;
  for (int axis = 0; axis < 3; ++axis)
    for (int row = 0; row < 3; ++row) axes.push_back(geometry.direction(row, axis));
  return "ObjectType = Image\nNDims = 3\nBinaryData = True\nBinaryDataByteOrderMSB = False\nCompressedData = "
         "False\n"
         "TransformMatrix = " +
         detail::joined_numbers(axes) +
         "\nOffset = " + detail::joined_numbers({origin[0], origin[1], origin[2]}) +
         "\nCenterOfRotation = 0 0 0\nElementSpacing = " +
         detail::joined_numbers({spacing[0], spacing[1], spacing[2]}) +
         "\nDimSize = " + std::to_string(geometry.size[0]) + " " + std::to_string(geometry.size[1]) + " " +
         std::to_string(geometry.size[2]) + (colour ? "\nElementNumberOfChannels = 3" : "") +
         "\nElementType = " + type + (description.empty() ? "" : "\nComment = " + description) +
         "\nElementDataFile = LOCAL\n";
}

using Rgb8 = std::array<std::uint8_t, 3>;

template <class Grid>
Result<void> write_described_metaimage(const std::filesystem::path& path, const Grid& grid,
                                       const std::string& description) {
  if (!detail::has_ending(path, ".mha"))
    return detail::refused(path, "would need two files; MetaImage is written as .mha");
  return grid.visit([&]<class T>(std::span<const T> samples) {
    const char* type = std::is_same_v<T, float>           ? "MET_FLOAT"
                       : std::is_same_v<T, std::int16_t>  ? "MET_SHORT"
                       : std::is_same_v<T, std::uint16_t> ? "MET_USHORT"
                                                          : "MET_UCHAR";
    const std::string header = metaimage_header(grid.geometry(), type, std::is_same_v<T, Rgb8>, description);
    const std::array<std::span<const std::uint8_t>, 2> pieces{
        std::span(reinterpret_cast<const std::uint8_t*>(header.data()), header.size()),
        std::span(reinterpret_cast<const std::uint8_t*>(samples.data()), samples.size_bytes())};
    return write_file(path, pieces);
  });
}

template <class Grid> Result<void> write_metaimage(const std::filesystem::path& path, const Grid& grid) {
  return write_described_metaimage(path, grid, {});
}

} // namespace

const ImageFormat& metaimage_format() {
  static const ImageFormat format{
      .name = "metaimage",
      .label = "MetaImage",
      .extensions = {".mha", ".mhd"},
      .help = "Voxels and geometry in LPS, not compressed (.mhd is read only). No patient.",
      .keeps_geometry = true,
      .read = read_metaimage,
      .write = write_described_metaimage<Volume>,
      .write_labels = write_metaimage<LabelMap>,
      .write_colour = write_metaimage<RgbVolume>};
  return format;
}

} // namespace bloch::imaging
