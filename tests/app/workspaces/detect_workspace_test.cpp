#include "app/panels/detect_workspace.h"

#include <QAbstractItemView>
#include <QComboBox>
#include <QScrollArea>
#include <QToolButton>

#include "app/panels/detect_circuit.h"
#include "app/panels/detect_findings.h"
#include "app/panels/detect_kernels.h"
#include "app/viewers/slice_view.h"
#include "app/viewers/volume_view.h"
#include "app/widgets/filter_table.h"
#include "tests/app/workspaces/workspace_window.h"

namespace bloch::app {
namespace {

class DetectTest : public testing::Test {
 protected:
  DetectTest()
      : workspace(std::make_unique<DetectWorkspace>(session))
      , window(*workspace) {}

  /// Few qubits and patches: enough for a bright blob.
  void make_it_small() {
    ParameterSet set;
    set.set("qubits", 3LL);
    set.set("patch-mm", 12.0);
    set.set("training-patches", 80LL);
    workspace->set_parameters(set);
  }
  void choose_box(ItemId item) {
    session.document_model().edit("Box", [item](Document& document) {
      document.normal_box = VoxelBox{item, {8, 10, 5}, {20, 30, 10}};
    });
  }
  void score_and_wait() {
    QSignalSpy finished(workspace.get(), &DetectWorkspace::finished);
    window.press("detect.score");
    ASSERT_TRUE(workspace->is_running());
    ASSERT_TRUE(finished.wait(patience_ms));
  }

