// MAT-files of level 7.3, which are HDF5 and read in a process of their own: libFuzzer sees nothing of what
// happens there, so its mutations are blind; what counts is that every answer comes, soon, and is sound.
#include <cstdlib>
#include <cstring>

#include "imaging/io/image_file.h"
#include "imaging/io/kspace_file.h"
#include "tests/fuzz/fuzz_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t at = 512;
  if (size < at + 4 || std::memcmp(data + at, "\x89HDF", 4) != 0) return 0;
  const auto path = bloch::fuzz::write_input(".mat", data, size);
  const auto kspace = bloch::imaging::read_kspace(path);
  if (kspace && kspace->samples().size() != kspace->size().sample_count()) std::abort();
  const auto volume = bloch::imaging::read_image(path);
  if (volume && !volume->geometry().is_valid()) std::abort();
  return 0;
}
