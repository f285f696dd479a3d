#include "app/widgets/parameter_form.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QSignalSpy>
#include <QSlider>
#include <QTest>
#include <QToolButton>

#include <gtest/gtest.h>

#include "core/parameters/fields.h"
#include "imaging/learning/anomaly.h"
#include "imaging/operators/mask.h"
#include "imaging/recon/coils.h"
#include "imaging/recon/reconstruction.h"
#include "imaging/recon/simulate.h"
#include "tests/support/mouse.h"

namespace bloch::app {
namespace {

struct EveryKind {
  bool flag = false;
  int count = 3;
  double share = 0.25;
  double free_number = 7;
  std::optional<double> lambda;
  std::string kind = "linear";
  std::string long_choice = "alpha";
  std::string note = "a note";
  std::filesystem::path target = "here.npy";
  std::vector<double> weights{1, 2.5};
};

const std::vector<Parameter>& every_kind() {
  using E = EveryKind;
  static const auto fields =
      Fields<E>()
          .add("flag", &E::flag, {.label = "Flag", .help = "on or off"})
          .add("count", &E::count,
               {.label = "Count", .help = "how many", .unit = "lines", .minimum = 1, .maximum = 50})
          .add("share", &E::share, {.label = "Share", .help = "of all", .minimum = 0, .maximum = 1})
          .add("free-number", &E::free_number, {.label = "Free", .help = "any", .unit = "mm"})
          .add("lambda", &E::lambda,
               {.label = "lambda",
                .help = "weight",
                .minimum = 1e-5,
                .maximum = 1,
                .scale = ParameterScale::logarithmic})
          .add("kind", &E::kind, {.label = "Kind", .help = "which", .choices = {"linear", "full"}})
          .add("long-choice", &E::long_choice,
               {.label = "Long",
                .help = "which",
                .choices = {"alpha", "beta", "gamma", "delta"},
                .enabled_by = "kind",
                .enabled_value = "full"})
          .add("note", &E::note, {.label = "Note", .help = "text"})
          .add("target", &E::target,
               {.label = "Target", .help = "file", .writes_file = true, .formats = {".npy"}})
          .add("weights", &E::weights, {.label = "Weights", .help = "numbers"});
  return fields.parameters();
}

void type_into(QLineEdit& edit, const QString& text) {
  edit.setFocus();
  edit.selectAll();
  QTest::keyClicks(&edit, text);
}

TEST(ParameterForm, shows_the_defaults_and_has_nothing_changed_at_first) {
  const ParameterForm form("test", every_kind());
  EXPECT_EQ(form.values(), *with_defaults(every_kind(), {}));
  EXPECT_TRUE(form.changed_values().empty());
  EXPECT_TRUE(form.check());
}

TEST(ParameterForm, gives_back_every_kind_of_value_that_is_set) {
  ParameterForm form("test", every_kind());
  ParameterSet set;
  set.set("flag", true);
  set.set("count", 17LL);
  set.set("share", 0.125);
  set.set("free-number", -3.75);
  set.set("lambda", 0.0085);
  set.set("kind", std::string("full"));
  set.set("long-choice", std::string("gamma"));
  set.set("note", std::string("another"));
  set.set("target", std::string("/tmp/there.npy"));
  set.set("weights", std::vector<double>{0.5, -1, 3});
  form.set_values(set);
  EXPECT_EQ(form.values(), set);
  EXPECT_EQ(form.changed_values(), set);
  set.set("lambda", Automatic{});
  form.set_values(set);
  EXPECT_EQ(form.values(), set);
  form.reset();
  EXPECT_TRUE(form.changed_values().empty());
}

TEST(ParameterForm, refuses_what_the_command_line_refuses_and_says_why) {
  ParameterForm form("test", every_kind());
  form.show();
  auto& edit = *form.findChild<QLineEdit*>("test.share");
  QSignalSpy changed(&form, &ParameterForm::changed);
  type_into(edit, "1.5");
  EXPECT_GT(changed.count(), 0);
  ASSERT_FALSE(form.check());
  EXPECT_EQ(form.check().error().message, parse_value(every_kind()[2], "1.5").error().message);
  EXPECT_TRUE(form.findChild<QLabel*>("test.share.error")->isVisible());
  EXPECT_EQ(form.values().find("share"), nullptr);
  type_into(edit, "0.75");
  EXPECT_TRUE(form.check());
  EXPECT_FALSE(form.findChild<QLabel*>("test.share.error")->isVisible());
  EXPECT_EQ(std::get<double>(*form.values().find("share")), 0.75);
}

TEST(ParameterForm, enables_a_row_only_under_its_condition) {
  ParameterForm form("test", every_kind());
  form.show();
  auto& combo = *form.findChild<QComboBox*>("test.long-choice");
  EXPECT_FALSE(combo.isEnabled());
  auto& full = *form.findChild<QToolButton*>("test.kind.full");
  click(full, {4, 4});
  EXPECT_TRUE(combo.isEnabled());
  EXPECT_EQ(std::get<std::string>(*form.values().find("kind")), "full");
}

TEST(ParameterForm, moves_a_logarithmic_slider_by_decades) {
  ParameterForm form("test", every_kind());
  auto& slider = *form.findChild<QSlider*>("test.lambda.slider");
  slider.setValue(0);
  EXPECT_DOUBLE_EQ(std::get<double>(*form.values().find("lambda")), 1e-5);
  slider.setValue(600);
  EXPECT_NEAR(std::get<double>(*form.values().find("lambda")), 1e-2, 1e-3);
  slider.setValue(1000);
  EXPECT_DOUBLE_EQ(std::get<double>(*form.values().find("lambda")), 1);
}

TEST(ParameterForm, switches_between_auto_and_a_number) {
  ParameterForm form("test", every_kind());
  form.show();
  auto& automatic = *form.findChild<QToolButton*>("test.lambda.auto");
  EXPECT_TRUE(automatic.isChecked());
  click(automatic, {4, 4});
  EXPECT_TRUE(std::holds_alternative<double>(*form.values().find("lambda")));
  click(automatic, {4, 4});
  EXPECT_TRUE(std::holds_alternative<Automatic>(*form.values().find("lambda")));
}

TEST(ParameterForm, shows_every_list_of_the_program_with_its_defaults) {
  std::vector<std::vector<Parameter>> lists{imaging::coil_parameters(), imaging::simulation_parameters(),
                                            imaging::mask_parameters(), imaging::anomaly_parameters()};
  for (const auto& method : imaging::reconstructions()) lists.push_back(method.parameters);
  for (const auto& list : lists) {
    const ParameterForm form("test", list);
    EXPECT_TRUE(form.check());
    EXPECT_EQ(form.values(), *with_defaults(list, {}));
  }
}

} // namespace
} // namespace bloch::app
