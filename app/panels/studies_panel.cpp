#include "app/panels/studies_panel.h"

#include <functional>

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMouseEvent>
#include <QVBoxLayout>

#include "app/panels/scene_text.h"
#include "app/panels/studies_delegate.h"
#include "app/theme/icons.h"
#include "app/theme/theme.h"
#include "app/widgets/buttons.h"
#include "app/widgets/icon_label.h"
#include "app/widgets/plain_text.h"
#include "app/widgets/section.h"

namespace bloch::app {

StudiesPanel::StudiesPanel(Session& session, QWidget* parent)
    : QWidget(parent)
    , session_(session)
    , model_(session, thumbnails_)
    , filter_(new QLineEdit)
    , tree_(new QTreeView)
    , hint_(make_label("Open a folder or files (Ctrl+O),\nor drop them on the window.", "hint", "studies.hint"))
    , counts_(make_label({}, "hint", "studies.counts"))
    , left_out_(make_label({}, "hint", "studies.left_out"))
    , volume_(new QComboBox) {
  setObjectName("studies");
  setProperty("panel", true);
  setAttribute(Qt::WA_StyledBackground);
  setFixedWidth(256);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);

  auto* section = new Section("studies.section", "Studies");
  section->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Expanding);
  section->set_flush();
  auto* open = make_small_button("studies.open", "folder-open", "Open a folder of images (Ctrl+O)");
  connect(open, &QToolButton::clicked, this, &StudiesPanel::open_requested);
  section->add_tool(open);
  auto* again = make_small_button("studies.rescan", "history", "Scan again for new and changed files (F5)");
  connect(again, &QToolButton::clicked, &session_, &Session::rescan);
  section->add_tool(again);
  filter_->setObjectName("studies.filter");
  filter_->setPlaceholderText("Name, ID, date, text…");
  filter_->setClearButtonEnabled(true);
  filter_->addAction(icon("search"), QLineEdit::LeadingPosition);
  auto* filter_row = new QHBoxLayout;
  filter_row->setContentsMargins(10, 8, 10, 8);
  filter_row->addWidget(filter_);
  section->content()->addLayout(filter_row);
  make_tree();
  section->content()->addWidget(tree_, 1);
  hint_->setAlignment(Qt::AlignCenter);
  hint_->setContentsMargins(12, 24, 12, 24);
  section->content()->insertWidget(1, hint_);
  column->addWidget(section, 1);
  volumes_ = make_volumes();
  column->addWidget(volumes_);

  auto* foot = new QHBoxLayout;
  foot->setContentsMargins(10, 0, 10, 0);
  foot->setSpacing(8);
  auto* glyph = new IconLabel("hard-drive", "text-3", 13);
  foot->addStrut(28);
  foot->addWidget(glyph);
  foot->addWidget(counts_);
  foot->addStretch(1);
  foot->addWidget(left_out_);
  column->addLayout(foot);

  connect(&session_, &Session::index_changed, this, &StudiesPanel::rebuild);
  connect(&session_, &Session::loading_changed, &model_, &StudiesModel::refresh);
  connect(&thumbnails_, &Thumbnails::ready, &model_, &StudiesModel::refresh);
  connect(&session_.document_model(), &DocumentModel::changed, this, &StudiesPanel::document_changed);
  connect(filter_, &QLineEdit::textChanged, this, [this](const QString& text) {
    proxy_.setFilterFixedString(text);
    tree_->expandAll();
  });
  rebuild();
}

void StudiesPanel::make_tree() {
  proxy_.setSourceModel(&model_);
  proxy_.setRecursiveFilteringEnabled(true);
  proxy_.setAutoAcceptChildRows(true);
  proxy_.setFilterRole(Qt::AccessibleTextRole);
  proxy_.setFilterCaseSensitivity(Qt::CaseInsensitive);
  tree_->setObjectName("studies.tree");
  tree_->setModel(&proxy_);
  tree_->setItemDelegate(new StudiesDelegate(tree_));
  tree_->setHeaderHidden(true);
  tree_->setRootIsDecorated(false);
  tree_->setIndentation(0);
  tree_->setFrameShape(QFrame::NoFrame);
  tree_->setMouseTracking(true);
  tree_->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
  tree_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  tree_->setExpandsOnDoubleClick(false);
  tree_->setEditTriggers(QAbstractItemView::NoEditTriggers);
  connect(tree_, &QTreeView::clicked, this, [this](const QModelIndex& index) {
    if (model_.hasChildren(proxy_.mapToSource(index)))
      tree_->setExpanded(index, !tree_->isExpanded(index));
    else
      open_row(index);
  });
  connect(tree_, &QTreeView::activated, this, &StudiesPanel::open_row);
}

void StudiesPanel::rebuild() {
  // Folded rows stay folded over a rebuild.
  QStringList folded;
  const std::function<void(const QModelIndex&)> visit = [&](const QModelIndex& parent) {
    for (int i = 0; i < proxy_.rowCount(parent); ++i) {
      const QModelIndex row = proxy_.index(i, 0, parent);
      if (proxy_.hasChildren(row) && !tree_->isExpanded(row))
        folded << row.data(StudiesModel::key_role).toString();
      visit(row);
    }
  };
  visit({});
  model_.rebuild();
  tree_->expandAll();
  const std::function<void(const QModelIndex&)> fold = [&](const QModelIndex& parent) {
    for (int i = 0; i < proxy_.rowCount(parent); ++i) {
      const QModelIndex row = proxy_.index(i, 0, parent);
      fold(row);
      if (folded.contains(row.data(StudiesModel::key_role).toString())) tree_->collapse(row);
    }
  };
  fold({});
  hint_->setVisible(model_.rowCount() == 0);
  show_counts();
  show_volumes();
}

