#include "app/panels/reconstruct_workspace.h"

#include <algorithm>
#include <fstream>

#include <QCheckBox>
#include <QComboBox>
#include <QScrollArea>
#include <QSpinBox>
#include <QTableView>

#include "app/panels/reconstruct_command.h"
#include "app/panels/reconstruct_metrics.h"
#include "app/panels/reconstruct_run.h"
#include "app/viewers/slice_view.h"
#include "imaging/io/kspace_file.h"
#include "imaging/recon/reconstruction.h"
#include "imaging/recon/simulate.h"
#include "tests/app/workspaces/workspace_window.h"
#include "tests/support/mat_writer.h"
#include "tests/support/temporary_folder.h"

namespace bloch::app {
namespace {

class ReconstructTest : public testing::Test {
 protected:
  ReconstructTest()
      : workspace(std::make_unique<ReconstructWorkspace>(session))
      , window(*workspace) {}

  /// Leaves exactly these methods checked, by clicks.
  void check_methods(const std::vector<std::string>& names) {
    for (const auto& method : imaging::reconstructions()) {
      const QString name = "reconstruct.method." + QString::fromStdString(method.name) + ".on";
      const bool wanted = std::find(names.begin(), names.end(), method.name) != names.end();
      if (window.control<QCheckBox>(name).isChecked() != wanted) window.press(name);
      EXPECT_EQ(window.control<QCheckBox>(name).isChecked(), wanted) << method.name;
    }
  }
  /// A calibration region that leaves something to leave out on 40 x 40 samples.
  void make_it_small() {
    window.control<QSpinBox>("reconstruct.mask.acs").setValue(12);
    window.control<QSpinBox>("reconstruct.coils.calibration").setValue(12);
  }
  void run_and_wait() {
    QSignalSpy finished(workspace.get(), &ReconstructWorkspace::finished);
    window.press("reconstruct.run");
    ASSERT_TRUE(workspace->is_running());
    ASSERT_TRUE(finished.wait(patience_ms));
  }
  const std::vector<MetricsRow>& rows() {
    return window.control<MetricsTable>("reconstruct.metrics").model().rows();
  }

  Session session{Settings{}};
  std::unique_ptr<ReconstructWorkspace> workspace;
  WorkspaceWindow window;
};

TEST_F(ReconstructTest, has_a_row_for_every_method_and_nothing_to_run_without_a_source) {
  for (const auto& method : imaging::reconstructions())
    EXPECT_NE(window.findChild<QWidget*>("reconstruct.method." + QString::fromStdString(method.name)), nullptr)
        << method.name;
  EXPECT_FALSE(window.control<QPushButton>("reconstruct.run").isEnabled());
  EXPECT_FALSE(window.control<QPushButton>("reconstruct.run").toolTip().isEmpty());
}

TEST_F(ReconstructTest, keeps_its_panels_to_their_width_with_every_method_unfolded) {
  add_head(session, make_small_head());
  for (const auto& method : imaging::reconstructions()) {
    const QString fold = "reconstruct.method." + QString::fromStdString(method.name) + ".fold";
    if (!method.parameters.empty()) window.press(fold);
  }
  for (QWidget* panel : {workspace->left_panel(), workspace->right_panel()})
    for (const auto* scroll : panel->findChildren<QScrollArea*>())
      EXPECT_LE(scroll->widget()->minimumSizeHint().width(), panel->width() - 8)
          << panel->objectName().toStdString() << "\n"
          << widest_children(*scroll->widget());
}

TEST_F(ReconstructTest, runs_two_methods_and_shows_their_results_beside_the_reference) {
  const SmallHead head = make_small_head();
  const ItemId source = add_head(session, head);
  check_methods({"zero-filled", "cg-sense"});
  make_it_small();
  EXPECT_TRUE(window.control<QLabel>("reconstruct.source.simulated").isVisible());
  ASSERT_NO_FATAL_FAILURE(run_and_wait());

  EXPECT_EQ(count_items(session, ItemKind::reconstruction), 2);
  EXPECT_EQ(count_items(session, ItemKind::error_map), 2);
  ASSERT_EQ(rows().size(), 2U);
  for (const auto& row : rows()) {
    EXPECT_EQ(row.state, JobState::done) << row.error;
    const Item* item = session.document().find(row.item);
    ASSERT_NE(item, nullptr);
    EXPECT_EQ(item->source, source);
    EXPECT_TRUE(item->volume->geometry().matches(head.geometry));
    EXPECT_TRUE(item->recipe.has_value());
    EXPECT_EQ(item->tags, (std::vector<std::string>{"SIMULATED", "RECON"}));
    EXPECT_GT(item->numbers.at("nrmse"), 0);
    EXPECT_LT(item->numbers.at("nrmse"), 1);
  }
  // CG-SENSE uses the coils: it must be the better one, and marked so.
  auto& model = window.control<MetricsTable>("reconstruct.metrics").model();
  EXPECT_LT(rows()[1].numbers.at("nrmse"), rows()[0].numbers.at("nrmse"));
  EXPECT_TRUE(model.is_best(1, MetricsModel::nrmse));
  EXPECT_FALSE(model.is_best(0, MetricsModel::nrmse));
  const std::string csv = model.csv();
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 3);
  // What lambda=auto became.
  const double lambda = rows()[1].numbers.at("lambda");
  EXPECT_GT(lambda, 0);
  EXPECT_NE(csv.find("," + to_text(lambda) + ","), std::string::npos) << csv;
  EXPECT_NE(model.index(1, MetricsModel::nrmse)
                .data(Qt::ToolTipRole)
                .toString()
                .indexOf("λ " + QString::number(lambda, 'g', 3)),
            -1);
  EXPECT_EQ(model.index(0, MetricsModel::nrmse).data(Qt::ToolTipRole).toString().indexOf("λ"), -1);