  Session session{Settings{}};
  std::unique_ptr<DetectWorkspace> workspace;
  WorkspaceWindow window;
};

TEST_F(DetectTest, says_what_is_missing_before_it_can_score) {
  EXPECT_FALSE(window.control<QPushButton>("detect.score").isEnabled());
  add_head(session, make_small_head());
  EXPECT_TRUE(window.control<QPushButton>("detect.score").isEnabled());
  window.press("detect.normal.box");
  EXPECT_FALSE(window.control<QPushButton>("detect.score").isEnabled());
  EXPECT_TRUE(window.control<QLabel>("detect.problem").text().contains("box"));
  window.press("detect.normal.other");
  EXPECT_TRUE(window.control<QLabel>("detect.problem").text().contains("second series"));
}

TEST_F(DetectTest, keeps_its_columns_to_their_width_with_every_setting_unfolded) {
  add_head(session, make_small_head());
  window.press("detect.more");
  for (const QString& name : {QString("detect.answers"), QString("detect.settings")}) {
    auto& column = window.control<QWidget>(name);
    for (const auto* scroll : column.findChildren<QScrollArea*>())
      EXPECT_LE(scroll->widget()->minimumSizeHint().width(), column.width() - 8)
          << name.toStdString() << "\n"
          << widest_children(*scroll->widget());
  }
}

TEST_F(DetectTest, takes_the_box_that_is_drawn_on_a_view) {
  const SmallHead head = make_small_head();
  const ItemId id = add_head(session, head);
  window.press("detect.normal.box");
  window.press("detect.box.draw");
  auto& view = window.control<SliceView>("detect.view.quantum");
  EXPECT_EQ(view.tool(), "box");
  const auto at = [&](int x, int y) {
    return view.position_of(head.geometry.to_world(VoxelIndex{{double(x), double(y), 7.5}}));
  };
  drag(view, Qt::LeftButton, at(10, 12), at(20, 26));
  ASSERT_TRUE(session.document().normal_box.has_value());
  const VoxelBox& box = *session.document().normal_box;
  EXPECT_EQ(box.item, id);
  EXPECT_NEAR(box.first[0], 10, 1);
  EXPECT_NEAR(box.last[0], 20, 1);
  EXPECT_NEAR(box.first[1], 12, 1);
  EXPECT_NEAR(box.last[1], 26, 1);
  EXPECT_NEAR(box.last[2] - box.first[2], 10, 2) << "as deep as its shorter side";
  EXPECT_NE(view.tool(), "box");
  EXPECT_TRUE(view.scene().box.has_value());
  session.document_model().undo();
  EXPECT_FALSE(session.document().normal_box.has_value());
}

TEST_F(DetectTest, scores_with_both_twins_and_finds_the_blob) {
  const SmallHead head = make_small_head();
  const ItemId id = add_head(session, head, true);
  make_it_small();
  choose_box(id);
  ASSERT_NO_FATAL_FAILURE(score_and_wait());

  ASSERT_EQ(count_items(session, ItemKind::anomaly_map), 2);
  ASSERT_TRUE(session.document().overlay.map.has_value());
  const Item* quantum = session.document().find(*session.document().overlay.map);
  ASSERT_NE(quantum, nullptr);
  EXPECT_EQ(quantum->method, "quantum");
  EXPECT_EQ(quantum->source, id);
  EXPECT_GT(quantum->numbers.at("auc"), 0.8);
  EXPECT_TRUE(quantum->recipe.has_value());

  const auto& left = window.control<SliceView>("detect.view.quantum").scene();
  const auto& right = window.control<SliceView>("detect.view.classical").scene();
  ASSERT_TRUE(left.overlay && right.overlay);
  EXPECT_NE(left.overlay, right.overlay);
  EXPECT_TRUE(left.truth);
  EXPECT_FALSE(window.control<QWidget>("detect.verdict").accessibleDescription().isEmpty());
  EXPECT_NE(window.control<QLabel>("detect.kernel.quantum.mean").text(), "–");
  EXPECT_NE(window.control<QLabel>("detect.kernel.classical.rank").text(), "–");

  auto& table = window.control<FilterTable>("detect.findings");
  ASSERT_GT(table.shown_rows(), 0);
  session.set_crosshair(head.geometry.origin);
  click(*table.viewport(), table.visualRect(table.model()->index(0, 1)).center());
  const auto& findings = window.findChild<FindingsSection*>()->findings();
  EXPECT_EQ(session.document().crosshair, findings.front().centre);
  EXPECT_GT(findings.front().share_in_truth, 0.05);
}

TEST_F(DetectTest, shows_the_volume_and_the_twin_with_one_click_each) {
  add_head(session, make_small_head());
  EXPECT_FALSE(window.control<VolumeView>("detect.view.volume").isVisible());
  window.press("detect.three_d");
  EXPECT_TRUE(window.control<VolumeView>("detect.view.volume").isVisible());
  EXPECT_EQ(window.control<SliceView>("detect.view.quantum").scene().title_colour, "series-1");
  window.press("detect.which.classical");
  EXPECT_EQ(window.control<SliceView>("detect.view.quantum").scene().title_colour, "series-2");
  window.press("detect.three_d");
  EXPECT_TRUE(window.control<SliceView>("detect.view.classical").isVisible());
}

TEST_F(DetectTest, stops_when_cancel_is_pressed) {
  const ItemId id = add_head(session, make_small_head());
  choose_box(id);
  QSignalSpy finished(workspace.get(), &DetectWorkspace::finished);
  window.press("detect.score");
  ASSERT_TRUE(workspace->is_running());
  window.press("detect.cancel");
  ASSERT_TRUE(finished.wait(patience_ms));
  EXPECT_FALSE(workspace->is_running());
  EXPECT_EQ(count_items(session, ItemKind::anomaly_map), 0);
}

TEST(DrawnCircuit, names_what_each_angle_depends_on) {
  ParameterSet set;
  set.set("map", std::string("zz"));
  set.set("qubits", 4LL);
  set.set("entanglement", std::string("linear"));
  set.set("reps", 2LL);
  const DrawnCircuit circuit = drawn_circuit(set);
  EXPECT_EQ(circuit.qubits, 4);
  EXPECT_EQ(circuit.repetitions, 2);
  EXPECT_EQ(circuit.all_gates, 2 * (4 + 4 + 3 * 3));
  EXPECT_EQ(circuit.two_qubit_gates, 2 * 2 * 3);
  EXPECT_EQ(circuit.gates.front().text, "H");
  EXPECT_EQ(circuit.gates[4].text, QString::fromUtf8("P(x₀)"));
  EXPECT_EQ(circuit.gates[9].text, QString::fromUtf8("P(x₀,x₁)"));
}

TEST(GramOrder, puts_the_most_similar_patches_first) {
  imaging::KernelDiagnostics kernel;
  kernel.rows = 3;
  kernel.gram = {1, 0, 0.1F, 0, 1, 0.5F, 0.1F, 0.5F, 1};
  EXPECT_EQ(gram_order(kernel), (std::vector<int>{2, 1, 0}));
  EXPECT_EQ(gram_image(kernel, gram_order(kernel)).size(), QSize(3, 3));
}

} // namespace
} // namespace bloch::app
