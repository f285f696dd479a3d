#include <array>

#include "imaging/io/detail/npz_file.h"
#include "imaging/io/detail/numpy_kspace.h"
#include "imaging/io/kspace_file.h"

namespace bloch::imaging {
namespace {

constexpr std::array<std::string_view, 4> npz_kspace_names{"kspace", "ksp", "k_space", "data"};

template <CoilAxis coil_axis>
Result<KSpace> read_npz_kspace(const std::filesystem::path& path, const Progress&) {
  BLOCH_TRY(array, detail::read_npz(path, npz_kspace_names));
  return detail::to_kspace(array, coil_axis, path);
}

Result<RawDataInfo> describe_npz(const std::filesystem::path& path) {
  BLOCH_TRY(head, detail::read_npz_head(path, npz_kspace_names));
  return detail::describe_array(head, detail::numpy_axes, path);
}

} // namespace

const KSpaceFormat& npz_format() {
  static const KSpaceFormat format{
      .name = "npz",
      .label = "NumPy archive",
      .extensions = {".npz"},
      .help = "Its only array, or the one called kspace, ksp, k_space or data, or FILE.npz#NAME; "
              "shapes as for .npy. Read only.",
      .read = read_npz_kspace<CoilAxis::automatic>,
      .read_one_coil = read_npz_kspace<CoilAxis::none>,
      .describe = describe_npz};
  return format;
}

} // namespace bloch::imaging
