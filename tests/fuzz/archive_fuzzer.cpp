// Any bytes as an archive: names stay relative, sizes within the limits, whatever the headers say.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "imaging/archive/archive.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bloch;
  using namespace bloch::imaging;
  if (size > (1U << 19)) return 0;
  ArchiveLimits limits;
  limits.entries = 64;
  limits.bytes = 4 << 20;
  limits.free_bytes = 1 << 20;
  std::size_t files = 0;
  std::uint64_t bytes = 0;
  const auto left_out =
      read_archive({data, size}, limits, [&](const std::filesystem::path& name) -> Result<ArchiveWriter> {
        if (name.empty() || name.is_absolute() || ++files > limits.entries) std::abort();
        for (const auto& part : name)
          if (part == ".." || part == ".") std::abort();
        return ArchiveWriter([&](std::span<const std::uint8_t> piece) -> Result<void> {
          bytes += piece.size();
          if (bytes > limits.bytes) std::abort();
          return {};
        });
      });
  if (left_out && left_out->size() > 2 * limits.entries + 1) std::abort();
  return 0;
}
