#include "imaging/io/kspace_file.h"
#include "tests/fuzz/fuzz_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto path = bloch::fuzz::write_input(".npz", data, size);
  const auto kspace = bloch::imaging::read_kspace(path);
  const auto array = bloch::imaging::read_complex(path);
  if (array && array->extents.size() != 5) std::abort();
  return 0;
}
