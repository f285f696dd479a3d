#include <algorithm>

#include "imaging/io/kspace_file.h"
#include "tests/fuzz/fuzz_file.h"

// The header's text up to the first zero byte; what follows is the .cfl.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::size_t text = static_cast<std::size_t>(std::find(data, data + size, 0) - data);
  const std::size_t rest = std::min(size, text + 1);
  bloch::fuzz::write_input(".cfl", data + rest, size - rest);
  const auto path = bloch::fuzz::write_input(".hdr", data, text);
  const auto kspace = bloch::imaging::read_kspace(path);
  const auto mask = bloch::imaging::read_mask(path);
  return 0;
}
