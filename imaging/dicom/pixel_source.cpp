#include "imaging/dicom/detail/pixel_source.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "imaging/adapters/dcmtk_dataset.h"
#include "imaging/dicom/detail/frame_groups.h"
#include "imaging/dicom/detail/known_pixels.h"
#include "imaging/dicom/detail/mosaic.h"

namespace bloch::imaging {
namespace {

/// No codec shrinks real images by thousands: a small file that claims a huge image is refused before memory is
/// taken.
Result<void> check_encoded(const PixelFormat& format, const FileLayout& layout) {
  constexpr double harmless_bytes = 64e6;
  constexpr double largest_ratio = 2000;
  if (static_cast<std::size_t>(format.frames) > layout.fragments.size())
    return failure(ErrorKind::malformed,
                   fmt::format("its pixel data is cut off: {} frames claimed, {} fragments there",
                               format.frames, layout.fragments.size()));
  double encoded = 0;
  for (const ByteRange& fragment : layout.fragments) encoded += static_cast<double>(fragment.length);
  const double decoded = static_cast<double>(format.frame_bytes()) * format.frames;
  if (decoded > harmless_bytes && decoded > largest_ratio * encoded)
    return failure(
        ErrorKind::malformed,
        fmt::format("its {:.0f} encoded bytes cannot hold the {:.0f} MB it claims", encoded, decoded / 1e6));
  return {};
}

Result<void> check_format(const PixelFormat& format, const FileLayout& layout) {
  if (format.rows < 1 || format.columns < 1 || format.rows > 65535 || format.columns > 65535)
    return failure(ErrorKind::malformed, "an image without rows or columns");
  if (format.samples != 1 && format.samples != 3 && format.samples != 4)
    return failure(ErrorKind::unsupported, fmt::format("{} samples a pixel are not read", format.samples));
  const int bits = format.bits_allocated;
  if (bits != 1 && bits != 8 && bits != 16 && bits != 32 && bits != 64)
    return failure(ErrorKind::unsupported, fmt::format("{} bits allocated a sample are not read", bits));
  if (format.number == PixelFormat::Number::integer && bits == 64)
    return failure(ErrorKind::unsupported, "64 bits allocated a sample are not read");
  if (format.bits_stored < 1 || format.bits_stored > bits || format.high_bit < format.bits_stored - 1 ||
      format.high_bit >= bits)
    return failure(ErrorKind::malformed,
                   fmt::format("bits stored {} and high bit {} do not fit {} bits allocated",
                               format.bits_stored, format.high_bit, bits));
  if (layout.encapsulated) return check_encoded(format, layout);
  const double samples = format.halves_chroma() ? 2.0 : format.samples;
  const double wanted =
      std::floor((static_cast<double>(format.rows) * format.columns * samples * bits * format.frames + 7) / 8);
  if (wanted > static_cast<double>(layout.pixels.length))
    return failure(ErrorKind::malformed, fmt::format("its pixel data is cut off: {:.0f} bytes needed, {} there",
                                                     wanted, layout.pixels.length));
  return {};
}

/// A stored value; many writers give it as unsigned among signed samples or the other way round.
std::optional<long> read_padding(DcmItem& dataset, const DcmTagKey& tag, const PixelFormat& format) {
  const auto value = number_value(dataset, tag);
  if (!value) return std::nullopt;
  const long padding = std::lround(*value);
  if (format.bits_allocated > 16) return padding;
  if (format.is_signed && padding > 32767) return padding - 65536;
  return !format.is_signed && padding < 0 ? padding + 65536 : padding;
}

PixelFormat read_format(DcmItem& dataset, const FileLayout& layout) {
  PixelFormat format;
  format.rows = integer_value(dataset, DCM_Rows);
  format.columns = integer_value(dataset, DCM_Columns);
  format.samples = integer_value(dataset, DCM_SamplesPerPixel, 1);
  format.frames = std::max(1, integer_value(dataset, DCM_NumberOfFrames, 1));
  format.photometric = raw_value(dataset, DCM_PhotometricInterpretation);
  format.planar = format.samples > 1 && integer_value(dataset, DCM_PlanarConfiguration) == 1;
  if (layout.pixel_element != 0x10) {
    format.number = layout.pixel_element == 0x08 ? PixelFormat::Number::float32 : PixelFormat::Number::float64;
    format.bits_allocated = format.bits_stored = layout.pixel_element == 0x08 ? 32 : 64;
    format.high_bit = format.bits_allocated - 1;
    return format;
  }
  format.bits_allocated = integer_value(dataset, DCM_BitsAllocated, 16);
  format.bits_stored = integer_value(dataset, DCM_BitsStored, format.bits_allocated);
  format.high_bit = integer_value(dataset, DCM_HighBit, format.bits_stored - 1);
  format.is_signed = integer_value(dataset, DCM_PixelRepresentation) == 1;
  format.padding = read_padding(dataset, DCM_PixelPaddingValue, format);
  format.padding_limit = read_padding(dataset, DCM_PixelPaddingRangeLimit, format);
  return format;
}

/// Modality LUT Sequence of the data set; empty table when there is none or it is damaged.
void read_table(DcmItem& dataset, bool is_signed, ModalityLut& lut) {
  DcmItem* item = first_item(dataset, DCM_ModalityLUTSequence);
  if (!item) return;
  const auto descriptor = number_values(*item, DCM_LUTDescriptor);
  const Uint16* entries = nullptr; // US or OW
  unsigned long count = 0;
  if (descriptor.size() != 3 || item->findAndGetUint16Array(DCM_LUTData, entries, &count).bad() || !entries ||
      count == 0)
    return;
  long first = std::lround(descriptor[1]);
  if (is_signed && first > 32767) first -= 65536; // read as US, meant as SS
  lut.first_mapped = first;
  lut.table.assign(entries, entries + count);
}

std::vector<ModalityLut> read_luts(DcmItem& dataset, const PixelFormat& format) {
  std::vector<ModalityLut> luts;
  const double dose = number_value(dataset, DCM_DoseGridScaling).value_or(1);
  for (const FrameGroups& groups : frame_groups(dataset, format.frames)) {
    ModalityLut lut;
    lut.slope = groups.number(DCM_PixelValueTransformationSequence, DCM_RescaleSlope).value_or(1) * dose;
    lut.intercept = groups.number(DCM_PixelValueTransformationSequence, DCM_RescaleIntercept).value_or(0);
    if (lut.slope == 0) lut.slope = 1; // some writers fill in zero
    read_table(dataset, format.is_signed, lut);
    luts.push_back(std::move(lut));
    if (!groups.own) break; // one for all frames
  }
  if (luts.size() != static_cast<std::size_t>(format.frames)) luts.resize(1);
  if (std::all_of(luts.begin(), luts.end(), [&](const ModalityLut& lut) { return lut == luts.front(); }))
    luts.resize(1);
  return luts;
}

} // namespace

std::size_t PixelFormat::samples_per_frame() const {
  return static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns) * static_cast<std::size_t>(samples);
}

