// In which numbers a series is read: SUVbw of PET, window and level as they are, badges of the geometry.
#include <algorithm>

#include <QCheckBox>
#include <QLabel>

#include <gtest/gtest.h>

#include "app/desktop/window_presets.h"
#include "app/panels/scene_text.h"
#include "app/panels/window_panel.h"
#include "app/widgets/number_input.h"
#include "app/widgets/tag_label.h"
#include "tests/support/ui.h"

namespace bloch::app {
namespace {

Item pet_item(double suv_factor) {
  VolumeGeometry geometry;
  geometry.size = {8, 8, 4};
  std::vector<std::int16_t> samples(geometry.voxel_count());
  for (std::size_t i = 0; i < samples.size(); ++i) samples[i] = static_cast<std::int16_t>(100 * (i % 101));
  Item item;
  item.volume = std::make_shared<const Volume>(geometry, std::move(samples));
  item.series.modality = "PT";
  item.series.geometry = geometry;
  item.series.suv_factor = suv_factor;
  item.series.windows = {{20000, 40000, "of the file"}};
  return item;
}

class ValuesTest : public testing::Test {
 protected:
  void show(Item item) {
    const ItemId id = session.document_model().add(std::move(item));
    session.set_active(id);
  }
  const Item& active() { return *session.document().active_item(); }
  WindowLevel window() { return session.document().window_of(active().id); }
  double box(const char* name) { return panel.findChild<NumberInput*>(name)->value(); }

  Session session{Settings{}};
  WindowPanel panel{session};
};

TEST_F(ValuesTest, OfPetAreReadInSuvAndBackInThoseOfTheFile) {
  show(in_suv(pet_item(0.0005)));
  EXPECT_NEAR(value_at(*active().volume, 3, 0, 0), 0.15, 1e-6);
  EXPECT_EQ(unit_text(active()), " SUVbw");
  EXPECT_EQ(active().tags, std::vector<std::string>{"SUVbw"});
  EXPECT_EQ(window(), suv_window);
  EXPECT_NEAR(box("window.width.number"), 7, 1e-6);
  EXPECT_NEAR(box("window.level.number"), 3.5, 1e-6);
  // The file's is a choice: 20000 and 40000 Bq/ml.
  const auto& presets = window_presets(preset_list_name(active().series));
  const auto file =
      std::find_if(presets.begin(), presets.end(), [](const WindowPreset& one) { return one.file; });
  ASSERT_NE(file, presets.end());
  const auto of_file = preset_window(*file, active());
  ASSERT_TRUE(of_file);
  EXPECT_NEAR(of_file->width, 10, 1e-6);
  EXPECT_NEAR(of_file->level, 20, 1e-6);
  session.document_model().edit("Window", [&](Document& edited) { edited.windows[active().id] = {6, 3, {}}; });
  auto* suv = panel.findChild<QCheckBox*>("window.suv");
  EXPECT_TRUE(suv->isVisibleTo(&panel) && suv->isChecked());

  suv->click();
  EXPECT_EQ(value_at(*active().volume, 3, 0, 0), 300);
  EXPECT_EQ(unit_text(active()), "");
  EXPECT_NEAR(window().width, 12000, 1e-6);
  EXPECT_NEAR(box("window.level.number"), 6000, 1e-6);
  EXPECT_FALSE(suv->isChecked());

  suv->click();
  ASSERT_TRUE(wait_until(session.jobs(), &QtJobQueue::became_idle, [this] { return session.jobs().idle(); }));
  EXPECT_NEAR(value_at(*active().volume, 3, 0, 0), 0.15, 1e-6);
  EXPECT_NEAR(window().width, 6, 1e-6);
  session.document_model().undo();
  EXPECT_EQ(value_at(*active().volume, 3, 0, 0), 300);
  EXPECT_FALSE(suv->isChecked());
}

TEST_F(ValuesTest, SayWhyThereIsNoSuv) {
  Item item = pet_item(0);
  item.warnings = item.series.warnings = {{"no-suv", "no SUV: the patient's weight is not given"}};
  show(in_suv(std::move(item)));
  EXPECT_FALSE(active().in_file_units);
  EXPECT_FALSE(panel.findChild<QCheckBox*>("window.suv")->isVisibleTo(&panel));
  const auto* reason = panel.findChild<QLabel*>("window.no-suv");
  EXPECT_TRUE(reason->isVisibleTo(&panel));
  EXPECT_EQ(reason->text(), "No SUV: the patient's weight is not given");

  Item ct = pet_item(0);
  ct.series.modality = "CT";
  show(std::move(ct));
  EXPECT_FALSE(reason->isVisibleTo(&panel));
}

TEST_F(ValuesTest, WindowAndLevelAreShownWhereverTheyLie) {
  Item item = pet_item(0); // values from 0 to 10000
  item.series.modality = "MR";
  item.series.windows = {{97376, 48688, {}}};
  show(std::move(item));
  EXPECT_EQ(box("window.width.number"), 97376);
  EXPECT_EQ(box("window.level.number"), 48688);
  session.document_model().edit("Window", [&](Document& edited) {
    edited.windows[active().id] = {0.5, -70000, {}};
  });
  EXPECT_EQ(box("window.width.number"), 0.5);
  EXPECT_EQ(box("window.level.number"), -70000);
  panel.findChild<NumberInput*>("window.level.number")->setValue(60000);
  EXPECT_EQ(window(), (WindowLevel{0.5, 60000, {}}));
}

TEST(GeometryTags, NameEveryWarningOnceAndAsAWarning) {
  SeriesInfo series;
  for (const char* kind : {"several-volumes", "duplicate-slices", "wrong-spacing", "incomplete-volume",
                           "mixed-orientation", "negative-spacing", "missing-slices", "uneven-spacing"})
    series.warnings.push_back({kind, ""});
  const auto tags = geometry_tags(series);
  EXPECT_EQ(tags,
            (std::vector<std::string>{"UNEVEN", "DUPLICATES", "PARTIAL", "MIXED", "SPACING", "NEG SPACING"}));
  for (const std::string& tag : tags)
    EXPECT_EQ(tag_kind(QString::fromStdString(tag)), TagLabel::Kind::warning) << tag;
}

} // namespace
} // namespace bloch::app
