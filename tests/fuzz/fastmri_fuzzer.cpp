// What decides the shape of a fastMRI scan: two counts, extents of kspace and of the reference as 32-bit
// numbers, then the header text. HDF5 itself is left out, as in ismrmrd_fuzzer.cpp.
#include <cstdlib>
#include <cstring>

#include "imaging/io/detail/fastmri_plan.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bloch::imaging::detail;
  FastmriHead head;
  std::size_t at = 0;
  const auto byte = [&]() -> std::size_t { return at < size ? data[at++] : 0; };
  const auto extents = [&](std::size_t count) {
    std::vector<unsigned long long> read(count);
    for (auto& extent : read)
      for (int i = 0; i < 4; ++i) extent = extent << 8 | byte();
    return read;
  };
  const std::size_t kspace = byte() % 6;
  const std::size_t reference = byte() % 5;
  head.kspace = extents(kspace);
  head.reference = extents(reference);
  head.most_samples = 1u << 20;
  head.header.assign(reinterpret_cast<const char*>(data) + at, size - at);
  const auto plan = plan_fastmri(head, "input.h5");
  if (!plan) return 0;
  if (plan->size.sample_count() > head.most_samples) std::abort();
  if (plan->image_kx < 1 || plan->image_kx > plan->size.kx) std::abort();
  if (plan->image_size && ((*plan->image_size)[1] < 1 || (*plan->image_size)[1] > plan->size.ky)) std::abort();
  if (plan->geometry && !plan->geometry->is_valid()) std::abort();
  return 0;
}
