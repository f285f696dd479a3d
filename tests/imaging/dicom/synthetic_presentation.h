#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "tests/imaging/dicom/synthetic_dicom.h"

namespace bloch::imaging {

inline DcmItem& add_to(DcmItem& item, const DcmTagKey& sequence) {
  DcmItem* added = nullptr;
  item.findOrCreateSequenceItem(sequence, added, -2);
  return *added;
}

inline void put_text(DcmItem& item, const DcmTagKey& tag, const std::string& value) {
  item.putAndInsertString(tag, value.c_str());
}

/// An item of ReferencedImageSequence for the image of a file.
inline void refer_to(DcmItem& item, const std::filesystem::path& file) {
  DcmFileFormat image;
  ASSERT_TRUE(image.loadFile(file.c_str()).good());
  OFString uid;
  image.getDataset()->findAndGetOFString(DCM_SOPInstanceUID, uid);
  put_text(add_to(item, DCM_ReferencedImageSequence), DCM_ReferencedSOPInstanceUID, uid.c_str());
}

inline void draw(DcmItem& annotation, const std::string& type, const std::vector<Float32>& data,
                 const std::string& units = "PIXEL", bool filled = false) {
  DcmItem& graphic = add_to(annotation, DCM_GraphicObjectSequence);
  put_text(graphic, DCM_GraphicType, type);
  put_text(graphic, DCM_GraphicAnnotationUnits, units);
  put_text(graphic, DCM_GraphicFilled, filled ? "Y" : "N");
  graphic.putAndInsertFloat32Array(DCM_GraphicData, data.data(), static_cast<unsigned long>(data.size()));
}

/// A grayscale presentation state of images of one series. change: its windows, areas, layers and annotations
inline void write_presentation(const std::filesystem::path& path, const std::string& series_uid,
                               const std::vector<std::filesystem::path>& images,
                               const std::function<void(DcmDataset&)>& change,
                               const std::string& uid = "1.2.3.4") {
  SyntheticImage state;
  state.series_uid += ".9";
  state.change = [&](DcmDataset& dataset) {
    dataset.findAndDeleteElement(DCM_PixelData);
    put_text(dataset, DCM_SOPClassUID, UID_GrayscaleSoftcopyPresentationStateStorage);
    put_text(dataset, DCM_SOPInstanceUID, uid);
    put_text(dataset, DCM_Modality, "PR");
    put_text(dataset, DCM_ContentLabel, "FINDING");
    DcmItem& series = add_to(dataset, DCM_ReferencedSeriesSequence);
    put_text(series, DCM_SeriesInstanceUID, series_uid);
    for (const auto& image : images) refer_to(series, image);
    change(dataset);
  };
  write_synthetic(path, state);
}

} // namespace bloch::imaging
