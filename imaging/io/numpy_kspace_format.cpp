#include "imaging/io/detail/file_name.h"
#include "imaging/io/detail/npy_array.h"
#include "imaging/io/detail/numpy_kspace.h"
#include "imaging/io/kspace_file.h"

namespace bloch::imaging {
namespace detail {

Result<KSpaceSize> kspace_size(std::span<const int> extents, CoilAxis coil_axis,
                               const std::filesystem::path& path) {
  const std::size_t n = extents.size();
  const bool one_coil = coil_axis == CoilAxis::none;
  if (n < 2 || n > 5 || (one_coil && n > 3))
    return refused(path, "has " + std::to_string(n) + " dimensions; " +
                             (one_coil ? "without a coil axis k-space is [ky][kx] or [kz][ky][kx]; in MATLAB "
                                         "(kx, ky) or (kx, ky, kz)"
                                       : "k-space is [ky][kx], [coil][ky][kx], [coil][kz][ky][kx] or "
                                         "[slice][coil][kz][ky][kx]"));
  KSpaceSize size;
  size.kx = extents[n - 1];
  size.ky = extents[n - 2];
  if (n == 3) (one_coil ? size.kz : size.coils) = extents[0];
  if (n >= 4) {
    size.kz = extents[n - 3];
    size.coils = extents[n - 4];
  }
  if (n == 5) size.slices = extents[0];
  if (size.kz > 1 && size.slices > 1) return refused(path, "holds several slabs of 3D data; give one a file");
  return size;
}

Result<void> check_complex(bool complex, const std::filesystem::path& path) {
  if (complex) return {};
  return refused(path, "holds real numbers; k-space is complex (an image is given to recon with --simulate)");
}

Result<RawDataInfo> describe_array(const ArrayHead& head, std::span<const std::string_view, 4> axes,
                                   const std::filesystem::path& path) {
  BLOCH_CHECK(check_complex(head.complex, path));
  RawDataInfo info;
  info.array = head.name;
  const auto size = kspace_size(head.extents, CoilAxis::automatic, path);
  if (!size) {
    info.refusal = size.error().message;
    return info;
  }
  info.axes = axes[head.extents.size() - 2];
  info.parts.push_back({{}, *size});
  if (const auto one_coil = kspace_size(head.extents, CoilAxis::none, path); one_coil && *one_coil != *size)
    info.without_coil_axis = *one_coil;
  return info;
}

Result<KSpace> to_kspace(const NpyArray& array, CoilAxis coil_axis, const std::filesystem::path& path) {
  BLOCH_CHECK(check_complex(array.complex, path));
  BLOCH_TRY(size, kspace_size(array.extents, coil_axis, path));
  return KSpace(size, to_complex(array));
}

} // namespace detail
namespace {

template <CoilAxis coil_axis>
Result<KSpace> read_numpy_kspace(const std::filesystem::path& path, const Progress&) {
  BLOCH_TRY(array, detail::read_npy(path));
  return detail::to_kspace(array, coil_axis, path);
}

Result<RawDataInfo> describe_numpy(const std::filesystem::path& path) {
  BLOCH_TRY(head, detail::read_npy_head(path));
  return detail::describe_array(head, detail::numpy_axes, path);
}

Result<void> write_numpy_kspace(const std::filesystem::path& path, const KSpace& kspace) {
  const KSpaceSize& size = kspace.size();
  std::vector<int> extents{size.coils, size.ky, size.kx};
  if (size.kz > 1 || size.slices > 1) extents.insert(extents.begin() + 1, size.kz);
  if (size.slices > 1) extents.insert(extents.begin(), size.slices);
  const auto samples = kspace.samples();
  return detail::write_npy(path, "<c8", extents,
                           {reinterpret_cast<const std::uint8_t*>(samples.data()), samples.size_bytes()});
}

} // namespace

const KSpaceFormat& numpy_kspace_format() {
  static const KSpaceFormat format{.name = "numpy",
                                   .label = "NumPy array",
                                   .extensions = {".npy"},
                                   .help = "Complex [ky][kx], [coil][ky][kx], [coil][kz][ky][kx] or "
                                           "[slice][coil][kz][ky][kx]; with --coil-axis none [ky][kx] or "
                                           "[kz][ky][kx]. No geometry.",
                                   .read = read_numpy_kspace<CoilAxis::automatic>,
                                   .write = write_numpy_kspace,
                                   .read_one_coil = read_numpy_kspace<CoilAxis::none>,
                                   .describe = describe_numpy};
  return format;
}

} // namespace bloch::imaging
