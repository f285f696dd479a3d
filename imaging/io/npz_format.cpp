#include <array>

#include "imaging/io/detail/npz_file.h"
#include "imaging/io/detail/numpy_kspace.h"
#include "imaging/io/kspace_file.h"

namespace bloch::imaging {
namespace {

Result<KSpace> read_npz_kspace(const std::filesystem::path& path, const Progress&) {
  static constexpr std::array<std::string_view, 4> names{"kspace", "ksp", "k_space", "data"};
  BLOCH_TRY(array, detail::read_npz(path, names));
  return detail::to_kspace(array, path);
}

} // namespace

const KSpaceFormat& npz_format() {
  static const KSpaceFormat format{
      .name = "npz",
      .label = "NumPy archive",
      .extensions = {".npz"},
      .help = "Its only array, or the one called kspace, ksp, k_space or data, or FILE.npz#NAME; "
              "shapes as for .npy. Read only.",
      .read = read_npz_kspace};
  return format;
}

} // namespace bloch::imaging
