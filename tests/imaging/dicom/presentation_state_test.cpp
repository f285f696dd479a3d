#include <gtest/gtest.h>

#include "imaging/dicom/objects.h"
#include "tests/imaging/dicom/only_object.h"
#include "tests/imaging/dicom/synthetic_dicom.h"

namespace bloch::imaging {
namespace {

TEST(Objects, TellWindowAndAnnotationsOfAPresentationState) {
  const tests::TemporaryFolder folder;
  SyntheticImage image;
  image.change = [](DcmDataset& dataset) {
    dataset.findAndDeleteElement(DCM_PixelData);
    const auto put = [](DcmItem& item, const DcmTagKey& tag, const char* value) {
      item.putAndInsertString(tag, value);
    };
    const auto add = [](DcmItem& item, const DcmTagKey& tag) -> DcmItem& {
      DcmItem* added = nullptr;
      item.findOrCreateSequenceItem(tag, added, -2);
      return *added;
    };
    put(dataset, DCM_SpecificCharacterSet, "ISO_IR 100");
    put(dataset, DCM_SOPClassUID, UID_GrayscaleSoftcopyPresentationStateStorage);
    put(dataset, DCM_ContentLabel, "FINDING");
    DcmItem& window = add(dataset, DCM_SoftcopyVOILUTSequence);
    put(window, DCM_WindowCenter, "40");
    put(window, DCM_WindowWidth, "400");
    DcmItem& annotation = add(dataset, DCM_GraphicAnnotationSequence);
    put(annotation, DCM_GraphicLayer, "NOTES");
    DcmItem& note = add(annotation, DCM_TextObjectSequence);
    put(note, DCM_UnformattedTextValue, "L\xE4sion");
    put(note, DCM_AnchorPointAnnotationUnits, "PIXEL");
    const Float32 anchor[] = {10, 20};
    note.putAndInsertFloat32Array(DCM_AnchorPoint, anchor, 2);
    DcmItem& graphic = add(annotation, DCM_GraphicObjectSequence);
    put(graphic, DCM_GraphicType, "POLYLINE");
    put(graphic, DCM_GraphicAnnotationUnits, "PIXEL");
    const Float32 line[] = {1, 2, 3, 4};
    graphic.putAndInsertFloat32Array(DCM_GraphicData, line, 4);
    DcmItem& series = add(dataset, DCM_ReferencedSeriesSequence);
    put(series, DCM_SeriesInstanceUID, "1.2.3");
    put(add(series, DCM_ReferencedImageSequence), DCM_ReferencedSOPInstanceUID, "1.2.3.4");
  };
  write_synthetic(folder / "state.dcm", image);
  const ObjectInfo object = only_object(folder.path());
  EXPECT_EQ(object.kind, ObjectKind::presentation_state);
  ASSERT_EQ(object.windows.size(), 1U);
  EXPECT_EQ(object.windows[0], (WindowLevel{400, 40, {}}));
  ASSERT_EQ(object.references.size(), 1U);
  EXPECT_EQ(object.references[0].instance_uids, std::vector<std::string>{"1.2.3.4"});
  const auto text = object_text(object);
  ASSERT_TRUE(text) << text.error().message;
  for (const char* part : {"Label: FINDING", "Window: width 400, level 40", "Layer NOTES",
                           "Text: L\xC3\xA4sion (at 10, 20 px)", "POLYLINE: 1, 2; 3, 4 px"})
    EXPECT_NE(text->find(part), std::string::npos) << part << "\n" << *text;
}

} // namespace
} // namespace bloch::imaging
