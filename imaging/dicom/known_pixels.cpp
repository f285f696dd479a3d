#include "imaging/dicom/detail/known_pixels.h"

#include <mutex>
#include <string>
#include <unordered_map>

namespace bloch::imaging {
namespace {

constexpr std::size_t most_bytes = std::size_t{64} << 20;

struct KnownPixels {
  std::mutex mutex;
  std::unordered_map<std::string, std::pair<FileIdentity, PixelSource>> files;
  std::size_t bytes = 0;
};

KnownPixels& known() {
  static KnownPixels pixels;
  return pixels;
}

std::size_t bytes_of(const PixelSource& source) {
  std::size_t bytes = 2 * source.path.native().size() + sizeof(PixelSource) + 256;
  bytes += source.layout.fragments.size() * sizeof(ByteRange) + 8 * source.layout.frame_offsets.size();
  bytes += 8 * source.frame_begins.size();
  for (const ModalityLut& lut : source.luts) bytes += sizeof(lut) + sizeof(float) * lut.table.size();
  return bytes;
}

} // namespace

void remember_pixels(const FileIdentity& file, const PixelSource& source) {
  if (source.inflated || source.palette) return; // large and rare
  const std::size_t bytes = bytes_of(source);
  if (bytes > most_bytes / 8) return;
  KnownPixels& pixels = known();
  const std::lock_guard lock(pixels.mutex);
  const auto place = pixels.files.find(source.path.native());
  if (place != pixels.files.end()) {
    pixels.bytes -= bytes_of(place->second.second);
    pixels.files.erase(place);
  }
  if (pixels.bytes + bytes > most_bytes) {
    pixels.files.clear();
    pixels.bytes = 0;
  }
  pixels.bytes += bytes;
  pixels.files.emplace(source.path.native(), std::pair(file, source));
}

std::optional<PixelSource> known_pixels(const std::filesystem::path& path) {
  const auto identity = identity_of(path);
  if (!identity) return std::nullopt;
  KnownPixels& pixels = known();
  const std::lock_guard lock(pixels.mutex);
  const auto found = pixels.files.find(path.native());
  if (found == pixels.files.end() || found->second.first != *identity) return std::nullopt;
  return found->second.second;
}

} // namespace bloch::imaging
