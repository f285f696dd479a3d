#include "imaging/io/detail/nifti_header.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>

#include <Eigen/Geometry>
#include <Eigen/SVD>
#include <fmt/format.h>

#include "core/base/version.h"
#include "imaging/io/detail/file_name.h"

namespace bloch::imaging::detail {
namespace {

/// Where each field lies, in the two versions of the header.
struct NiftiLayout {
  std::size_t bytes, datatype, dim, pixdim, vox_offset, slope, intercept, units, qform_code, sform_code,
      quaternion, qoffset, srow;
  bool wide; ///< NIfTI-2: int64 and double where NIfTI-1 has int16 and float
};
constexpr NiftiLayout nifti_1{348, 70, 40, 76, 108, 112, 116, 123, 252, 254, 256, 268, 280, false};
constexpr NiftiLayout nifti_2{540, 12, 16, 104, 168, 176, 184, 500, 344, 348, 352, 376, 400, true};

const Eigen::DiagonalMatrix<double, 3> ras_to_lps(-1, -1, 1);
constexpr std::uint64_t most_nifti_volumes = 1'000'000;

/// Units of the fourth dimension, in ms; 0 where it is no time.
double milliseconds(int units) {
  switch (units & 0x38) {
  case 8:
    return 1000;
  case 16:
    return 1;
  case 24:
    return 0.001;
  default:
    return 0;
  }
}

class NiftiFields {
 public:
  NiftiFields(std::span<const std::uint8_t> bytes, const NiftiLayout& layout, bool swapped)
      : bytes_(bytes)
      , layout_(layout)
      , swapped_(swapped) {}

  template <class T> T at(std::size_t offset) const {
    std::array<std::uint8_t, sizeof(T)> raw{};
    std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(offset), sizeof(T), raw.begin());
    if (swapped_) std::reverse(raw.begin(), raw.end());
    T value;
    std::memcpy(&value, raw.data(), sizeof(T));
    return value;
  }
  double real(std::size_t offset, std::size_t index = 0) const {
    return layout_.wide ? at<double>(offset + 8 * index) : static_cast<double>(at<float>(offset + 4 * index));
  }
  long long extent(std::size_t index) const {
    return layout_.wide ? at<std::int64_t>(layout_.dim + 8 * index) : at<std::int16_t>(layout_.dim + 2 * index);
  }
  int code(std::size_t offset) const {
    return layout_.wide ? at<std::int32_t>(offset) : at<std::int16_t>(offset);
  }
  int units() const { return layout_.wide ? at<std::int32_t>(layout_.units) : bytes_[layout_.units]; }
  const NiftiLayout& layout() const { return layout_; }

