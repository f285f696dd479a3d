#include "imaging/io/detail/bart_array.h"
#include "imaging/io/detail/file_name.h"
#include "imaging/io/kspace_file.h"

namespace bloch::imaging {
namespace {

Result<KSpace> read_bart_kspace(const std::filesystem::path& path, const Progress&) {
  BLOCH_TRY(array, detail::read_bart(path));
  BLOCH_TRY(size, detail::bart_kspace_size(path, array.extents));
  return KSpace(size, std::move(array.samples));
}

Result<RawDataInfo> describe_bart(const std::filesystem::path& path) {
  BLOCH_TRY(extents, detail::read_bart_extents(path));
  RawDataInfo info;
  info.axes = "dimensions 0 kx, 1 ky, 2 kz, 3 coil, 13 slice";
  const auto size = detail::bart_kspace_size(path, extents);
  if (size)
    info.parts.push_back({{}, *size});
  else
    info.refusal = size.error().message;
  return info;
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
      .write = write_bart_kspace,
      .describe = describe_bart};
  return format;
}

} // namespace bloch::imaging
