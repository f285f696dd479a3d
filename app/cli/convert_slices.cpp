#include "app/cli/convert_slices.h"

#include <array>
#include <span>
#include <vector>

#include <fmt/format.h>

#include "core/base/file.h"
#include "imaging/dicom/read_series.h"
#include "imaging/io/volumes_file.h"

namespace bloch::app {

Result<void> convert_by_slices(const Invocation& invocation, const SeriesInfo& series, int volume,
                               const std::filesystem::path& out) {
  std::array<int, 3> size{};
  std::vector<Warning> warnings;
  const auto written = write_beside(out, [&](const std::filesystem::path& beside) -> Result<void> {
    imaging::NiftiSlices file(beside, out);
    const imaging::SliceSink sink{
        [&](const VolumeGeometry& geometry, bool int16) {
          size = geometry.size;
          return file.begin(geometry, int16);
        },
        [&](std::size_t k, std::span<const std::uint8_t> bytes) { return file.put(k, bytes); }};
    BLOCH_CHECK(imaging::stream_volume(series, sink, invocation.progress.child(0.2, 1), volume, &warnings));
    return file.close();
  });
  if (!written) return written;
  for (const Warning& warning : warnings) invocation.warn(warning.message);
  invocation.say(fmt::format("{} x {} x {} voxels to {}", size[0], size[1], size[2], out.string()));
  return {};
}

} // namespace bloch::app