QWidget* StudiesPanel::make_volumes() {
  auto* strip = new QWidget;
  strip->setObjectName("studies.volumes");
  auto* row = new QHBoxLayout(strip);
  row->setContentsMargins(10, 4, 10, 4);
  row->setSpacing(4);
  volume_->setObjectName("studies.volume");
  volume_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  volume_->setMinimumContentsLength(8);
  auto* previous = make_small_button("studies.previous_volume", "chevron-up", "Previous volume (Ctrl+PgUp)");
  auto* next = make_small_button("studies.next_volume", "chevron-down", "Next volume (Ctrl+PgDown)");
  row->addWidget(volume_, 1);
  row->addWidget(previous);
  row->addWidget(next);
  connect(previous, &QToolButton::clicked, this, [this] { session_.step_volume(-1); });
  connect(next, &QToolButton::clicked, this, [this] { session_.step_volume(1); });
  connect(volume_, &QComboBox::activated, this, [this](int index) {
    if (const Item* active = session_.document().active_item())
      session_.open_series(QString::fromStdString(active->series.uid), true, volume_->itemData(index).toInt());
  });
  return strip;
}

void StudiesPanel::show_volumes() {
  const Item* active = session_.document().active_item();
  const auto series = active && active->kind == ItemKind::series
                          ? session_.find_series(QString::fromStdString(active->series.uid))
                          : std::optional<SeriesCopy>();
  const bool several = series && (series->series.volumes > 1 || !series->series.left_out.empty());
  volumes_->setVisible(several);
  volume_->clear();
  if (!several) return;
  for (int i = 0; i < series->series.volumes; ++i) {
    const auto number = static_cast<std::size_t>(i);
    const QString label = number < series->series.volume_labels.size()
                              ? QString::fromStdString(series->series.volume_labels[number])
                              : QString("volume");
    volume_->addItem(QString("%1/%2 %3").arg(i + 1).arg(series->series.volumes).arg(label), i);
  }
  const auto images = series->series.images.size() + series->series.left_out.size();
  if (images > 0) volume_->addItem(QString("All %1 images in one stack").arg(images), all_images);
  volume_->setCurrentIndex(volume_->findData(active->volume_number));
  volume_->setToolTip("Volumes told apart by " + (series->series.split_by.empty()
                                                      ? QString("nothing; some images are left out")
                                                      : QString::fromStdString(series->series.split_by)));
}

void StudiesPanel::document_changed(const Document& before) {
  const Document& now = session_.document();
  if (before.items.size() != now.items.size()) return rebuild();
  if (before.active == now.active) return;
  model_.refresh();
  show_volumes();
}

void StudiesPanel::open_row(const QModelIndex& index) {
  const auto kind = static_cast<StudiesModel::Row>(index.data(StudiesModel::row_role).toInt());
  if (kind == StudiesModel::Row::series) session_.open_series(index.data(StudiesModel::uid_role).toString());
  if (kind == StudiesModel::Row::object) session_.open_object(index.data(StudiesModel::uid_role).toString());
  if (kind == StudiesModel::Row::item) {
    const ItemId id = index.data(StudiesModel::item_role).toInt();
    if (const Item* item = session_.document().find(id); item && item->volume) session_.set_active(id);
  }
}

std::vector<QModelIndex> StudiesPanel::openable_rows() const {
  std::vector<QModelIndex> rows;
  const std::function<void(const QModelIndex&)> visit = [&](const QModelIndex& parent) {
    for (int i = 0; i < proxy_.rowCount(parent); ++i) {
      const QModelIndex row = proxy_.index(i, 0, parent);
      if (row.flags() & Qt::ItemIsSelectable) rows.push_back(row);
      visit(row);
    }
  };
  visit({});
  return rows;
}

void StudiesPanel::open_neighbour(int step) {
  const auto rows = openable_rows();
  int active = -1;
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (rows[i].data(StudiesModel::active_role).toBool()) active = static_cast<int>(i);
  const int wanted = active + step;
  if (wanted < 0 || wanted >= static_cast<int>(rows.size())) return;
  open_row(rows[static_cast<std::size_t>(wanted)]);
  tree_->scrollTo(rows[static_cast<std::size_t>(wanted)]);
}

void StudiesPanel::show_counts() {
  std::size_t images = 0;
  for (const SeriesPlace& place : all_series(session_.index()))
    images += static_cast<std::size_t>(std::max(place.series->frames, place.series->instances));
  const std::size_t patients = session_.index().patients.size();
  const QString of_images =
      QString("%1 %2").arg(number_text(static_cast<double>(images)), images == 1 ? "image" : "images");
  const QString all = QString("%1 %2 · ").arg(patients).arg(patients == 1 ? "patient" : "patients") + of_images;
  const auto& rejected = session_.index().rejected;
  counts_->setText(!rejected.empty() && images >= 1000 ? of_images : all); // both would not fit
  counts_->setToolTip(all);
  left_out_->setText(rejected.empty() ? QString() : QString("%1 left out").arg(rejected.size()));
  QStringList reasons;
  for (std::size_t i = 0; i < rejected.size() && i < 12; ++i)
    reasons << QString::fromStdString(rejected[i].path.filename().string() + ": " + rejected[i].reason);
  left_out_->setToolTip(plain_tip(reasons.join('\n')));
}

} // namespace bloch::app
