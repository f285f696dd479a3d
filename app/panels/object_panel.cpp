#include "app/panels/object_panel.h"

#include <algorithm>
#include <cmath>

#include <QAbstractTextDocumentLayout>
#include <QCheckBox>
#include <QComboBox>
#include <QDesktopServices>
#include <QPainter>
#include <QPushButton>
#include <QTextBrowser>
#include <QTextDocument>
#include <QUrl>
#include <QVBoxLayout>

#include "app/panels/object_html.h"
#include "app/panels/object_parts.h"
#include "app/theme/theme.h"
#include "app/widgets/buttons.h"
#include "app/widgets/plain_text.h"
#include "core/base/file.h"

namespace bloch::app {
namespace {

constexpr int tallest_text = 360; // then it scrolls

QIcon swatch(const std::array<std::uint8_t, 3>& colour) {
  QPixmap pixmap(12, 12);
  pixmap.fill(QColor(colour[0], colour[1], colour[2]));
  return pixmap;
}

/// A check box that never asks for more room than there is: a long name is cut with dots.
class PartBox : public QCheckBox {
 public:
  explicit PartBox(const QString& name)
      : QCheckBox(without_mnemonic(name))
      , name_(name) {
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    setAccessibleName(name);
    setToolTip(plain_tip(name));
  }

 protected:
  void resizeEvent(QResizeEvent* event) override {
    QCheckBox::resizeEvent(event);
    constexpr int beside_text = 14 + 8 + 12 + 10; // check, gaps and swatch
    setText(
        without_mnemonic(fontMetrics().elidedText(name_, Qt::ElideRight, std::max(0, width() - beside_text))));
  }

