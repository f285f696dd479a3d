#include <array>
#include <map>
#include <optional>

#include "core/base/file.h"
#include "core/base/text.h"
#include "core/base/version.h"
#include "imaging/io/detail/byte_source.h"
#include "imaging/io/detail/file_name.h"
#include "imaging/io/detail/gzip.h"
#include "imaging/io/detail/samples.h"
#include "imaging/io/detail/text_header.h"
#include "imaging/io/image_file.h"

// source: teem.sourceforge.net/nrrd/format.html. Our own reader, because ITK's allocates what the header
// claims; ITK's is the reference in the tests.

namespace bloch::imaging {
namespace {

using detail::SampleType;

std::optional<SampleType> nrrd_type(const std::string& name) {
  static const std::map<std::string, SampleType> types{{"signed char", SampleType::int8},
                                                       {"int8", SampleType::int8},
                                                       {"int8_t", SampleType::int8},
                                                       {"uchar", SampleType::uint8},
                                                       {"unsigned char", SampleType::uint8},
                                                       {"uint8", SampleType::uint8},
                                                       {"uint8_t", SampleType::uint8},
                                                       {"short", SampleType::int16},
                                                       {"short int", SampleType::int16},
                                                       {"signed short", SampleType::int16},
                                                       {"signed short int", SampleType::int16},
                                                       {"int16", SampleType::int16},
                                                       {"int16_t", SampleType::int16},
                                                       {"ushort", SampleType::uint16},
                                                       {"unsigned short", SampleType::uint16},
                                                       {"unsigned short int", SampleType::uint16},
                                                       {"uint16", SampleType::uint16},
                                                       {"uint16_t", SampleType::uint16},
                                                       {"int", SampleType::int32},
                                                       {"signed int", SampleType::int32},
                                                       {"int32", SampleType::int32},
                                                       {"int32_t", SampleType::int32},
                                                       {"uint", SampleType::uint32},
                                                       {"unsigned int", SampleType::uint32},
                                                       {"uint32", SampleType::uint32},
                                                       {"uint32_t", SampleType::uint32},
                                                       {"longlong", SampleType::int64},
                                                       {"long long", SampleType::int64},
                                                       {"long long int", SampleType::int64},
                                                       {"int64", SampleType::int64},
                                                       {"int64_t", SampleType::int64},
                                                       {"ulonglong", SampleType::uint64},
                                                       {"unsigned long long", SampleType::uint64},
                                                       {"unsigned long long int", SampleType::uint64},
                                                       {"uint64", SampleType::uint64},
                                                       {"uint64_t", SampleType::uint64},
                                                       {"float", SampleType::float32},
                                                       {"double", SampleType::float64}};
  const auto found = types.find(name);
  return found == types.end() ? std::nullopt : std::optional(found->second);
}

/// x and y signs that turn the file's space into LPS; nothing for spaces that are not patient space.
std::optional<Eigen::Vector3d> to_lps(const std::string& space) {
  if (space.empty() || space == "left-posterior-superior" || space == "lps" || space == "scanner-xyz" ||
      space == "3d-right-handed" || space == "3d-left-handed")
    return Eigen::Vector3d(1, 1, 1);
  if (space == "right-anterior-superior" || space == "ras") return Eigen::Vector3d(-1, -1, 1);
  if (space == "left-anterior-superior" || space == "las") return Eigen::Vector3d(1, -1, 1);
  return std::nullopt;
}

Result<void> set_nrrd_size(VolumeGeometry& geometry, const detail::TextHeader& header,
                           const std::filesystem::path& path) {
  const auto sizes = header.numbers("sizes");
  const auto dimension = to_integer(header.value("dimension"));
  if (!sizes || !dimension || sizes->size() != static_cast<std::size_t>(*dimension) || sizes->empty())
    return detail::broken(path, "its sizes and its dimension do not agree");
  if (sizes->size() > 3 || lower_case(header.value("kinds")).find("vector") != std::string::npos)
    return detail::refused(path, "holds vectors, colours or several volumes; save one grey volume");
  std::array<long long, 3> size{1, 1, 1};
  for (std::size_t i = 0; i < sizes->size(); ++i) {
    if (!((*sizes)[i] >= 1 && (*sizes)[i] < 2147483648.0))
      return detail::broken(path, "it claims an impossible size");
    size[i] = static_cast<long long>((*sizes)[i]);
    geometry.size[i] = static_cast<int>(size[i]);
  }
  BLOCH_CHECK(detail::checked_count(path, size, 1ULL << 45));
  return {};
}

Result<VolumeGeometry> nrrd_geometry(const detail::TextHeader& header, const std::filesystem::path& path) {
  VolumeGeometry geometry;
  BLOCH_CHECK(set_nrrd_size(geometry, header, path));
  const auto signs = to_lps(lower_case(header.value("space")));
  if (!signs)
    return detail::refused(path, "is in space '" + header.value("space") + "', which is not the patient's");
  const auto directions = header.numbers("space directions");
  const auto origin = header.numbers("space origin");
  const auto spacings = header.numbers("spacings");
  if (!directions || !origin || !spacings)
    return detail::broken(path, "its orientation is not made of numbers");
  if (directions->size() == 9) {
    for (int axis = 0; axis < 3; ++axis) {
      const auto at = directions->begin() + 3 * axis;
      const Eigen::Vector3d column = signs->cwiseProduct(Eigen::Vector3d(*at, *(at + 1), *(at + 2)));
      geometry.spacing_mm[axis] = column.norm();
      geometry.direction.col(axis) = column / column.norm();
    }
  } else if (!directions->empty()) {
    return detail::refused(path, "has an orientation of other than three dimensions; save it as a volume");
  } else {
    for (std::size_t i = 0; i < std::min<std::size_t>(3, spacings->size()); ++i)
      geometry.spacing_mm[static_cast<int>(i)] = std::abs((*spacings)[i]);
  }
  if (origin->size() == 3)
    geometry.origin.mm = signs->cwiseProduct(Eigen::Vector3d((*origin)[0], (*origin)[1], (*origin)[2]));
  if (!geometry.is_valid())
    return detail::refused(path, "has sheared or empty axes; resample it to a grid with right angles");
  return geometry;
}

Result<Volume> read_nrrd(const std::filesystem::path& path, int) {
  BLOCH_TRY(header, detail::read_text_header(path, ':', ""));
  if (!header.first_line.starts_with("NRRD"))
    return failure(ErrorKind::malformed, detail::quoted(path) + " is not an NRRD file; check what it is");
  const auto type = nrrd_type(lower_case(header.value("type")));
  if (!type)
    return detail::refused(path, "holds samples of type '" + header.value("type") + "'; save them as numbers");
  const std::string encoding = lower_case(header.value("encoding"));
  const bool compressed = encoding == "gzip" || encoding == "gz";
  if (encoding != "raw" && !compressed)
    return detail::refused(path, "is encoded as '" + encoding + "'; save it as raw or gzip");
  BLOCH_TRY(geometry, nrrd_geometry(header, path));

  detail::SampleBlock block{header.value("data file"), header.bytes, compressed};
  if (block.data_file.empty()) block.data_file = header.value("datafile");
  if (block.data_file.starts_with("LIST") || block.data_file.find('%') != std::string::npos)
    return detail::refused(path, "is spread over several files; save it as one");
  if (!block.data_file.empty()) block.offset = 0;
  if (!header.value("byte skip").empty() || !header.value("line skip").empty())
    return detail::refused(path, "skips bytes or lines before its data; save it without");
  BLOCH_TRY(bytes, detail::read_sample_block(path, block, geometry.voxel_count(), detail::bytes_of(*type)));
  if (lower_case(header.value("endian")) == "big") detail::swap_bytes(bytes, detail::bytes_of(*type));
  return detail::to_volume(geometry, *type, std::move(bytes));
}

std::string nrrd_header(const VolumeGeometry& geometry, const char* type, bool colour,
                        const std::string& description) {
  std::string directions;
  for (int axis = 0; axis < 3; ++axis) {
    const Eigen::Vector3d column = geometry.direction.col(axis) * geometry.spacing_mm[axis];
    directions += " (" + detail::joined_numbers({column[0], column[1], column[2]}, ",") + ")";
  }
  const Eigen::Vector3d& origin = geometry.origin.mm;
  return std::string("NRRD0004\n# Bloch ") + version() + ", " + not_for_diagnosis + "\ntype: " + type +
         (description.empty() ? "" : "\ncontent: " + description) + "\ndimension: " + (colour ? "4" : "3") +
         "\nspace: left-posterior-superior\nsizes: " + (colour ? "3 " : "") + std::to_string(geometry.size[0]) +
         " " + std::to_string(geometry.size[1]) + " " + std::to_string(geometry.size[2]) +
         "\nspace directions:" + (colour ? " none" : "") + directions +
         "\nkinds:" + (colour ? " RGB-color" : "") +
         " domain domain domain\nendian: little\nencoding: gzip\nspace origin: (" +
         detail::joined_numbers({origin[0], origin[1], origin[2]}, ",") + ")\n\n";
}

using Rgb8 = std::array<std::uint8_t, 3>;

template <class Grid>
Result<void> write_described_nrrd(const std::filesystem::path& path, const Grid& grid,
                                  const std::string& description) {
  return grid.visit([&]<class T>(std::span<const T> samples) {
    const char* type = std::is_same_v<T, float>           ? "float"
                       : std::is_same_v<T, std::int16_t>  ? "int16"
                       : std::is_same_v<T, std::uint16_t> ? "uint16"
                                                          : "uint8";
    const std::string header = nrrd_header(grid.geometry(), type, std::is_same_v<T, Rgb8>, description);
    const std::array<std::span<const std::uint8_t>, 1> voxels{
        std::span(reinterpret_cast<const std::uint8_t*>(samples.data()), samples.size_bytes())};
    const std::vector<std::uint8_t> packed = detail::gzip(voxels);
    const std::array<std::span<const std::uint8_t>, 2> pieces{
        std::span(reinterpret_cast<const std::uint8_t*>(header.data()), header.size()), packed};
    return write_file(path, pieces);
  });
}

template <class Grid> Result<void> write_nrrd(const std::filesystem::path& path, const Grid& grid) {
  return write_described_nrrd(path, grid, {});
}

} // namespace

const ImageFormat& nrrd_format() {
  static const ImageFormat format{.name = "nrrd",
                                  .label = "NRRD",
                                  .extensions = {".nrrd"},
                                  .help = "Voxels and geometry in LPS, gzip. No patient.",
                                  .keeps_geometry = true,
                                  .read = read_nrrd,
                                  .write = write_described_nrrd<Volume>,
                                  .write_labels = write_nrrd<LabelMap>,
                                  .write_colour = write_nrrd<RgbVolume>};
  return format;
}

} // namespace bloch::imaging
