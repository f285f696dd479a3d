#include "imaging/dicom/detail/segmentation_writer.h"

#include <dcmtk/dcmdata/dcuid.h>

#include "imaging/dicom/detail/object_info.h"

namespace bloch::imaging {
namespace {

struct Concept {
  const char* meaning;
  const char* code; ///< SNOMED CT
};

/// Categories and types of segments (PS3.16 CID 7150, 7151, …) that are known by name.
constexpr Concept concepts[] = {{"Tissue", "85756007"}, {"Anatomical Structure", "123037004"},
                                {"Organ", "113343008"}, {"Morphologically Abnormal Structure", "49755003"},
                                {"Lesion", "52988006"}, {"Brain", "12738006"},
                                {"Liver", "10200004"}};

void put_concept(DcmItem& segment, const DcmTagKey& sequence, const std::string& meaning) {
  if (meaning.empty()) return put_code(segment, sequence, "85756007", "SCT", "Tissue");
  for (const Concept& known : concepts)
    if (meaning == known.meaning) return put_code(segment, sequence, known.code, "SCT", meaning);
  put_code(segment, sequence, shortened(meaning, 16), "99BLOCH", meaning);
}

/// "AUTOMATIC Bloch anomaly" in its two parts; automatic when it does not say.
void put_algorithm(DcmItem& item, const std::string& algorithm) {
  std::string type = "AUTOMATIC";
  std::string name = algorithm.empty() ? std::string("Bloch") : algorithm;
  for (const char* known : {"AUTOMATIC", "SEMIAUTOMATIC", "MANUAL"})
    if (algorithm == known || algorithm.starts_with(std::string(known) + " ")) {
      type = known;
      name = algorithm.size() > type.size() ? algorithm.substr(type.size() + 1) : std::string("Bloch");
    }
  put(item, DCM_SegmentAlgorithmType, type);
  if (type != "MANUAL") put(item, DCM_SegmentAlgorithmName, shortened(name, 64));
}

} // namespace

void put_segment(DcmItem& dataset, const Segment& segment) {
  DcmItem& item = add_item(dataset, DCM_SegmentSequence);
  item.putAndInsertUint16(DCM_SegmentNumber, static_cast<Uint16>(segment.number));
  put(item, DCM_SegmentLabel, shortened(segment.name, 64));
  put_algorithm(item, segment.algorithm);
  put_concept(item, DCM_SegmentedPropertyCategoryCodeSequence, segment.category);
  put_concept(item, DCM_SegmentedPropertyTypeCodeSequence,
              segment.type.empty() ? segment.category : segment.type);
  const auto lab = to_cielab(segment.colour);
  item.putAndInsertUint16Array(DCM_RecommendedDisplayCIELabValue, lab.data(), 3);
}

MultiFrameHeader segmentation_header() {
  return {UID_SegmentationStorage, "SEG", "DERIVED\\PRIMARY", "SEGMENTATION"};
}

void put_segmentation(DcmDataset& dataset, const SeriesTemplate& series, const VolumeGeometry& geometry,
                      const std::vector<FramePlace>& frames, Uint16 bits, const char* type) {
  put_multi_frame(dataset, segmentation_header(), series, geometry, frames);
  put_pixel_bits(dataset, bits);
  put(dataset, DCM_SegmentationType, type);
}

Result<void> save_with_pixels(const std::filesystem::path& path, DcmFileFormat& file,
                              const std::vector<std::uint8_t>& bytes, const Progress& progress) {
  BLOCH_CHECK(inserted(file.getDataset()->putAndInsertUint8Array(DCM_PixelData, bytes.data(),
                                                                 static_cast<unsigned long>(bytes.size()))));
  if (progress.cancelled()) return failure(ErrorKind::cancelled, "stopped while writing; nothing was written");
  return save_object(path, file);
}

} // namespace bloch::imaging
