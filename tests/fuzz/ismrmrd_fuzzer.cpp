// Header text up to the first zero byte, then heads of acquisitions: all that decides where samples go. HDF5
// itself runs in a process of its own, where libFuzzer sees nothing: left out, and damaged on purpose in
// tests/imaging/io/damaged_hdf5_test.cpp.
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "imaging/io/detail/ismrmrd_file.h"
#include "imaging/io/detail/ismrmrd_plan.h"

namespace {

using namespace bloch::imaging::detail;

void check_part(const ISMRMRD::IsmrmrdHeader& header, const std::vector<IsmrmrdHead>& heads,
                const IsmrmrdPart& part, std::size_t size) {
  const auto plan = plan_scan(header, heads, part, size, "input.h5");
  if (!plan) return;
  if (plan->lines.size() != heads.size()) std::abort();
  for (const IsmrmrdLine& line : plan->lines)
    if (line.use != IsmrmrdLine::Use::skip &&
        (line.ky >= plan->encoded.ky || line.kz >= plan->encoded.kz || line.slice >= plan->encoded.slices ||
         line.first_kx + line.samples > plan->encoded.kx))
      std::abort();
  if (plan->image_kx < 1 || plan->image_kx > plan->encoded.kx) std::abort();
  if (plan->geometry && !plan->geometry->is_valid()) std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::size_t text = static_cast<std::size_t>(std::find(data, data + size, 0) - data);
  const auto header = parse_ismrmrd_header(std::string(data, data + text), "input.h5");
  if (!header) return 0;
  const std::size_t rest = std::min(size, text + 1);
  std::vector<IsmrmrdHead> heads((size - rest) / sizeof(IsmrmrdHead));
  if (!heads.empty()) std::memcpy(heads.data(), data + rest, heads.size() * sizeof(IsmrmrdHead));
  const auto parts = scan_parts(*header, heads);
  for (std::size_t i = 0; i < parts.size() && i < 4; ++i) check_part(*header, heads, parts[i], size);
  check_part(*header, heads, {}, size);
  return 0;
}
