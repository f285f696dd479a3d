#pragma once

#include <algorithm>
#include <cmath>
#include <memory>

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QWidget>

#include <gtest/gtest.h>

#include "app/desktop/session.h"
#include "app/desktop/workspace.h"
#include "tests/support/mouse.h"

namespace bloch::app {

inline constexpr int patience_ms = 120000;

/// A workspace's three parts side by side, as the main window shows them.
class WorkspaceWindow : public QWidget {
 public:
  explicit WorkspaceWindow(Workspace& workspace) {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    if (workspace.left_panel()) row->addWidget(workspace.left_panel());
    row->addWidget(workspace.centre(), 1);
    if (workspace.right_panel()) row->addWidget(workspace.right_panel());
    resize(1440, 828);
    show();
    QApplication::processEvents();
  }

  template <class Control> Control& control(const QString& name) {
    auto* found = findChild<Control*>(name);
    if (!found) throw std::runtime_error("no control named " + name.toStdString());
    return *found;
  }
  void press(const QString& name) {
    auto& button = control<QWidget>(name);
    click(button, button.isEnabled() ? QPointF(8, button.height() / 2.0) : QPointF(-1, -1));
  }
};

/// What makes a column wide, for the message of a failing test.
inline std::string widest_children(const QWidget& column) {
  std::string text;
  for (const auto* child : column.findChildren<QWidget*>()) {
    const int wide = std::max(child->minimumSizeHint().width(), child->minimumWidth());
    if (child->isVisible() && wide > 60)
      text += child->objectName().toStdString() + " " + child->metaObject()->className() + " " +
              std::to_string(wide) + "\n";
  }
  return text;
}

/// A bright ball in a darker, textured ball: 40 x 40 x 16 voxels of 4 mm, with one small very bright blob and
/// its truth.
struct SmallHead {
  VolumeGeometry geometry;
  std::shared_ptr<const Volume> volume;
  std::shared_ptr<const LabelMap> truth;
  std::array<int, 3> blob{26, 20, 8};
};

inline SmallHead make_small_head() {
  SmallHead head;
  head.geometry.size = {40, 40, 16};
  head.geometry.spacing_mm = Eigen::Vector3d::Constant(4);
  head.geometry.origin.mm = {-78, -78, -30};
  std::vector<float> samples(head.geometry.voxel_count(), 0.0F);
  std::vector<std::uint8_t> truth(samples.size(), 0);
  std::size_t i = 0;
  for (int z = 0; z < 16; ++z)
    for (int y = 0; y < 40; ++y)
      for (int x = 0; x < 40; ++x, ++i) {
        const double radius = std::hypot(x - 19.5, y - 19.5, (z - 7.5) * 2);
        if (radius > 16) continue;
        samples[i] = static_cast<float>(100 + 20 * std::sin(0.9 * x) * std::cos(0.7 * y) +
                                        10 * std::sin(1.3 * z + 0.2 * x));
        if (std::hypot(x - head.blob[0], y - head.blob[1], z - head.blob[2]) < 2.5) {
          samples[i] = 240;
          truth[i] = 1;
        }
      }
  head.volume = std::make_shared<const Volume>(head.geometry, std::move(samples));
  head.truth = std::make_shared<const LabelMap>(head.geometry, std::move(truth));
  return head;
}

/// The head as a loaded series; it becomes the active image.
inline ItemId add_head(Session& session, const SmallHead& head, bool with_truth = false) {
  Item item;
  item.name = "small head";
  item.volume = head.volume;
  item.series.modality = "MR";
  item.series.geometry = head.geometry;
  const ItemId id = session.document_model().add(std::move(item));
  session.document_model().amend([&](Document& document) { document.crosshair = head.geometry.centre(); });
  session.set_active(id);
  if (with_truth) {
    Item truth;
    truth.kind = ItemKind::truth;
    truth.name = "truth";
    truth.label = head.truth;
    truth.source = id;
    session.document_model().add(std::move(truth));
  }
  return id;
}

inline int count_items(const Session& session, ItemKind kind) {
  int count = 0;
  for (const auto& item : session.document().items) count += item->kind == kind;
  return count;
}

} // namespace bloch::app
