// Any bytes as a DICOM file: layout, header, grouping and every kind of pixel decoding.
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

#include <sys/mman.h>
#include <unistd.h>

#include "imaging/dicom/read_colour.h"
#include "imaging/dicom/read_series.h"
#include "imaging/dicom/scan.h"
#include "imaging/parallel/parallel_for.h"

namespace {

/// A file in memory with a path: the reader opens files by name.
class MemoryFile {
 public:
  MemoryFile(const std::uint8_t* data, std::size_t size)
      : descriptor_(::memfd_create("fuzz", 0)) {
    std::size_t done = 0;
    while (descriptor_ >= 0 && done < size) {
      const ssize_t count = ::write(descriptor_, data + done, size - done);
      if (count <= 0) break;
      done += static_cast<std::size_t>(count);
    }
  }
  ~MemoryFile() { ::close(descriptor_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  std::filesystem::path path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

 private:
  int descriptor_;
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const bool single_threaded = (bloch::imaging::set_thread_count(1), true);
  if (!single_threaded || size > (1U << 20)) return 0;
  const MemoryFile file(data, size);
  const std::filesystem::path paths[] = {file.path()};
  const auto index = bloch::imaging::scan(paths);
  if (!index) return 0;
  (void)bloch::imaging::to_json(*index);
  for (const bloch::SeriesPlace& place : all_series(*index)) {
    if (place.series->images.size() > 64) continue;
    if (place.series->colour) {
      (void)bloch::imaging::read_colour_volume(*place.series);
      continue;
    }
    const auto volume = bloch::imaging::read_volume(*place.series);
    if (!volume) (void)bloch::imaging::read_middle_image(*place.series);
  }
  return 0;
}
