#include "app/panels/object_panel.h"

#include <QCheckBox>
#include <QDesktopServices>
#include <QFontDatabase>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QUrl>
#include <QVBoxLayout>

#include "app/widgets/buttons.h"
#include "core/base/file.h"

namespace bloch::app {
namespace {

QIcon swatch(const std::array<std::uint8_t, 3>& colour) {
  QPixmap pixmap(12, 12);
  pixmap.fill(QColor(colour[0], colour[1], colour[2]));
  return pixmap;
}

} // namespace

ObjectPanel::ObjectPanel(Session& session, QWidget* parent)
    : Section("object", "Object", parent)
    , session_(session)
    , text_(new QPlainTextEdit)
    , open_(make_button("object.open", "Open document", "file-down")) {
  text_->setObjectName("object.text");
  text_->setAccessibleName("What the object says");
  text_->setReadOnly(true);
  text_->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
  text_->setMinimumHeight(200);
  text_->setLineWrapMode(QPlainTextEdit::NoWrap);
  content()->addWidget(open_);
  content()->addWidget(text_);
  open_->hide();
  hide(); // until there is an object
  connect(&session_, &Session::object_opened, this, &ObjectPanel::show_object);
  connect(open_, &QPushButton::clicked, this, [this] {
    session_.save_document(uid_, cache_folder() / "documents", [this](const std::filesystem::path& file) {
      if (!QDesktopServices::openUrl(QUrl::fromLocalFile(QString::fromStdString(file.string()))))
        session_.show_message({Message::Kind::information, "The document is saved; no program here opens it.",
                               QString::fromStdString(file.string())});
    });
  });
}

void ObjectPanel::show_object(const OpenedObject& opened) {
  uid_ = QString::fromStdString(opened.info.uid);
  set_title(QString::fromStdString(opened.info.name));
  delete parts_;
  parts_ = new QWidget;
  auto* column = new QVBoxLayout(parts_);
  column->setContentsMargins(0, 0, 0, 0);
  content()->insertWidget(0, parts_);
  if (const auto item = session_.item_of_object(uid_)) {
    if (opened.segmentation)
      for (const Segment& segment : opened.segmentation->segments)
        add_part(*item, segment.number, QString::fromStdString(segment.name), segment.colour);
    for (std::size_t i = 0; opened.structures && i < opened.structures->regions.size(); ++i) {
      const ContourRegion& region = opened.structures->regions[i];
      add_part(*item, static_cast<int>(i), QString::fromStdString(region.name), region.colour);
    }
  }
  text_->setPlainText(opened.problem.isEmpty() ? opened.text : opened.problem + "\n\n" + opened.text);
  text_->setVisible(!text_->toPlainText().isEmpty());
  open_->setVisible(opened.info.kind == ObjectKind::document);
  show();
  set_open(true);
}

void ObjectPanel::add_part(ItemId item, int part, const QString& name,
                           const std::array<std::uint8_t, 3>& colour) {
  auto* box = new QCheckBox(name);
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
  parts_->layout()->addWidget(box);
}

} // namespace bloch::app