 private:
  std::span<const std::uint8_t> bytes_;
  const NiftiLayout& layout_;
  bool swapped_;
};

std::optional<SampleType> nifti_type(int code) {
  switch (code) {
  case 2:
    return SampleType::uint8;
  case 4:
    return SampleType::int16;
  case 8:
    return SampleType::int32;
  case 16:
    return SampleType::float32;
  case 64:
    return SampleType::float64;
  case 256:
    return SampleType::int8;
  case 512:
    return SampleType::uint16;
  case 768:
    return SampleType::uint32;
  case 1024:
    return SampleType::int64;
  case 1280:
    return SampleType::uint64;
  default:
    return std::nullopt;
  }
}

double millimetres(const NiftiFields& fields) {
  switch (fields.units() & 7) {
  case 1:
    return 1000;
  case 3:
    return 0.001;
  default:
    return 1;
  }
}

/// Axes from three columns in RAS; nothing when they are sheared by more than about half a degree.
bool set_axes(VolumeGeometry& geometry, const Eigen::Matrix3d& columns) {
  if (!columns.allFinite()) return false;
  Eigen::Matrix3d unit;
  for (int axis = 0; axis < 3; ++axis) {
    geometry.spacing_mm[axis] = columns.col(axis).norm();
    if (!(geometry.spacing_mm[axis] > 0)) return false;
    unit.col(axis) = columns.col(axis) / geometry.spacing_mm[axis];
  }
  if ((unit.transpose() * unit - Eigen::Matrix3d::Identity()).cwiseAbs().maxCoeff() > 0.01) return false;
  // Nearest rotation: float headers leave axes orthogonal to about 1e-7 only.
  const Eigen::JacobiSVD<Eigen::Matrix3d> svd(unit, Eigen::ComputeFullU | Eigen::ComputeFullV);
  geometry.direction = ras_to_lps * (svd.matrixU() * svd.matrixV().transpose());
  return true;
}

bool from_sform(VolumeGeometry& geometry, const NiftiFields& fields, double scale) {
  Eigen::Matrix<double, 3, 4> affine;
  for (std::size_t row = 0; row < 3; ++row)
    for (std::size_t column = 0; column < 4; ++column)
      affine(static_cast<int>(row), static_cast<int>(column)) =
          scale * fields.real(fields.layout().srow, 4 * row + column);
  geometry.origin.mm = ras_to_lps * affine.col(3);
  return set_axes(geometry, affine.leftCols<3>());
}

bool from_qform(VolumeGeometry& geometry, const NiftiFields& fields, double scale) {
  const NiftiLayout& at = fields.layout();
  const Eigen::Vector3d bcd(fields.real(at.quaternion), fields.real(at.quaternion, 1),
                            fields.real(at.quaternion, 2));
  const Eigen::Vector3d offset(fields.real(at.qoffset), fields.real(at.qoffset, 1), fields.real(at.qoffset, 2));
  if (!bcd.allFinite()) return false;
  Eigen::Quaterniond rotation(std::sqrt(std::max(0.0, 1 - bcd.squaredNorm())), bcd[0], bcd[1], bcd[2]);
  rotation.normalize();
  Eigen::Matrix3d columns = rotation.toRotationMatrix();
  if (fields.real(at.pixdim) < 0) columns.col(2) *= -1;
  for (int axis = 0; axis < 3; ++axis)
    columns.col(axis) *= scale * std::abs(fields.real(at.pixdim, static_cast<std::size_t>(axis) + 1));
  geometry.origin.mm = ras_to_lps * (scale * offset);
  return set_axes(geometry, columns);
}

/// Neither form: method 1 of the standard, voxels along RAS from the origin.
void from_pixdim(VolumeGeometry& geometry, const NiftiFields& fields, double scale) {
  for (int axis = 0; axis < 3; ++axis) {
    const double spacing =
        scale * std::abs(fields.real(fields.layout().pixdim, static_cast<std::size_t>(axis) + 1));
    geometry.spacing_mm[axis] = std::isfinite(spacing) && spacing > 0 ? spacing : 1.0;
  }
  geometry.direction = ras_to_lps;
  geometry.origin = {};
}

Result<void> set_size(NiftiHeader& header, const NiftiFields& fields, const std::filesystem::path& path,
                      std::uint64_t most_bytes) {
  const long long dimensions = fields.extent(0);
  if (dimensions < 1 || dimensions > 7) return broken(path, "its number of dimensions is not between 1 and 7");
  std::array<long long, 3> size{1, 1, 1};
  std::uint64_t volumes = 1;
  const std::uint64_t most = most_bytes / bytes_of(header.type);
  for (std::size_t i = 1; i <= static_cast<std::size_t>(dimensions); ++i) {
    const long long extent = fields.extent(i);
    if (i <= 3) {
      size[i - 1] = extent;
    } else if (extent > 1) {
      const auto times = static_cast<std::uint64_t>(extent);
      if (times > most / volumes) return broken(path, "it claims more volumes than the file can hold");
      volumes *= times;
    }
  }
  BLOCH_CHECK(checked_count(path, size, most / volumes));
  if (volumes > most_nifti_volumes)
    return refused(path, fmt::format("holds {} volumes, more than {}; split it", volumes, most_nifti_volumes));
  header.volumes = static_cast<int>(volumes);
  for (std::size_t i = 0; i < 3; ++i) header.geometry.size[i] = static_cast<int>(size[i]);
  return {};
}

Result<NiftiHeader> parse_nifti(const NiftiFields& fields, const std::filesystem::path& path,
                                std::uint64_t most_bytes) {
  const NiftiLayout& at = fields.layout();
  NiftiHeader header;
  header.header_bytes = at.bytes;
  const std::optional<SampleType> type = nifti_type(fields.code(at.datatype));
  if (!type)
    return refused(path, "holds samples of NIfTI type " + std::to_string(fields.code(at.datatype)) +
                             " (colour, complex or binary); convert them to grey values");
  header.type = *type;
  BLOCH_CHECK(set_size(header, fields, path, most_bytes));

  const double scale = millimetres(fields);
  const bool placed = (fields.code(at.sform_code) > 0 && from_sform(header.geometry, fields, scale)) ||
                      (fields.code(at.qform_code) > 0 && from_qform(header.geometry, fields, scale));
  if (!placed) {
    if (fields.code(at.sform_code) > 0 || fields.code(at.qform_code) > 0)
      return refused(path,
                     "has a sheared or empty orientation matrix; resample it to a grid with right angles");
    from_pixdim(header.geometry, fields, scale);
  }
  if (!header.geometry.is_valid()) return broken(path, "its position or spacing is not a number");

  const double step_ms = fields.real(at.pixdim, 4) * milliseconds(fields.units());
  if (header.volumes > 1 && fields.extent(0) == 4 && step_ms > 0 && std::isfinite(step_ms))
    header.time_step_ms = step_ms;
  const double offset =
      at.wide ? static_cast<double>(fields.at<std::int64_t>(at.vox_offset)) : fields.real(at.vox_offset);
  if (!(offset >= 0) || offset > 9e15) return broken(path, "its data offset is impossible");
  header.data_offset = std::max<std::uint64_t>(static_cast<std::uint64_t>(offset), at.bytes);
  const double slope = fields.real(at.slope);
  const double intercept = fields.real(at.intercept);
  if (std::isfinite(slope) && slope != 0) {
    header.slope = slope;
    header.intercept = std::isfinite(intercept) ? intercept : 0;
  }
  return header;
}

template <class T> void put(std::array<std::uint8_t, 352>& header, std::size_t offset, T value) {
  std::memcpy(header.data() + offset, &value, sizeof(T));
}

} // namespace

