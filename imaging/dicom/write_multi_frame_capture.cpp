#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include <dcmtk/dcmdata/dcuid.h>

#include "imaging/dicom/detail/multi_frame_writer.h"
#include "imaging/dicom/write_objects.h"

namespace bloch::imaging {
namespace {

/// BurnedInAnnotation, which must be said: where the source says nothing, NO of grey cross-sections, which come
/// from a scanner without a word in them, and of everything else, which may be a screen, the careful answer.
std::string burned_in(const SeriesTemplate& series, bool grey) {
  if (!series.burned_in.empty()) return series.burned_in;
  const std::string modality = series.source ? raw_value(*series.source, DCM_Modality) : "CT";
  constexpr std::array<const char*, 4> cross_sections = {"MR", "CT", "PT", "NM"};
  const bool plain = std::find(cross_sections.begin(), cross_sections.end(), modality) != cross_sections.end();
  return grey && plain ? "NO" : "YES";
}

MultiFrameHeader capture_header(const char* sop_class, const SeriesTemplate& series) {
  return {sop_class, series.series.modality, "DERIVED\\SECONDARY", {}, true, false};
}

/// PS3.3 C.8.6.1, C.8.6.3, C.8.6.4: where the pixels come from, what is burned in, what tells frames apart.
/// planes: the frames lie on the grid
void put_capture(DcmDataset& dataset, const SeriesTemplate& series, const VolumeGeometry& geometry,
                 bool planes) {
  put(dataset, DCM_ConversionType, "WSD");
  put(dataset, DCM_PatientOrientation, "");
  put_unless_empty(dataset, DCM_DerivationDescription, shortened(series.derivation_description, 1024));
  if (geometry.size[2] < 2) return;
  const Eigen::Vector3d first = series.origin_of(geometry, 0).mm;
  std::string vector;
  for (int z = 0; z < geometry.size[2]; ++z) {
    const double depth_mm = (series.origin_of(geometry, z).mm - first).dot(geometry.direction.col(2));
    vector += (z == 0 ? "" : "\\") + (planes ? decimal_string(depth_mm) : std::to_string(z + 1));
  }
  const DcmTagKey key = planes ? DCM_SliceLocationVector : DCM_PageNumberVector;
  dataset.putAndInsertTagKey(DCM_FrameIncrementPointer, key);
  put(dataset, key, vector);
}

/// A VOI LUT (PS3.3 C.11.2.1.1) that falls from white to black: the values stay, and what shows them must be
/// MONOCHROME2 and IDENTITY. Padding is black.
void put_falling_lut(DcmDataset& dataset, const WindowLevel& window, const StoredScale& scale,
                     const std::optional<ValueRange>& padding) {
  constexpr int bits = 16;
  constexpr double white = (1 << bits) - 1;
  std::vector<Uint16> entries;
  for (int value = 0; value <= scale.largest; ++value) {
    const bool is_padding = padding && value >= padding->minimum && value <= padding->maximum;
    entries.push_back(is_padding ? 0
                                 : static_cast<Uint16>(std::lround(white * (1 - apply_window(value, window)))));
  }
  DcmItem& item = add_item(dataset, DCM_VOILUTSequence);
  const Uint16 descriptor[] = {static_cast<Uint16>(entries.size()), 0, bits}; // 0: 65536
  item.putAndInsertUint16Array(DCM_LUTDescriptor, descriptor, 3);
  put(item, DCM_LUTExplanation, "Small values are bright");
  auto data = std::make_unique<DcmOtherByteOtherWord>(DcmTag(DCM_LUTData, EVR_OW));
  data->putUint16Array(entries.data(), static_cast<unsigned long>(entries.size()));
  if (item.insert(data.get(), OFTrue).good()) static_cast<void>(data.release());
}

void put_grey(DcmDataset& dataset, const SeriesTemplate& series, const Volume& volume,
              const StoredScale& scale) {
  put(dataset, DCM_PresentationLUTShape, "IDENTITY");
  put(dataset, DCM_RescaleIntercept, decimal_string(scale.intercept));
  put(dataset, DCM_RescaleSlope, decimal_string(scale.slope));
  put(dataset, DCM_RescaleType, "US");
  const auto padding = scale.exact ? series.series.padding : std::nullopt;
  const double low = percentile(volume, 0.01, padding);
  const double width = std::max(percentile(volume, 0.995, padding) - low, 1e-6);
  if (series.series.inverse && capture_keeps_polarity(volume))
    return put_falling_lut(dataset, {width, low + width / 2, {}}, scale, padding);
  put(dataset, DCM_WindowCenter, decimal_string(low + width / 2));
  put(dataset, DCM_WindowWidth, decimal_string(width));
  if (width < 1) put(dataset, DCM_VOILUTFunction, "LINEAR_EXACT");
}

/// All slices, one behind the other.
std::vector<std::uint16_t> stored_volume(const Volume& volume, const StoredScale& scale) {
  std::vector<std::uint16_t> stored;
  stored.reserve(volume.voxel_count());
  for (int z = 0; z < volume.geometry().size[2]; ++z) {
    const auto slice = stored_slice(volume, z, scale);
    stored.insert(stored.end(), slice.begin(), slice.end());
  }
  return stored;
}

bool fits_bytes(const Volume& volume) {
  const ValueRange range = value_range(volume);
  return volume.holds<std::int16_t>() && range.minimum >= 0 && range.maximum <= 255;
}

Result<void> put_grey_pixels(DcmDataset& dataset, const std::vector<std::uint16_t>& stored, bool bytes) {
  if (!bytes)
    return inserted(dataset.putAndInsertUint16Array(DCM_PixelData, stored.data(),
                                                    static_cast<unsigned long>(stored.size())));
  std::vector<std::uint8_t> narrow(stored.begin(), stored.end());
  narrow.resize((narrow.size() + 1) / 2 * 2);
  return inserted(
      dataset.putAndInsertUint8Array(DCM_PixelData, narrow.data(), static_cast<unsigned long>(narrow.size())));
}

/// Of a source whose frames are all in one file.
void copy_common_regions(DcmDataset& dataset, const SeriesTemplate& series, const VolumeGeometry& geometry) {
  const auto& files = series.region_files;
  if (!files.empty() &&
      std::all_of(files.begin(), files.end(), [&](const auto& file) { return file == files.front(); }))
    copy_regions(dataset, files.front(), geometry);
}

Error stopped() { return {ErrorKind::cancelled, "stopped while writing; nothing was written"}; }

} // namespace

bool capture_keeps_polarity(const Volume& volume) {
  return volume.holds<std::int16_t>() && value_range(volume).minimum >= 0;
}

Result<void> write_multi_frame_capture(const std::filesystem::path& path, const Volume& given,
                                       const SeriesPlace& source, const DerivedSeries& derived,
                                       const Progress& progress) {
  const Volume volume = right_handed(given);
  SeriesTemplate series;
  BLOCH_CHECK(fill_template(series, volume.geometry(), source, derived));
  const bool bytes = fits_bytes(volume);
  const MultiFrameHeader header =
      capture_header(bytes ? UID_MultiframeGrayscaleByteSecondaryCaptureImageStorage
                           : UID_MultiframeGrayscaleWordSecondaryCaptureImageStorage,
                     series);
  const auto frames = all_slices(volume.geometry());
  BLOCH_CHECK(check_object(header, series, volume.geometry(), frames.size(), bytes ? 8 : 16));
  DcmFileFormat file;
  DcmDataset& dataset = *file.getDataset();
  put_multi_frame(dataset, header, series, volume.geometry(), frames);
  put_capture(dataset, series, volume.geometry(), true);
  put_pixel_bits(dataset, bytes ? 8 : 16);
  const StoredScale scale = stored_scale(volume);
  put_grey(dataset, series, volume, scale);
  put(dataset, DCM_BurnedInAnnotation, burned_in(series, true));
  copy_common_regions(dataset, series, volume.geometry());
  BLOCH_CHECK(put_grey_pixels(dataset, stored_volume(volume, scale), bytes));
  if (progress.cancelled()) return failure(stopped());
  return save_object(path, file);
}

Result<void> write_multi_frame_capture(const std::filesystem::path& path, const RgbVolume& colours,
                                       const SeriesInfo& from, const SeriesPlace& source,
                                       const DerivedSeries& derived, const Progress& progress) {
  const VolumeGeometry& geometry = colours.geometry();
  SeriesTemplate series;
  BLOCH_CHECK(fill_template(series, geometry, source, derived));
  series.series.lossy = from.lossy;
  series.series.lossy_ratio = from.lossy_ratio;
  const MultiFrameHeader header = capture_header(UID_MultiframeTrueColorSecondaryCaptureImageStorage, series);
  const auto frames = all_slices(geometry);
  BLOCH_CHECK(check_object(header, series, geometry, frames.size(), 24));
  const bool planes = from.geometry && from.geometry->matches(geometry) && from.slice_origins.empty();
  DcmFileFormat file;
  DcmDataset& dataset = *file.getDataset();
  if (planes) {
    put_multi_frame(dataset, header, series, geometry, frames);
  } else {
    put_multi_frame_head(dataset, header, series, geometry, frames.size());
    dataset.findAndDeleteElement(DCM_FrameOfReferenceUID);
    dataset.findAndDeleteElement(DCM_PositionReferenceIndicator);
  }
  put_capture(dataset, series, geometry, planes);
  put_pixel_bits(dataset, 8);
  put(dataset, DCM_BurnedInAnnotation, burned_in(series, false));
  dataset.putAndInsertUint16(DCM_SamplesPerPixel, 3);
  put(dataset, DCM_PhotometricInterpretation, "RGB");
  dataset.putAndInsertUint16(DCM_PlanarConfiguration, 0);
  copy_common_regions(dataset, series, geometry);
  const auto samples = colours.samples<std::array<std::uint8_t, 3>>();
  std::vector<std::uint8_t> pixels(samples.front().data(), samples.front().data() + 3 * samples.size());
  pixels.resize((pixels.size() + 1) / 2 * 2);
  BLOCH_CHECK(inserted(
      dataset.putAndInsertUint8Array(DCM_PixelData, pixels.data(), static_cast<unsigned long>(pixels.size()))));
  if (progress.cancelled()) return failure(stopped());
  return save_object(path, file);
}

} // namespace bloch::imaging