std::size_t PixelFormat::frame_bytes() const {
  return samples_per_frame() * static_cast<std::size_t>(std::max(8, bits_allocated)) / 8;
}

Result<PixelSource> open_pixels(const std::filesystem::path& path) {
  if (auto known = known_pixels(path)) return std::move(*known);
  BLOCH_TRY(file, open_dicom_header(path));
  return pixels_of(file, path);
}

Result<PixelSource> pixels_of(const DicomFile& file, const std::filesystem::path& path) {
  DcmItem& dataset = file.dataset();
  PixelSource source;
  source.path = path;
  if (file.layout.pixel_element == 0) return failure(ErrorKind::malformed, "there is no pixel data in it");
  source.format = read_format(dataset, file.layout);
  BLOCH_CHECK(check_format(source.format, file.layout));
  source.luts = read_luts(dataset, source.format);
  if (source.format.photometric == "PALETTE COLOR") {
    BLOCH_TRY(palette, read_palette(dataset, source.format.is_signed));
    source.palette = std::move(palette);
  }
  if (file.layout.transfer_syntax == deflated_syntax) source.inflated = file.bytes;
  BLOCH_TRY(mosaic, read_mosaic(dataset));
  if (mosaic && source.format.frames == 1) {
    source.tiles_across = mosaic->tiles_across;
    source.tile_rows = mosaic->tile_rows;
    source.tile_columns = mosaic->tile_columns;
  }
  source.frame_begins = frame_begins(file.layout, source.format.frames, file.bytes);
  source.layout = file.layout;
  return source;
}

} // namespace bloch::imaging