 private:
  QString name_;
};

/// A view shows its slices as they were taken: those along a plane of the patient, and a single image.
bool lies_along_the_patient(const VolumeGeometry& geometry) {
  return geometry.size[2] == 1 || geometry.direction.col(2).cwiseAbs().maxCoeff() >= 0.999;
}

} // namespace

ObjectPanel::ObjectPanel(Session& session, QWidget* parent)
    : Section("object", "Object", parent)
    , session_(session)
    , heading_(make_wrapped_label({}, "label", "object.patient"))
    , elsewhere_(
          make_wrapped_label("This is of another patient than the image.", "warning", "object.elsewhere"))
    , text_(new QTextBrowser)
    , open_(make_button("object.open", "Open document", "file-down"))
    , all_(make_small_button("object.all", "eye", "All segments, regions or layers on or off"))
    , page_(make_small_button("object.large", "maximize", "Read it large, in place of the images"))
    , choice_(new QComboBox) {
  text_->setObjectName("object.text");
  text_->setAccessibleName("What the object says");
  text_->setOpenLinks(false);
  text_->document()->setDefaultFont(ui_font(12));
  text_->document()->setDocumentMargin(6);
  connect(text_->document()->documentLayout(), &QAbstractTextDocumentLayout::documentSizeChanged, text_,
          [this](const QSizeF& size) {
            text_->setFixedHeight(std::min(tallest_text, static_cast<int>(std::ceil(size.height())) + 2));
          });
  add_tool(all_);
  add_tool(page_);
  choice_->setObjectName("object.choice");
  choice_->setAccessibleName("Objects that are open");
  choice_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
  choice_->hide();
  content()->addWidget(choice_);
  content()->addWidget(heading_);
  content()->addWidget(elsewhere_);
  content()->addWidget(open_);
  content()->addWidget(text_);
  open_->hide();
  hide(); // until there is an object
  connect(&session_, &Session::object_opened, this, &ObjectPanel::take_object);
  connect(choice_, &QComboBox::activated, this, [this](int place) {
    const OpenedObject chosen = opened_[static_cast<std::size_t>(place)];
    show_object(chosen);
    emit object_chosen(chosen);
  });
  connect(&session_.document_model(), &DocumentModel::changed, this, &ObjectPanel::compare_patients);
  connect(all_, &QToolButton::clicked, this, &ObjectPanel::toggle_all);
  connect(page_, &QToolButton::clicked, this, &ObjectPanel::page_requested);
  connect(open_, &QPushButton::clicked, this, [this] {
    const QString uid = QString::fromStdString(shown_.info.uid);
    session_.save_document(uid, cache_folder() / "documents", [this](const std::filesystem::path& file) {
      if (!QDesktopServices::openUrl(QUrl::fromLocalFile(QString::fromStdString(file.string()))))
        session_.show_message({Message::Kind::information, "The document is saved; no program here opens it.",
                               QString::fromStdString(file.string())});
    });
  });
}

void ObjectPanel::take_object(const OpenedObject& opened) {
  const auto known = std::find_if(opened_.begin(), opened_.end(),
                                  [&](const OpenedObject& other) { return other.info.uid == opened.info.uid; });
  const auto place = static_cast<int>(known - opened_.begin());
  if (known == opened_.end()) {
    opened_.push_back(opened);
    const QString description = QString::fromStdString(opened.info.description);
    const QString name = QString::fromStdString(opened.info.name);
    choice_->addItem(description.isEmpty() ? name : name + " \u00B7 " + description);
  } else {
    *known = opened;
  }
  choice_->setCurrentIndex(place);
  choice_->setVisible(choice_->count() > 1);
  show_object(opened);
}

void ObjectPanel::show_object(const OpenedObject& opened) {
  shown_ = opened;
  set_title(QString::fromStdString(opened.info.name));
  heading_->setText(object_heading(opened));
  heading_->setVisible(!heading_->text().isEmpty());
  boxes_.clear();
  delete parts_;
  parts_ = new QWidget;
  auto* column = new QVBoxLayout(parts_);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(4);
  content()->insertWidget(3, parts_);
  if (opened.segmentation)
    for (const Warning& warning : opened.segmentation->warnings)
      add_warning(QString::fromStdString(warning.message));
  if (const auto item = session_.item_of_object(QString::fromStdString(opened.info.uid))) {
    if (opened.segmentation)
      for (const Segment& segment : opened.segmentation->segments)
        add_part(*item, segment.number, QString::fromStdString(segment.name), segment.colour);
    for (std::size_t i = 0; opened.structures && i < opened.structures->regions.size(); ++i) {
      const ContourRegion& region = opened.structures->regions[i];
      add_part(*item, static_cast<int>(i), QString::fromStdString(region.name), region.colour);
    }
    for (std::size_t i = 0; opened.presentation && i < opened.presentation->layers.size(); ++i) {
      const GraphicLayer& layer = opened.presentation->layers[i];
      add_part(*item, static_cast<int>(i), QString::fromStdString(layer.name), layer.colour);
    }
  }
  if (opened.presentation) say_what_is_applied(opened);
  for (const MarkedImage& mark : opened.marks) add_mark(mark);
  parts_->setVisible(column->count() > 0);
  all_->setVisible(boxes_.size() > 1);
  text_->setHtml(object_html(opened));
  const bool says = !text_->document()->isEmpty();
  text_->setVisible(says);
  page_->setVisible(says);
  open_->setVisible(opened.info.kind == ObjectKind::document);
  compare_patients();
  show();
  set_open(true);
}

void ObjectPanel::say_what_is_applied(const OpenedObject& opened) {
  QStringList left;
  for (const std::string& one : opened.presentation->not_applied) left << QString::fromStdString(one);
  const bool annotated = std::any_of(opened.lines.begin(), opened.lines.end(), [](const auto& line) {
    return line.depth > 0; // graphics and texts of a layer
  });
  if (annotated && opened.presentation->layers.empty()) left << "drawings on images that are not here";
  for (const GraphicLayer& layer : opened.presentation->layers) {
    const auto series = session_.find_series(QString::fromStdString(layer.graphics.front().series_uid));
    if (!series || !series->series.geometry || lies_along_the_patient(*series->series.geometry)) continue;
    left << "drawings on oblique slices, which no view shows as they were taken";
    break;
  }
  if (!left.isEmpty()) add_warning("Not applied: " + left.join(", ") + ".");
}

void ObjectPanel::compare_patients() {
  const Item* active = session_.document().active_item();
  const PatientInfo& patient = shown_.patient;
  const bool known = !patient.name.empty() || !patient.id.empty();
  elsewhere_->setVisible(known && active && active->volume &&
                         (active->patient.name != patient.name || active->patient.id != patient.id));
}

void ObjectPanel::toggle_all() {
  const bool any = std::any_of(boxes_.begin(), boxes_.end(), [](QCheckBox* box) { return box->isChecked(); });
  for (QCheckBox* box : boxes_) box->setChecked(!any);
}

void ObjectPanel::add_mark(const MarkedImage& mark) {
  auto* go = make_button(QString("object.mark.%1").arg(parts_->layout()->count()), without_mnemonic(mark.name),
                         "crosshair");
  go->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
  go->setToolTip(plain_tip("Go to " + mark.name));
  connect(go, &QPushButton::clicked, this,
          [this, mark] { session_.go_to(QString::fromStdString(mark.series_uid), mark.centre); });
  parts_->layout()->addWidget(go);
}

void ObjectPanel::add_warning(const QString& message) {
  parts_->layout()->addWidget(make_wrapped_label(message, "warning", "object.warning"));
}

void ObjectPanel::add_part(ItemId item, int part, const QString& name,
                           const std::array<std::uint8_t, 3>& colour) {
  auto* box = new PartBox(name);
  box->setObjectName(QString("object.part.%1").arg(part));
  box->setIcon(swatch(colour));
  box->setChecked(!session_.document().hidden_parts.contains({item, part}));
  connect(box, &QCheckBox::toggled, this, [this, item, part](bool on) {
    session_.document_model().amend([=](Document& document) {
      if (on)
        document.hidden_parts.erase({item, part});
      else
        document.hidden_parts.insert({item, part});
    });
  });
  auto* row = new QHBoxLayout;
  row->setSpacing(6);
  row->addWidget(box, 1);
  static_cast<QVBoxLayout*>(parts_->layout())->addLayout(row);
  boxes_.push_back(box);
  if (shown_.presentation) return; // its images are gone to one by one
  auto* find = make_small_button(QString("object.find.%1").arg(part), "crosshair", "Go to " + name);
  connect(find, &QToolButton::clicked, this, [this, item, part] {
    const Item* annotation = session_.document().find(item);
    if (const auto centre = annotation ? centre_of_part(*annotation, part) : std::nullopt)
      session_.set_crosshair(*centre);
    else
      session_.show_message({Message::Kind::information, "This part has no voxel and no contour.", {}});
  });
  row->addWidget(find);
}

} // namespace bloch::app