Result<NiftiHeader> read_nifti_header(ByteSource& source, const std::filesystem::path& path) {
  std::array<std::uint8_t, 540> bytes{};
  BLOCH_CHECK(source.read(std::span(bytes).first(348)));
  for (const NiftiLayout* layout : {&nifti_1, &nifti_2})
    for (const bool swapped : {false, true}) {
      const NiftiFields fields(bytes, *layout, swapped);
      if (fields.at<std::int32_t>(0) != static_cast<std::int32_t>(layout->bytes)) continue;
      const char* magic = reinterpret_cast<const char*>(bytes.data()) + (layout->wide ? 4 : 344);
      if (std::memcmp(magic, layout->wide ? "n+2" : "n+1", 4) != 0)
        return refused(path, "is an Analyze or two-file NIfTI header; convert it to .nii.gz");
      if (layout->wide) BLOCH_CHECK(source.read(std::span(bytes).subspan(348)));
      BLOCH_TRY(header, parse_nifti(fields, path, source.most_bytes()));
      header.swapped = swapped;
      return header;
    }
  return failure(ErrorKind::malformed, quoted(path) + " is not a NIfTI file; check what it is");
}

Result<void> check_nifti_size(const VolumeGeometry& geometry) {
  for (const int extent : geometry.size)
    if (extent > 32767)
      return failure(ErrorKind::unsupported,
                     "NIfTI-1 keeps at most 32767 voxels a side; write .nrrd or .npy instead");
  return {};
}

std::array<std::uint8_t, nifti_header_bytes> nifti_header(const VolumeGeometry& geometry, SampleType type,
                                                          int volumes, const std::string& description) {
  std::array<std::uint8_t, nifti_header_bytes> header{};
  const auto code = [&]() -> std::int16_t {
    switch (type) {
    case SampleType::uint8:
      return 2;
    case SampleType::int16:
      return 4;
    case SampleType::uint16:
      return 512;
    default:
      return 16;
    }
  }();
  Eigen::Matrix3d direction = ras_to_lps * geometry.direction;
  const Eigen::Vector3d origin = ras_to_lps * geometry.origin.mm;
  for (std::size_t row = 0; row < 3; ++row) {
    const auto r = static_cast<int>(row);
    for (std::size_t column = 0; column < 3; ++column) {
      const auto c = static_cast<int>(column);
      put(header, 280 + 16 * row + 4 * column, static_cast<float>(direction(r, c) * geometry.spacing_mm[c]));
    }
    put(header, 280 + 16 * row + 12, static_cast<float>(origin[r]));
    put(header, 268 + 4 * row, static_cast<float>(origin[r]));
    put(header, 80 + 4 * row, static_cast<float>(geometry.spacing_mm[r]));
    put(header, 42 + 2 * row, static_cast<std::int16_t>(geometry.size[row]));
  }
  const bool left_handed = direction.determinant() < 0;
  if (left_handed) direction.col(2) *= -1;
  Eigen::Quaterniond rotation(direction);
  if (rotation.w() < 0) rotation.coeffs() *= -1;
  put(header, 256, static_cast<float>(rotation.x()));
  put(header, 260, static_cast<float>(rotation.y()));
  put(header, 264, static_cast<float>(rotation.z()));
  put(header, 76, left_handed ? -1.0F : 1.0F);

  put(header, 0, std::int32_t{348});
  header[38] = 'r';
  put(header, 40, static_cast<std::int16_t>(volumes > 1 ? 4 : 3));
  for (std::size_t i = 4; i < 8; ++i) put(header, 40 + 2 * i, std::int16_t{1});
  put(header, 48, static_cast<std::int16_t>(volumes));
  put(header, 70, code);
  put(header, 72, static_cast<std::int16_t>(8 * bytes_of(type)));
  put(header, 108, 352.0F);
  put(header, 112, 1.0F);
  header[123] = 2; // mm
  const std::string made_by =
      description + (description.empty() ? "" : "; ") + "Bloch " + version() + ", not for diagnostic use";
  std::memcpy(header.data() + 148, made_by.data(), std::min<std::size_t>(made_by.size(), 79));
  put(header, 252, std::int16_t{1});
  put(header, 254, std::int16_t{1});
  std::memcpy(header.data() + 344, "n+1", 4);
  return header;
}

} // namespace bloch::imaging::detail
