#include "imaging/dicom/detail/palette.h"

#include <algorithm>
#include <cmath>

#include "imaging/adapters/dcmtk_dataset.h"

namespace bloch::imaging {
namespace {

struct Channel {
  DcmTagKey descriptor, data, segmented;
};

const std::array<Channel, 3>& channels() {
  static const std::array<Channel, 3> all = {
      Channel{DCM_RedPaletteColorLookupTableDescriptor, DCM_RedPaletteColorLookupTableData,
              DCM_SegmentedRedPaletteColorLookupTableData},
      Channel{DCM_GreenPaletteColorLookupTableDescriptor, DCM_GreenPaletteColorLookupTableData,
              DCM_SegmentedGreenPaletteColorLookupTableData},
      Channel{DCM_BluePaletteColorLookupTableDescriptor, DCM_BluePaletteColorLookupTableData,
              DCM_SegmentedBluePaletteColorLookupTableData}};
  return all;
}

std::vector<std::uint16_t> words(DcmItem& dataset, const DcmTagKey& tag) {
  const Uint16* values = nullptr;
  unsigned long count = 0;
  if (dataset.findAndGetUint16Array(tag, values, &count).bad() || !values) return {};
  return {values, values + count};
}

/// Two entries a word, low byte first: how tables of 8-bit entries lie in OW.
std::vector<std::uint16_t> bytes_of(const std::vector<std::uint16_t>& packed) {
  std::vector<std::uint16_t> entries;
  entries.reserve(2 * packed.size());
  for (const std::uint16_t word : packed) {
    entries.push_back(word & 0xFF);
    entries.push_back(word >> 8);
  }
  return entries;
}

/// Discrete, linear and indirect segments (PS3.3 C.7.9.2); at most `count` entries.
class Segments {
 public:
  Segments(const std::vector<std::uint16_t>& words, std::size_t count)
      : words_(words)
      , count_(count) {}

  bool expand(std::vector<std::uint16_t>& entries) { return run(0, words_.size(), 0, entries); }

 private:
  bool run(std::size_t i, std::size_t segments, int depth, std::vector<std::uint16_t>& entries) {
    for (; segments > 0 && i + 1 < words_.size() && entries.size() < count_; --segments) {
      const std::uint16_t kind = words_[i];
      const std::size_t length = words_[i + 1];
      i += 2;
      if (kind == 0) {
        if (length > words_.size() - i) return false;
        for (std::size_t k = 0; k < length && entries.size() < count_; ++k) entries.push_back(words_[i + k]);
        i += length;
      } else if (kind == 1) {
        if (i >= words_.size() || entries.empty()) return false;
        add_line(entries, words_[i++], length);
      } else if (kind == 2) {
        if (i + 1 >= words_.size() || depth > 0) return false; // an indirect segment names no other one
        const std::size_t place = words_[i] | static_cast<std::size_t>(words_[i + 1]) << 16;
        i += 2;
        if (!run(place / 2, length, depth + 1, entries)) return false;
      } else {
        return false;
      }
    }
    return true;
  }

  void add_line(std::vector<std::uint16_t>& entries, std::uint16_t end, std::size_t length) const {
    const int begin = entries.back();
    for (std::size_t k = 1; k <= length && entries.size() < count_; ++k)
      entries.push_back(static_cast<std::uint16_t>(
          std::lround(begin + (end - begin) * static_cast<double>(k) / static_cast<double>(length))));
  }

  const std::vector<std::uint16_t>& words_;
  std::size_t count_;
};

/// Entries of one colour, 8 bits each; empty when they are damaged.
std::vector<std::uint8_t> read_channel(DcmItem& dataset, const Channel& channel, std::size_t count, bool wide) {
  std::vector<std::uint16_t> entries = words(dataset, channel.data);
  if (entries.empty()) {
    const auto segmented = words(dataset, channel.segmented);
    if (!Segments(segmented, count).expand(entries)) return {};
  } else if (!wide && entries.size() <= (count + 1) / 2) {
    entries = bytes_of(entries);
  }
  if (entries.size() < count) return {};
  entries.resize(count);
  // Some writers say 16 bits and fill in 8.
  const bool shifted = wide && *std::max_element(entries.begin(), entries.end()) > 255;
  std::vector<std::uint8_t> colours;
  for (const std::uint16_t entry : entries)
    colours.push_back(static_cast<std::uint8_t>(shifted ? entry >> 8 : entry));
  return colours;
}

} // namespace

const std::array<std::uint8_t, 3>& Palette::of(std::int64_t stored) const {
  const auto last = static_cast<std::int64_t>(colours.size()) - 1;
  return colours[static_cast<std::size_t>(std::clamp<std::int64_t>(stored - first, 0, last))];
}

Result<Palette> read_palette(DcmItem& dataset, bool is_signed) {
  const Error missing{ErrorKind::malformed, "a palette image without a whole palette"};
  Palette palette;
  for (std::size_t c = 0; c < 3; ++c) {
    const auto descriptor = number_values(dataset, channels()[c].descriptor);
    if (descriptor.size() != 3 || descriptor[0] < 0 || descriptor[0] > 65535) return failure(missing);
    const std::size_t count = descriptor[0] == 0 ? 65536 : static_cast<std::size_t>(descriptor[0]);
    if (c == 0) {
      palette.first = std::lround(descriptor[1]);
      if (is_signed && palette.first > 32767) palette.first -= 65536; // read as US, meant as SS
      palette.colours.resize(count);
    }
    const auto entries = read_channel(dataset, channels()[c], count, descriptor[2] > 8);
    if (entries.empty() || count != palette.colours.size()) return failure(missing);
    for (std::size_t i = 0; i < count; ++i) palette.colours[i][c] = entries[i];
  }
  return palette;
}

} // namespace bloch::imaging
