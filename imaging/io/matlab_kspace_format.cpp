#include <array>

#include "imaging/io/detail/file_name.h"
#include "imaging/io/detail/mat_file.h"
#include "imaging/io/detail/numpy_kspace.h"
#include "imaging/io/kspace_file.h"

namespace bloch::imaging {
namespace {

constexpr std::array<std::string_view, 4> mat_kspace_names{"kspace", "ksp", "k_space", "data"};

template <CoilAxis coil_axis>
Result<KSpace> read_matlab_kspace(const std::filesystem::path& path, const Progress&) {
  BLOCH_TRY(array, detail::read_mat(path, {mat_kspace_names, true}));
  if (array.extents.size() > 5)
    return detail::refused(path, "is " + detail::mat_size(array) +
                                     "; k-space is (kx, ky), (kx, ky, coil), (kx, ky, kz, coil) or "
                                     "(kx, ky, kz, coil, slice)");
  return detail::to_kspace(array, coil_axis, path);
}

Result<RawDataInfo> describe_matlab(const std::filesystem::path& path) {
  static constexpr std::array<std::string_view, 4> axes{"(kx, ky)", "(kx, ky, coil)", "(kx, ky, kz, coil)",
                                                        "(kx, ky, kz, coil, slice)"};
  BLOCH_TRY(head, detail::read_mat_head(path, {mat_kspace_names, true}));
  return detail::describe_array(head, axes, path);
}

} // namespace

const KSpaceFormat& matlab_kspace_format() {
  static const KSpaceFormat format{
      .name = "matlab",
      .label = "MATLAB",
      .extensions = {".mat"},
      .help =
          "Complex (kx, ky), (kx, ky, coil), (kx, ky, kz, coil) or (kx, ky, kz, coil, slice), the first "
          "index the readout: the variable called kspace, ksp, k_space or data, or the only complex array, "
          "or FILE.mat#NAME. Saved with -v6, -v7 or -v7.3. MATLAB drops a last extent of 1, so (kx, ky, kz) "
          "of one coil looks like coils: --coil-axis none says that it is not. No geometry. Read only.",
      .read = read_matlab_kspace<CoilAxis::automatic>,
      .read_one_coil = read_matlab_kspace<CoilAxis::none>,
      .describe = describe_matlab};
  return format;
}

} // namespace bloch::imaging
