#include "imaging/io/detail/bart_array.h"
#include "imaging/io/detail/file_name.h"
#include "imaging/io/kspace_file.h"

namespace bloch::imaging {
namespace {

Result<KSpace> read_bart_kspace(const std::filesystem::path& path, const Progress&) {
  BLOCH_TRY(array, detail::read_bart(path));
  constexpr std::array<std::size_t, 5> allowed{0, 1, 2, detail::bart_coil, detail::bart_slice};
  BLOCH_CHECK(detail::allow_only(path, array, allowed));
  const auto extent = [&](std::size_t dimension) { return static_cast<int>(array.extents[dimension]); };
  if (extent(2) > 1 && extent(detail::bart_slice) > 1)
    return detail::refused(path, "holds several slabs of 3D data; cut out one with `bart slice 13 0`");
  const KSpaceSize size{extent(0), extent(1), extent(2), extent(detail::bart_coil), extent(detail::bart_slice)};
  return KSpace(size, std::move(array.samples));
}

Result<void> write_bart_kspace(const std::filesystem::path& path, const KSpace& kspace) {
  const KSpaceSize& size = kspace.size();
  std::array<long long, detail::bart_dimensions> extents{};
  extents.fill(1);
  extents[0] = size.kx;
  extents[1] = size.ky;
  extents[2] = size.kz;
  extents[detail::bart_coil] = size.coils;
  extents[detail::bart_slice] = size.slices;
  return detail::write_bart(path, extents, kspace.samples());
}

} // namespace

const KSpaceFormat& bart_format() {
  static const KSpaceFormat format{
      .name = "bart",
      .label = "BART",
      .extensions = {".cfl", ".hdr"},
      .help = "Dimensions 0 to 2 are kx, ky, kz, 3 coils, 13 slices; the others must be 1. No geometry.",
      .read = read_bart_kspace,
      .write = write_bart_kspace};
  return format;
}

} // namespace bloch::imaging
