#include "imaging/io/detail/bart_array.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

#include "core/base/file.h"
#include "core/base/mapped_file.h"
#include "core/base/text.h"
#include "imaging/io/detail/byte_source.h"
#include "imaging/io/detail/file_name.h"

namespace bloch::imaging::detail {
namespace {

static_assert(std::endian::native == std::endian::little, "cfl files are little endian");

Result<std::array<long long, bart_dimensions>> read_bart_header(const std::filesystem::path& path) {
  BLOCH_TRY(bytes, read_file(path, 1u << 20));
  const std::string text(bytes.begin(), bytes.end());
  const std::vector<std::string> lines = split(text, '\n');
  const auto title = std::find_if(lines.begin(), lines.end(), [](const std::string& line) {
    return trimmed(line).starts_with("# Dimensions");
  });
  if (title == lines.end() || title + 1 == lines.end()) return broken(path, "it has no line of dimensions");
  std::array<long long, bart_dimensions> extents{};
  extents.fill(1);
  std::size_t dimension = 0;
  for (const std::string& word : split(std::string(trimmed(*(title + 1))), ' ')) {
    if (trimmed(word).empty()) continue;
    const auto extent = to_integer(trimmed(word));
    if (!extent || *extent < 1) return broken(path, "a dimension is not a positive whole number");
    if (dimension >= bart_dimensions) {
      if (*extent > 1) return refused(path, "has more than BART's 16 dimensions");
      continue;
    }
    extents[dimension++] = *extent;
  }
  return extents;
}

/// Refuses dimensions above 1 other than those named.
Result<void> allow_only(const std::filesystem::path& path, const BartExtents& extents,
                        std::span<const std::size_t> allowed) {
  for (std::size_t i = 0; i < bart_dimensions; ++i)
    if (extents[i] > 1 && std::find(allowed.begin(), allowed.end(), i) == allowed.end())
      return refused(path, "has " + std::to_string(extents[i]) + " entries along BART dimension " +
                               std::to_string(i) + "; cut out one with `bart slice " + std::to_string(i) +
                               " 0`");
  return {};
}

} // namespace

Result<BartExtents> read_bart_extents(const std::filesystem::path& path) {
  const std::filesystem::path header = with_ending(path, ".hdr");
  const std::filesystem::path data = with_ending(path, ".cfl");
  for (const std::filesystem::path& file : {header, data})
    if (auto readable = check_readable(file); !readable)
      return failure(readable.error().in("BART keeps an array in two files, .cfl and .hdr, side by side"));
  BLOCH_TRY(extents, read_bart_header(header));
  std::error_code code;
  const std::uintmax_t size = std::filesystem::file_size(data, code);
  if (code) return failure(file_error(data, code.value(), false));
  BLOCH_TRY(count, checked_count(data, extents, size / sizeof(std::complex<float>)));
  if (count * sizeof(std::complex<float>) != size)
    return broken(data, "it holds more samples than its .hdr says");
  return std::move(extents);
}

Result<BartArray> read_bart(const std::filesystem::path& path) {
  BLOCH_TRY(extents, read_bart_extents(path));
  const std::filesystem::path data = with_ending(path, ".cfl");
  std::size_t count = 1; // no more than the file holds
  for (const long long extent : extents) count *= static_cast<std::size_t>(extent);
  if (const MappedFile mapped = map_file(data); mapped.bytes.size() == count * sizeof(std::complex<float>))
    return BartArray{
        extents, {mapped.owner, {reinterpret_cast<const std::complex<float>*>(mapped.bytes.data()), count}}};
  std::vector<std::complex<float>> samples;
  samples.reserve(count);
  ByteSource source(data);
  // Piece by piece, so that a large array is not cleared before it is filled.
  std::vector<std::complex<float>> piece(std::min(count, std::size_t{1} << 15));
  while (samples.size() < count) {
    const std::size_t part = std::min(piece.size(), count - samples.size());
    BLOCH_CHECK(source.read({reinterpret_cast<std::uint8_t*>(piece.data()), part * sizeof(piece[0])}));
    samples.insert(samples.end(), piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(part));
  }
  return BartArray{extents, std::move(samples)};
}

Result<KSpaceSize> bart_kspace_size(const std::filesystem::path& path, const BartExtents& extents) {
  constexpr std::array<std::size_t, 5> allowed{0, 1, 2, bart_coil, bart_slice};
  BLOCH_CHECK(allow_only(path, extents, allowed));
  const auto extent = [&](std::size_t dimension) { return static_cast<int>(extents[dimension]); };
  if (extent(2) > 1 && extent(bart_slice) > 1)
    return refused(path, "holds several slabs of 3D data; cut out one with `bart slice 13 0`");
  return KSpaceSize{extent(0), extent(1), extent(2), extent(bart_coil), extent(bart_slice)};
}

Result<std::vector<int>> bart_complex_extents(const std::filesystem::path& path, const BartExtents& extents) {
  constexpr std::array<std::size_t, 6> allowed{0, 1, 2, bart_coil, bart_maps, bart_slice};
  BLOCH_CHECK(allow_only(path, extents, allowed));
  return std::vector<int>{static_cast<int>(extents[bart_maps] * extents[bart_slice]),
                          static_cast<int>(extents[bart_coil]), static_cast<int>(extents[2]),
                          static_cast<int>(extents[1]), static_cast<int>(extents[0])};
}

Result<void> write_bart(const std::filesystem::path& path,
                        const std::array<long long, bart_dimensions>& extents,
                        std::span<const std::complex<float>> samples) {
  std::string header = "# Dimensions\n";
  for (const long long extent : extents) header += std::to_string(extent) + " ";
  header += "\n";
  BLOCH_CHECK(
      write_file(with_ending(path, ".cfl"),
                 std::span(reinterpret_cast<const std::uint8_t*>(samples.data()), samples.size_bytes())));
  return write_file(with_ending(path, ".hdr"), header);
}

} // namespace bloch::imaging::detail
