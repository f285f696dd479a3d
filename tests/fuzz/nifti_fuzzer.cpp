#include "imaging/io/image_file.h"
#include "tests/fuzz/fuzz_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto path = bloch::fuzz::write_input(".nii", data, size);
  const auto volumes = bloch::imaging::count_volumes(path);
  if (!volumes) return 0;
  for (const int volume : {0, *volumes - 1}) {
    const auto read = bloch::imaging::read_image(path, volume);
    if (read && !read->geometry().is_valid()) std::abort();
  }
  return 0;
}
