#include <array>
#include <fstream>
#include <string_view>

#include "imaging/io/detail/bart_array.h"
#include "imaging/io/detail/file_name.h"
#include "imaging/io/detail/mat_file.h"
#include "imaging/io/detail/npy_array.h"
#include "imaging/io/detail/npz_file.h"
#include "imaging/io/kspace_file.h"

namespace bloch::imaging {
namespace {

Result<ComplexArray> read_bart_complex(const std::filesystem::path& path) {
  BLOCH_TRY(array, detail::read_bart(path));
  constexpr std::array<std::size_t, 6> allowed{
      0, 1, 2, detail::bart_coil, detail::bart_maps, detail::bart_slice};
  BLOCH_CHECK(detail::allow_only(path, array, allowed));
  if (array.extents[detail::bart_maps] > 1 && array.extents[detail::bart_slice] > 1)
    return detail::refused(path, "holds both several maps and several slices; cut out one with `bart slice`");
  ComplexArray result;
  result.extents = {static_cast<int>(array.extents[detail::bart_maps] * array.extents[detail::bart_slice]),
                    static_cast<int>(array.extents[detail::bart_coil]), static_cast<int>(array.extents[2]),
                    static_cast<int>(array.extents[1]), static_cast<int>(array.extents[0])};
  result.samples = std::move(array.samples);
  return result;
}

constexpr std::array<std::string_view, 5> complex_names{"maps", "sensitivities", "coils", "mps", "image"};

Result<detail::NpyArray> read_array(const std::filesystem::path& path) {
  if (detail::has_ending(path, ".mat")) return detail::read_mat(path, {complex_names, false});
  if (detail::has_ending(path, ".npz")) return detail::read_npz(path, complex_names);
  return detail::read_npy(path);
}

Result<ComplexArray> read_aligned_complex(const std::filesystem::path& path) {
  BLOCH_TRY(array, read_array(path));
  if (array.extents.size() < 2 || array.extents.size() > 5)
    return detail::refused(path, "has " + std::to_string(array.extents.size()) +
                                     " dimensions; expected are [y][x] up to [map][coil][z][y][x], in MATLAB "
                                     "(x, y) up to (x, y, z, coil, map)");
  ComplexArray result;
  result.extents.assign(5 - array.extents.size(), 1);
  result.extents.insert(result.extents.end(), array.extents.begin(), array.extents.end());
  result.samples = detail::to_complex(array);
  return result;
}

} // namespace

Result<ComplexArray> read_complex(const std::filesystem::path& path) {
  if (detail::has_ending(path, ".cfl") || detail::has_ending(path, ".hdr")) return read_bart_complex(path);
  for (const char* ending : {".npy", ".npz", ".mat"})
    if (detail::has_ending(path, ending)) return read_aligned_complex(path);
  return detail::refused(path, "cannot hold complex numbers; known endings: .cfl, .npy, .npz, .mat");
}

bool holds_real_numbers(const std::filesystem::path& path) {
  if (detail::has_ending(path, ".mat")) return detail::mat_is_real(path);
  if (!detail::has_ending(path, ".npy")) return false;
  std::ifstream file(path, std::ios::binary);
  std::string header(128, ' ');
  file.read(header.data(), static_cast<std::streamsize>(header.size()));
  return header.find("'descr': '<c") == std::string::npos && header.find("'descr': '>c") == std::string::npos;
}

Result<void> write_complex(const std::filesystem::path& path, const ComplexArray& array) {
  BLOCH_EXPECTS(array.extents.size() == 5);
  const auto bytes = std::span(reinterpret_cast<const std::uint8_t*>(array.samples.data()),
                               array.samples.size() * sizeof(array.samples[0]));
  if (detail::has_ending(path, ".npy")) {
    std::vector<int> extents = array.extents;
    while (extents.size() > 2 && extents.front() == 1) extents.erase(extents.begin());
    return detail::write_npy(path, "<c8", extents, bytes);
  }
  if (!detail::has_ending(path, ".cfl") && !detail::has_ending(path, ".hdr"))
    return detail::refused(path, "cannot hold complex numbers; known endings: .cfl, .npy");
  std::array<long long, detail::bart_dimensions> extents{};
  extents.fill(1);
  for (std::size_t i = 0; i < 4; ++i) extents[i] = array.extents[4 - i];
  // A stack of images is slices to BART, several sets of coils are maps.
  extents[array.extents[1] > 1 ? detail::bart_maps : detail::bart_slice] = array.extents[0];
  return detail::write_bart(path, extents, array.samples);
}

} // namespace bloch::imaging
