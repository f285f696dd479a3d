#include <array>
#include <fstream>
#include <string_view>

#include "imaging/io/detail/bart_array.h"
#include "imaging/io/detail/complex_head.h"
#include "imaging/io/detail/file_name.h"
#include "imaging/io/detail/mat_file.h"
#include "imaging/io/detail/npy_array.h"
#include "imaging/io/detail/npz_file.h"
#include "imaging/io/kspace_file.h"

namespace bloch::imaging {
namespace {

Result<ComplexArray> read_bart_complex(const std::filesystem::path& path) {
  BLOCH_TRY(array, detail::read_bart(path));
  BLOCH_TRY(extents, detail::bart_complex_extents(path, array.extents));
  ComplexArray result;
  result.extents = std::move(extents);
  result.samples = std::move(array.samples);
  result.slices = static_cast<int>(array.extents[detail::bart_slice]);
  return result;
}

constexpr std::array<std::string_view, 5> complex_names{"maps", "sensitivities", "coils", "mps", "image"};

Result<detail::NpyArray> read_array(const std::filesystem::path& path) {
  if (detail::has_ending(path, ".mat")) return detail::read_mat(path, {complex_names, false});
  if (detail::has_ending(path, ".npz")) return detail::read_npz(path, complex_names);
  return detail::read_npy(path);
}

Result<detail::ArrayHead> read_complex_array_head(const std::filesystem::path& path) {
  if (detail::has_ending(path, ".mat")) return detail::read_mat_head(path, {complex_names, false});
  if (detail::has_ending(path, ".npz")) return detail::read_npz_head(path, complex_names);
  return detail::read_npy_head(path);
}

/// To five of them, [maps or slices][coil][z][y][x].
Result<std::vector<int>> aligned(const std::vector<int>& extents, const std::filesystem::path& path) {
  if (extents.size() < 2 || extents.size() > 5)
    return detail::refused(path, "has " + std::to_string(extents.size()) +
                                     " dimensions; expected are [y][x] up to [map][coil][z][y][x], in MATLAB "
                                     "(x, y) up to (x, y, z, coil, map)");
  std::vector<int> five(5 - extents.size(), 1);
  five.insert(five.end(), extents.begin(), extents.end());
  return five;
}

Result<ComplexArray> read_aligned_complex(const std::filesystem::path& path) {
  BLOCH_TRY(array, read_array(path));
  BLOCH_TRY(extents, aligned(array.extents, path));
  ComplexArray result;
  result.extents = std::move(extents);
  result.samples = detail::to_complex(array);
  return result;
}

} // namespace

Result<detail::ArrayHead> detail::read_complex_head(const std::filesystem::path& path) {
  if (has_ending(path, ".cfl") || has_ending(path, ".hdr")) {
    BLOCH_TRY(stored, read_bart_extents(path));
    BLOCH_TRY(extents, bart_complex_extents(path, stored));
    return ArrayHead{{}, std::move(extents), true};
  }
  BLOCH_TRY(head, read_complex_array_head(path));
  BLOCH_TRY(extents, aligned(head.extents, path));
  head.extents = std::move(extents);
  return std::move(head);
}

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
  const int first = array.extents[0], guess = array.extents[1] > 1 ? 1 : first;
  const int slices = array.slices > 0 ? array.slices : guess;
  BLOCH_EXPECTS(first % slices == 0);
  extents[detail::bart_slice] = slices;
  extents[detail::bart_maps] = first / slices;
  return detail::write_bart(path, extents, array.samples);
}

} // namespace bloch::imaging
