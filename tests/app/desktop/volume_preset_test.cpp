#include "app/panels/volume_preset.h"

#include <QComboBox>

#include <gtest/gtest.h>

#include "app/desktop/main_window.h"
#include "app/viewers/transfer_function.h"
#include "app/viewers/volume_view.h"
#include "tests/imaging/dicom/synthetic_dicom.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/ui.h"

namespace bloch::app {
namespace {

TEST(VolumePreset, IsThatOfWhatTheNumbersMean) {
  const auto preset = [](const char* modality, const char* unit = "", std::vector<std::string> type = {}) {
    Item item;
    item.series.modality = modality;
    item.series.value_unit = unit;
    item.series.image_type = std::move(type);
    return volume_preset(item);
  };
  EXPECT_EQ(preset("MR"), "mr-head");
  EXPECT_EQ(preset("OT"), "mr-head");
  EXPECT_EQ(preset("CT"), "ct-bone");
  EXPECT_EQ(preset("RTDOSE"), "quantity");
  EXPECT_EQ(preset("MR", "mm2/s"), "quantity");
  EXPECT_EQ(preset("MR", "", {"DERIVED", "PRIMARY", "DIFFUSION", "ADC"}), "quantity");
  EXPECT_EQ(preset("PT"), "pet-hot");
  EXPECT_EQ(preset("US"), "grey-ramp");
}

TEST(VolumePreset, IsChosenForImagesOfOneKindAndOnlyWhereItMeansSomething) {
  Settings settings;
  Item ct, mr;
  ct.series.modality = "CT";
  mr.series.modality = "MR";
  choose_preset(settings, ct, "ct-lung");
  EXPECT_EQ(shown_preset(settings, ct), "ct-lung");
  EXPECT_EQ(shown_preset(settings, mr), "mr-head");
  choose_preset(settings, mr, "ct-lung"); // Hounsfield units of an MR image
  EXPECT_EQ(shown_preset(settings, mr), "mr-head");
  choose_preset(settings, ct, "");
  EXPECT_EQ(shown_preset(settings, ct), "ct-bone");
}

class VolumePresetWindow : public testing::Test {
 protected:
  void open(const std::string& name, const char* modality) {
    imaging::SyntheticImage image;
    image.series_uid += std::string(".") + name;
    image.change = [&](DcmDataset& dataset) { dataset.putAndInsertString(DCM_Modality, modality); };
    imaging::write_stack(folder / name, {0, 2, 4}, image);
    session.open_paths({folder / name});
    ASSERT_TRUE(wait_until(session.jobs(), &QtJobQueue::became_idle, [this] { return session.jobs().idle(); }));
    session.open_series(QString::fromStdString(image.series_uid));
    ASSERT_TRUE(wait_until(session.jobs(), &QtJobQueue::became_idle, [this] { return session.jobs().idle(); }));
  }

  tests::TemporaryFolder folder;
  Session session{Settings{}};
  MainWindow window{session};
};

TEST_F(VolumePresetWindow, ListsWhatFitsAndDrawsWhatIsChosen) {
  window.resize(1200, 800);
  window.show();
  auto& list = find_ui<QComboBox>(window, "volume.preset");
  EXPECT_FALSE(list.isEnabled());
  const auto shown = [&] { return find_ui<VolumeView>(window, "read.volume").scene().preset; };
  const auto choose = [&](const QString& label) {
    list.setCurrentIndex(list.findText(label));
    emit list.activated(list.currentIndex());
  };
  open("1", "CT");
  EXPECT_EQ(list.currentText(), "Automatic (CT bone)");
  EXPECT_EQ(shown(), "ct-bone");
  choose("CT soft tissue");
  EXPECT_EQ(shown(), "ct-soft-tissue");
  open("2", "MR");
  EXPECT_EQ(list.currentText(), "Automatic (MR head)");
  EXPECT_EQ(shown(), "mr-head");
  EXPECT_EQ(list.findText("CT soft tissue"), -1) << "it is in Hounsfield units";
  choose("Grey ramp");
  EXPECT_EQ(shown(), "grey-ramp");
  open("3", "CT"); // what was chosen for CT holds for the next one
  EXPECT_EQ(list.currentText(), "CT soft tissue");
  EXPECT_EQ(shown(), "ct-soft-tissue");
  choose("Automatic (CT bone)");
  EXPECT_EQ(shown(), "ct-bone");
}

} // namespace
} // namespace bloch::app
