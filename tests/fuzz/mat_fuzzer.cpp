// MAT-files of level 5. Those of level 7.3 are HDF5: mat73_fuzzer.cpp.
#include <cstdlib>
#include <cstring>

#include "imaging/io/image_file.h"
#include "imaging/io/kspace_file.h"
#include "tests/fuzz/fuzz_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  for (const std::size_t at : {std::size_t{0}, std::size_t{512}})
    if (size >= at + 4 && std::memcmp(data + at, "\x89HDF", 4) == 0) return 0;
  const auto path = bloch::fuzz::write_input(".mat", data, size);
  const auto kspace = bloch::imaging::read_kspace(path);
  const auto array = bloch::imaging::read_complex(path);
  if (array && array->extents.size() != 5) std::abort();
  const auto volume = bloch::imaging::read_image(path);
  if (volume && !volume->geometry().is_valid()) std::abort();
  if (kspace && bloch::imaging::holds_real_numbers(path)) std::abort();
  return 0;
}
