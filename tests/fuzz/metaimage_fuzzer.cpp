#include "imaging/io/image_file.h"
#include "tests/fuzz/fuzz_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto volume = bloch::imaging::read_image(bloch::fuzz::write_input(".mha", data, size));
  if (volume && !volume->geometry().is_valid()) std::abort();
  return 0;
}
