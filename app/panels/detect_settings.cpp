#include "app/panels/detect_settings.h"

#include <algorithm>
#include <array>

#include <QComboBox>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include "app/panels/file_patterns.h"
#include "app/theme/icons.h"
#include "app/widgets/buttons.h"
#include "app/widgets/parameter_form.h"
#include "app/widgets/plain_text.h"
#include "app/widgets/segmented_control.h"
#include "imaging/io/image_file.h"
#include "imaging/open/open.h"
#include "quantum/feature_maps/feature_map.h"

namespace bloch::app {
namespace {

constexpr int detect_label_width = 84;

QComboBox* make_combo(const QString& name) {
  auto* combo = new QComboBox;
  combo->setObjectName(name);
  combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  combo->setMinimumContentsLength(8);
  return combo;
}

bool can_be_scored(const Item& item) {
  return item.volume && (item.kind == ItemKind::series || item.kind == ItemKind::resampled ||
                         item.kind == ItemKind::reconstruction);
}

/// The parameters of the quantum map, in the order of the form; everything else goes under "More".
bool is_map_parameter(const Parameter& parameter) {
  static const std::array<std::string, 5> names{"map", "qubits", "reps", "entanglement", "bandwidth"};
  return std::find(names.begin(), names.end(), parameter.name) != names.end();
}

std::vector<Parameter> parameters_where(bool of_map) {
  std::vector<Parameter> chosen;
  for (const auto& parameter : imaging::anomaly_parameters())
    if (is_map_parameter(parameter) == of_map) chosen.push_back(parameter);
  const auto is_map = [](const Parameter& parameter) { return parameter.name == "map"; };
  std::stable_partition(chosen.begin(), chosen.end(), is_map);
  if (of_map && !chosen.empty()) chosen.front().label = "Map"; // the section's title says what kind of map
  return chosen;
}

QString map_text(const std::string& name) {
  const quantum::FeatureMap* map = quantum::find_feature_map(name);
  return QString::fromStdString(map ? name + " · " + map->label : name);
}

} // namespace

NormalSection::NormalSection(Session& session, QWidget* parent)
    : Section("detect.normal_section", tr("Normal tissue"), parent)
    , session_(session)
    , image_(make_combo("detect.image"))
    , kind_(new SegmentedControl("detect.normal", {"box", "mirror", "all", "other"},
                                 {tr("Box"), tr("Mirror"), tr("All"), tr("Other")}))
    , detail_(new QStackedWidget)
    , box_text_(make_label({}, "hint", "detect.box.text"))
    , draw_(make_button("detect.box.draw", tr("Draw"), "square-dashed"))
    , other_(make_combo("detect.other"))
    , mask_(make_combo("detect.mask")) {
  kind_->set_current("mirror");
  draw_->setCheckable(true);
  draw_->setToolTip(tr("Drag a rectangle on a view: tissue in it is taken as normal"));
  auto* box = new QWidget;
  auto* box_row = new QHBoxLayout(box);
  box_row->setContentsMargins(0, 0, 0, 0);
  box_text_->setWordWrap(true);
  box_row->addWidget(box_text_, 1);
  box_row->addWidget(draw_);
  const auto add_hint = [this](const QString& text) {
    auto* hint = make_label(text, "hint");
    hint->setWordWrap(true);
    detail_->addWidget(hint);
  };
  detail_->addWidget(box);
  add_hint(tr("Each patch against its mirror image; the more typical side is normal."));
  add_hint(tr("The whole mask: what is rare in it is odd."));
  auto* other = new QWidget;
  auto* other_row = new QHBoxLayout(other);
  other_row->setContentsMargins(0, 0, 0, 0);
  other_row->addWidget(other_);
  detail_->addWidget(other);
  detail_->setFixedHeight(32);
  mask_->addItem(tr("Found by itself"));
  mask_->addItem(tr("Choose a file…"));
  mask_->setToolTip(tr("Where to look: voxels that are not 0, or a mask file on the image's grid"));
  content()->setSpacing(6);
  content()->addLayout(make_row(tr("Image"), image_, 44));
  content()->addLayout(make_row(tr("Learn"), kind_, 44));
  content()->addWidget(detail_);
  content()->addLayout(make_row(tr("Mask"), mask_, 44));

  connect(kind_, &SegmentedControl::chosen, this, [this] {
    refresh();
    emit changed();
  });
  connect(draw_, &QPushButton::toggled, this, &NormalSection::drawing_box);
  connect(other_, &QComboBox::currentIndexChanged, this, &NormalSection::changed);
  connect(mask_, &QComboBox::activated, this, &NormalSection::choose_mask);
  connect(image_, &QComboBox::activated, this, [this] { session_.set_active(image_->currentData().toInt()); });
  connect(&session_.document_model(), &DocumentModel::changed, this, [this](const Document& before) {
    const Document& now = session_.document();
    const bool same_box = now.normal_box.has_value() == before.normal_box.has_value() &&
                          (!now.normal_box || (now.normal_box->first == before.normal_box->first &&
                                               now.normal_box->last == before.normal_box->last));
    if (now.items.size() == before.items.size() && now.active == before.active && same_box) return;
    if (!same_box && now.normal_box) kind_->set_current("box");
    refresh_images();
    refresh();
    emit changed();
  });
  connect(&session_.jobs(), &QtJobQueue::changed, this, [this](const JobStatus& status) {
    if (mask_job_ == 0 || status.id != mask_job_) return;
    if (status.state == JobState::waiting || status.state == JobState::running) return;
    mask_job_ = 0;
    emit changed();
  });
  refresh_images();
  refresh();
}

std::shared_ptr<const Item> NormalSection::item() const {
  return image_->currentIndex() < 0 ? nullptr : session_.document().share(image_->currentData().toInt());
}

QString NormalSection::kind() const { return kind_->current(); }

void NormalSection::choose_kind(const QString& kind) {
  kind_->set_current(kind);
  refresh();
  emit changed();
}

void NormalSection::box_is_drawn() { draw_->setChecked(false); }

Result<void> NormalSection::fill(DetectRequest& request) const {
  using Kind = imaging::NormalRegion::Kind;
  const Document& document = session_.document();
  request.item = item();
  if (!request.item) return failure(ErrorKind::invalid_parameter, "Open a series first.");
  if (const Item* truth = truth_of(document, *request.item)) request.truth = truth->label;
  if (const int index = mask_->currentIndex() - 1; index >= 0 && index < static_cast<int>(masks_.size()))
    request.mask = masks_[static_cast<std::size_t>(index)].labels;
  request.threshold = document.overlay.threshold;
  request.normal.kind = kind() == "box"      ? Kind::box
                        : kind() == "mirror" ? Kind::mirror
                        : kind() == "all"    ? Kind::all
                                             : Kind::other;
  if (request.normal.kind == Kind::box) {
    if (!document.normal_box || document.normal_box->item != request.item->id)
      return failure(ErrorKind::invalid_parameter, "Draw a box of normal tissue on a view first.");
    request.normal.first = document.normal_box->first;
    request.normal.last = document.normal_box->last;
  }
  if (request.normal.kind == Kind::other) {
    request.other = other_->currentIndex() < 0 ? nullptr : document.share(other_->currentData().toInt());
    if (!request.other)
      return failure(ErrorKind::invalid_parameter, "Open a second series to learn normal tissue from.");
    request.normal.other = request.other->volume;
  }
  return {};
}

void NormalSection::refresh() {
  detail_->setCurrentIndex(kind() == "box" ? 0 : kind() == "mirror" ? 1 : kind() == "all" ? 2 : 3);
  const auto& box = session_.document().normal_box;
  const auto shown = item();
  if (kind() != "box") draw_->setChecked(false);
  if (!box || !shown || box->item != shown->id) {
    box_text_->setText(tr("No box yet: press Draw, then drag on a view."));
    return;
  }
  QStringList sizes;
  for (std::size_t axis = 0; axis < 3; ++axis) sizes << QString::number(box->last[axis] - box->first[axis] + 1);
  box_text_->setText(tr("%1 voxels from %2, %3, %4")
                         .arg(sizes.join(QStringLiteral(" × ")))
                         .arg(box->first[0])
                         .arg(box->first[1])
                         .arg(box->first[2]));
}

void NormalSection::refresh_images() {
  const Document& document = session_.document();
  const QSignalBlocker quiet_image(image_);
  const QSignalBlocker quiet_other(other_);
  const int kept = image_->currentIndex() < 0 ? 0 : image_->currentData().toInt();
  const int kept_other = other_->currentIndex() < 0 ? 0 : other_->currentData().toInt();
  image_->clear();
  for (const auto& one : document.items)
    if (can_be_scored(*one)) image_->addItem(QString::fromStdString(one->name), one->id);
  const int active = document.active ? image_->findData(*document.active) : -1;
  const int before = image_->findData(kept);
  image_->setCurrentIndex(active >= 0 ? active : before >= 0 ? before : image_->count() > 0 ? 0 : -1);
  other_->clear();
  for (const auto& one : document.items)
    if (can_be_scored(*one) && one->id != image_->currentData().toInt())
      other_->addItem(QString::fromStdString(one->name), one->id);
  other_->setCurrentIndex(std::max(other_->findData(kept_other), other_->count() > 0 ? 0 : -1));
  const auto now = item();
  const ItemId id = now ? now->id : 0;
  if (id == shown_item_) return;
  shown_item_ = id;
  mask_->setCurrentIndex(0); // a mask belongs to the grid it was chosen for
  if (now) offer_mask_beside(*now);
}

void NormalSection::choose_mask(int index) {
  if (index != mask_->count() - 1) {
    emit changed();
    return;
  }
  mask_->setCurrentIndex(0);
  const QString path = QFileDialog::getOpenFileName(
      this, tr("Mask of where to look"), QString::fromStdString(session_.settings().last_folder),
      tr("Images (%1)").arg(file_patterns(imaging::image_formats())));
  if (!path.isEmpty()) load_mask(path.toStdString());
}

void NormalSection::load_mask(const std::filesystem::path& path) {
  const QString name = QString::fromStdString(path.filename().string());
  mask_job_ = session_.jobs().run<LabelMap>(
      tr("Reading %1").arg(name), this, [path](const Progress&) { return imaging::open_label_map(path); },
      [this, name](LabelMap labels) {
        masks_.push_back({name, std::make_shared<const LabelMap>(std::move(labels))});
        mask_->insertItem(mask_->count() - 1, name);
        mask_->setCurrentIndex(mask_->count() - 2);
      });
}

/// A brain.nii.gz in the folder of the series, or beside it, says where to look until another mask is chosen.
void NormalSection::offer_mask_beside(const Item& item) {
  if (item.series.files.empty()) return;
  const auto folder = item.series.files.front().parent_path();
  for (const auto& place : {folder, folder.parent_path()}) {
    std::error_code code;
    const auto path = place / "brain.nii.gz";
    if (!std::filesystem::exists(path, code)) continue;
    load_mask(path);
    return;
  }
}

FeatureMapSection::FeatureMapSection(Session&, QWidget* parent)
    : Section("detect.map_section", tr("Feature map"), parent)
    , map_(new ParameterForm("detect", parameters_where(true),
                             ParameterForm::Look{detect_label_width, {{"map", map_text}}}))
    , more_(new ParameterForm("detect", parameters_where(false),
                              ParameterForm::Look{detect_label_width + 16, {}}))
    , score_(make_primary_button("detect.score", tr("Score volume"), "play"))
    , cancel_(make_button("detect.cancel", tr("Cancel"), "x"))
    , problem_(make_label({}, "hint", "detect.problem")) {
  auto* reset = make_small_button("detect.reset", "rotate-ccw", tr("All settings as at first"));
  add_tool(reset);
  auto* more = new QToolButton;
  more->setObjectName("detect.more");
  more->setText(tr("Patches, features, learning"));
  more->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  more->setIcon(icon("chevron-right", "text-3"));
  more->setIconSize({13, 13});
  more->setCheckable(true);
  more->setStyleSheet("QToolButton:checked { background: transparent; }");
  more_->hide();
  problem_->setWordWrap(true);
  cancel_->hide();
  auto* buttons = new QHBoxLayout;
  buttons->setSpacing(8);
  buttons->addWidget(score_, 1);
  buttons->addWidget(cancel_);
  content()->setSpacing(6);
  content()->addWidget(map_);
  content()->addWidget(more);
  content()->addWidget(more_);
  content()->addWidget(problem_);
  content()->addLayout(buttons);
  connect(more, &QToolButton::toggled, this, [this, more](bool open) {
    more_->setVisible(open);
    more->setIcon(icon(open ? "chevron-down" : "chevron-right", "text-3"));
  });
  connect(reset, &QToolButton::clicked, this, [this] {
    map_->reset();
    more_->reset();
    emit changed();
  });
  connect(map_, &ParameterForm::changed, this, &FeatureMapSection::changed);
  connect(more_, &ParameterForm::changed, this, &FeatureMapSection::changed);
  connect(score_, &QPushButton::clicked, this, &FeatureMapSection::score_requested);
  connect(cancel_, &QPushButton::clicked, this, &FeatureMapSection::cancel_requested);
}

ParameterSet FeatureMapSection::changed_values() const {
  ParameterSet set = map_->changed_values();
  const ParameterSet more = more_->changed_values();
  for (const auto& [name, value] : more.values()) set.set(name, value);
  return set;
}

ParameterSet FeatureMapSection::values() const {
  ParameterSet set = map_->values();
  const ParameterSet more = more_->values();
  for (const auto& [name, value] : more.values()) set.set(name, value);
  return set;
}

Result<void> FeatureMapSection::check() const {
  BLOCH_CHECK(map_->check());
  return more_->check();
}

void FeatureMapSection::set_values(const ParameterSet& values) {
  map_->set_values(values);
  more_->set_values(values);
  emit changed();
}

void FeatureMapSection::set_running(bool running) { cancel_->setVisible(running); }

void FeatureMapSection::set_problem(const QString& why) {
  score_->setEnabled(why.isEmpty());
  score_->setToolTip(plain_tip(why));
  problem_->setText(why);
  problem_->setVisible(!why.isEmpty() && cancel_->isHidden()); // at work: the button that stops it says enough
}

} // namespace bloch::app