  int visible = 0;
  for (const auto* view : window.findChildren<SliceView*>()) visible += view->isVisible();
  EXPECT_EQ(visible, 4); // reference, two methods, one error map
  EXPECT_EQ(workspace->pictures().size(), 4U);
  EXPECT_TRUE(session.document_model().undo_name().isEmpty()) << "a result is not a step of undo";
}

TEST_F(ReconstructTest, shows_the_error_map_of_the_method_that_is_clicked) {
  add_head(session, make_small_head());
  check_methods({"zero-filled", "cg-sense"});
  make_it_small();
  ASSERT_NO_FATAL_FAILURE(run_and_wait());
  auto& table = window.control<QTableView>("reconstruct.metrics.table");
  click(*table.viewport(), table.visualRect(table.model()->index(0, 0)).center());
  const auto error_title = [&] {
    for (const auto* view : window.findChildren<SliceView*>())
      if (view->isVisible() && view->scene().colour_map == "bloch-error") return view->scene().title;
    return QString();
  };
  EXPECT_TRUE(error_title().startsWith(QString::fromStdString(method_label("zero-filled"))));
  click(*table.viewport(), table.visualRect(table.model()->index(1, 0)).center());
  EXPECT_TRUE(error_title().startsWith(QString::fromStdString(method_label("cg-sense"))));
  EXPECT_TRUE(window.findChild<CommandBar*>()->line().contains("--method cg-sense"));
}

TEST_F(ReconstructTest, stops_when_cancel_is_pressed) {
  add_head(session, make_small_head());
  check_methods({"cg-sense", "l1-wavelet"});
  make_it_small();
  QSignalSpy finished(workspace.get(), &ReconstructWorkspace::finished);
  window.press("reconstruct.run");
  ASSERT_TRUE(workspace->is_running());
  window.press("reconstruct.cancel");
  ASSERT_TRUE(finished.wait(patience_ms));
  ASSERT_EQ(rows().size(), 2U);
  EXPECT_EQ(rows()[1].state, JobState::cancelled);
  EXPECT_FALSE(workspace->is_running());
  EXPECT_TRUE(window.control<QPushButton>("reconstruct.run").isEnabled());
}

TEST_F(ReconstructTest, says_that_a_bad_kspace_file_is_bad) {
  const tests::TemporaryFolder folder;
  const auto path = folder / "broken.npy";
  std::ofstream(path) << "this is not an array";
  QSignalSpy messages(&session, &Session::message_shown);
  workspace->open_kspace(path);
  ASSERT_TRUE(messages.wait(patience_ms));
  const auto message = messages.first().first().value<Message>();
  EXPECT_EQ(message.kind, Message::Kind::error);
  EXPECT_TRUE(message.text.contains("broken.npy"));
  EXPECT_FALSE(message.details.isEmpty());
  EXPECT_FALSE(window.control<QPushButton>("reconstruct.run").isEnabled());
}

TEST_F(ReconstructTest, reconstructs_raw_data_from_a_file_as_measured) {
  const tests::TemporaryFolder folder;
  const auto path = folder / "raw.npy";
  const SmallHead head = make_small_head();
  ASSERT_TRUE(imaging::write_kspace(path, imaging::simulate_kspace(*head.volume, 8, 8, {})));
  QSignalSpy idle(&session.jobs(), &QtJobQueue::became_idle);
  workspace->open_kspace(path);
  ASSERT_TRUE(idle.wait(patience_ms));
  auto& source = window.control<QComboBox>("reconstruct.source");
  EXPECT_EQ(source.currentText(), "raw.npy");
  EXPECT_EQ(window.control<QComboBox>("reconstruct.mask.kind").currentText(), "As measured");
  check_methods({"zero-filled"});
  make_it_small();
  ASSERT_NO_FATAL_FAILURE(run_and_wait());
  ASSERT_EQ(rows().size(), 1U);
  ASSERT_EQ(rows()[0].state, JobState::done) << rows()[0].error;
  EXPECT_FALSE(session.document().find(rows()[0].item)->recipe->inputs.empty());
}

TEST_F(ReconstructTest, opens_raw_data_from_matlab_and_lists_what_it_cannot_choose_from) {
  const tests::TemporaryFolder folder;
  const tests::MatWriter writer;
  const std::string part =
      writer.element(tests::MatWriter::stored_single, writer.bytes(std::vector<float>(64, 1)));
  const auto scan = [&](const char* name) {
    return writer.variable(tests::MatWriter::real32, name, {8, 8}, part + part, true);
  };
  std::ofstream(folder / "two.mat", std::ios::binary) << writer.file(scan("a") + scan("b"));
  QSignalSpy messages(&session, &Session::message_shown);
  workspace->open_kspace(folder / "two.mat");
  ASSERT_TRUE(messages.wait(patience_ms));
  const auto message = messages.first().first().value<Message>();
  EXPECT_TRUE((message.text + message.details).contains("a: complex single 8 x 8; b: complex single 8 x 8"));
  std::ofstream(folder / "one.mat", std::ios::binary) << writer.file(scan("a"));
  QSignalSpy idle(&session.jobs(), &QtJobQueue::became_idle);
  workspace->open_kspace(folder / "one.mat");
  ASSERT_TRUE(idle.wait(patience_ms));
  EXPECT_EQ(window.control<QComboBox>("reconstruct.source").currentText(), "one.mat");
}

TEST_F(ReconstructTest, reads_three_dimensions_as_coils_or_as_a_volume_of_one_coil) {
  const tests::TemporaryFolder folder;
  const auto path = folder / "raw.npy";
  std::vector<std::complex<float>> samples(std::size_t{6} * 16 * 16);
  for (std::size_t i = 0; i < samples.size(); ++i) samples[i] = {static_cast<float>(i % 7), 1};
  ASSERT_TRUE(imaging::write_kspace(path, KSpace({16, 16, 1, 6, 1}, samples)));
  QSignalSpy idle(&session.jobs(), &QtJobQueue::became_idle);
  workspace->open_kspace(path);
  ASSERT_TRUE(idle.wait(patience_ms));
  auto& box = window.control<QCheckBox>("reconstruct.source.one-coil");
  EXPECT_TRUE(box.isVisible());
  EXPECT_FALSE(box.isChecked());
  EXPECT_TRUE(window.control<QLabel>("reconstruct.source.facts").text().contains("6 coils"));
  check_methods({"zero-filled"});
  EXPECT_FALSE(window.findChild<CommandBar*>()->line().contains("--coil-axis"));
  window.press("reconstruct.source.one-coil");
  while (!box.isChecked()) ASSERT_TRUE(idle.wait(patience_ms));
  EXPECT_TRUE(box.isVisible());
  EXPECT_EQ(window.control<QComboBox>("reconstruct.source").count(), 1);
  const QString facts = window.control<QLabel>("reconstruct.source.facts").text();
  EXPECT_TRUE(facts.contains("1 coil\n")) << facts.toStdString();
  EXPECT_TRUE(window.findChild<CommandBar*>()->line().contains("--coil-axis none"));
  ASSERT_NO_FATAL_FAILURE(run_and_wait());
  ASSERT_EQ(rows()[0].state, JobState::done) << rows()[0].error;
  const Item* image = session.document().find(rows()[0].item);
  EXPECT_EQ(image->volume->geometry().size, (std::array<int, 3>{16, 16, 6}));
  EXPECT_EQ(image->recipe->options.at("coil-axis"), "none");
  window.press("reconstruct.source.one-coil"); // and back
  while (box.isChecked()) ASSERT_TRUE(idle.wait(patience_ms));
  EXPECT_FALSE(window.findChild<CommandBar*>()->line().contains("--coil-axis"));
}

TEST_F(ReconstructTest, writes_the_command_line_of_what_the_panel_says) {
  add_head(session, make_small_head());
  check_methods({"l1-wavelet"});
  auto& slices = window.control<QComboBox>("reconstruct.slices");
  slices.setCurrentIndex(slices.findData(4));
  const QString line = window.findChild<CommandBar*>()->line();
  EXPECT_TRUE(line.startsWith("bloch-cli recon INPUT --method l1-wavelet")) << line.toStdString();
  EXPECT_TRUE(line.contains("--undersample variable-density,accel=4,acs=24,seed=1")) << line.toStdString();
  EXPECT_TRUE(line.contains("--slices 6:9")) << line.toStdString();
}

} // namespace
} // namespace bloch::app
