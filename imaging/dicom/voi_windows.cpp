#include "imaging/dicom/detail/voi_windows.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/base/text.h"
#include "imaging/adapters/dcmtk_dataset.h"
#include "imaging/dicom/detail/frame_groups.h"

namespace bloch::imaging {
namespace {

constexpr std::size_t most_windows = 64;

WindowFunction function_of(const std::string& name) {
  if (name == "LINEAR_EXACT") return WindowFunction::linear_exact;
  if (name == "SIGMOID") return WindowFunction::sigmoid;
  return WindowFunction::linear;
}

std::vector<WindowLevel> number_windows(const std::vector<double>& levels, const std::vector<double>& widths,
                                        const std::string& names, const std::string& function) {
  std::vector<WindowLevel> windows;
  const auto each_name = split(names, '\\');
  for (std::size_t i = 0; i < std::min({levels.size(), widths.size(), most_windows}); ++i)
    if (widths[i] > 0)
      windows.push_back({widths[i],
                         levels[i],
                         i < each_name.size() ? each_name[i] : std::string(),
                         function_of(function),
                         {}});
  return windows;
}

/// Two entries a word, low byte first: how tables of 8-bit entries may lie in OW.
std::vector<std::uint16_t> bytes_of(const std::vector<std::uint16_t>& packed) {
  std::vector<std::uint16_t> entries;
  for (const std::uint16_t word : packed) {
    entries.push_back(word & 0xFF);
    entries.push_back(word >> 8);
  }
  return entries;
}

/// Nothing when the table is damaged.
std::shared_ptr<const VoiTable> read_table(DcmItem& item, bool is_signed) {
  const auto descriptor = number_values(item, DCM_LUTDescriptor);
  const Uint16* words = nullptr; // US or OW
  unsigned long word_count = 0;
  if (descriptor.size() != 3 || descriptor[0] < 0 || descriptor[0] > 65535 ||
      item.findAndGetUint16Array(DCM_LUTData, words, &word_count).bad() || !words)
    return nullptr;
  auto table = std::make_shared<VoiTable>();
  const auto count = descriptor[0] == 0 ? std::size_t{65536} : static_cast<std::size_t>(descriptor[0]);
  table->first_value = static_cast<int>(std::lround(descriptor[1]));
  if (is_signed && table->first_value > 32767) table->first_value -= 65536; // read as US, meant as SS
  table->bits = static_cast<int>(std::lround(descriptor[2]));
  table->entries.assign(words, words + word_count);
  if (table->bits <= 8 && word_count < count && 2 * word_count >= count)
    table->entries = bytes_of(table->entries);
  if (table->bits < 1 || table->bits > 16 || table->entries.size() < count) return nullptr;
  table->entries.resize(count);
  // Some writers say 8 bits and fill in more, or the other way round: white is the largest entry's.
  while (table->bits < 16 && *std::max_element(table->entries.begin(), table->entries.end()) >> table->bits)
    ++table->bits;
  return table;
}

void add_tables(DcmItem& item, DcmItem& dataset, bool is_signed, std::vector<WindowLevel>& windows) {
  for (DcmItem* lut : items_of(item, DCM_VOILUTSequence)) {
    if (windows.size() >= most_windows) return;
    if (auto table = read_table(*lut, is_signed))
      windows.push_back(window_of_table(std::move(table), DicomText(*lut, dataset)(DCM_LUTExplanation)));
  }
}

/// Whether what goes into the VOI LUT may be negative, so that a first value above 32767 is meant as negative.
bool has_negative_values(DcmItem& dataset) {
  return integer_value(dataset, DCM_PixelRepresentation) == 1 ||
         number_value(dataset, DCM_RescaleIntercept).value_or(0) < 0;
}

} // namespace

std::vector<WindowLevel> read_image_windows(DcmItem& dataset, int frames) {
  const auto groups = frame_groups(dataset, frames);
  const FrameGroups& middle = groups[groups.size() / 2];
  auto windows = number_windows(middle.numbers(DCM_FrameVOILUTSequence, DCM_WindowCenter),
                                middle.numbers(DCM_FrameVOILUTSequence, DCM_WindowWidth),
                                DicomText(dataset)(DCM_WindowCenterWidthExplanation),
                                middle.text(DCM_FrameVOILUTSequence, DCM_VOILUTFunction));
  add_tables(dataset, dataset, has_negative_values(dataset), windows);
  return windows;
}

std::vector<WindowLevel> read_windows(DcmItem& item, DcmItem& dataset) {
  auto windows = number_windows(number_values(item, DCM_WindowCenter), number_values(item, DCM_WindowWidth),
                                DicomText(item, dataset)(DCM_WindowCenterWidthExplanation),
                                raw_value(item, DCM_VOILUTFunction));
  add_tables(item, dataset, false, windows);
  return windows;
}

} // namespace bloch::imaging
