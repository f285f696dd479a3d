#include "app/panels/reconstruct_mask.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QVBoxLayout>

#include "app/widgets/buttons.h"
#include "app/widgets/parameter_form.h"

namespace bloch::app {
namespace {

/// 65536 as "65 536", with thin spaces.
QString grouped_count(std::size_t number) {
  QString text = QString::number(number);
  for (int place = static_cast<int>(text.size()) - 3; place > 0; place -= 3) text.insert(place, QChar(0x2009));
  return text;
}

/// Short words, for the narrow form beside the picture.
std::vector<Parameter> short_labels(std::vector<Parameter> parameters) {
  for (auto& parameter : parameters) {
    if (parameter.name == "accel") parameter.label = "Accel.";
    if (parameter.name == "acs") parameter.label = "ACS";
    if (parameter.name == "seed") parameter.label = "Seed";
  }
  return parameters;
}

} // namespace

ReconstructMask::ReconstructMask(QWidget* parent)
    : Section("reconstruct.mask_section", tr("Sampling mask"), parent)
    , kind_(new QComboBox)
    , form_(new ParameterForm("reconstruct.mask", short_labels(imaging::mask_parameters()),
                              ParameterForm::Look{42, {}, {.sliders = false}}))
    , picture_(new PixelPicture("reconstruct.mask.picture", 92))
    , count_(make_label({}, "mono", "reconstruct.mask.count")) {
  kind_->setObjectName("reconstruct.mask.kind");
  kind_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  kind_->setMinimumContentsLength(8);
  set_raw(false);
  auto* right = new QVBoxLayout;
  right->setSpacing(3);
  right->addWidget(kind_);
  right->addWidget(form_);
  right->addStretch(1);
  auto* row = new QHBoxLayout;
  row->setSpacing(10);
  row->addWidget(picture_, 0, Qt::AlignTop);
  row->addLayout(right, 1);
  count_->setWordWrap(true);
  count_->setMinimumWidth(1); // wraps, and never widens the panel
  content()->addLayout(row);
  content()->addWidget(count_);
  connect(kind_, &QComboBox::currentIndexChanged, this, [this] {
    form_->setEnabled(!kind_->currentData().toString().isEmpty());
    emit changed();
  });
  connect(form_, &ParameterForm::changed, this, &ReconstructMask::changed);
}

std::optional<imaging::MaskRequest> ReconstructMask::request() const {
  const std::string kind = kind_->currentData().toString().toStdString();
  if (kind.empty()) return std::nullopt;
  imaging::MaskRequest request;
  request.kind = kind;
  const ParameterSet values = form_->values();
  if (const auto* accel = values.find("accel")) request.accel = std::get<double>(*accel);
  if (const auto* acs = values.find("acs")) request.acs = static_cast<int>(std::get<long long>(*acs));
  if (const auto* fraction = values.find("center-fraction"))
    request.center_fraction = std::get<double>(*fraction);
  if (const auto* seed = values.find("seed")) request.seed = static_cast<int>(std::get<long long>(*seed));
  return request;
}

Result<void> ReconstructMask::check() const { return request() ? form_->check() : Result<void>{}; }

void ReconstructMask::set_raw(bool raw) {
  if (kind_->count() > 0 && raw == raw_) return;
  const QString kept = kind_->currentData().toString();
  raw_ = raw;
  {
    const QSignalBlocker quiet(kind_);
    kind_->clear();
    if (raw) kind_->addItem(tr("As measured"), QString());
    for (const auto& kind : imaging::mask_kinds()) {
      kind_->addItem(QString::fromStdString(kind.label), QString::fromStdString(kind.name));
      kind_->setItemData(kind_->count() - 1, QString::fromStdString(kind.summary), Qt::ToolTipRole);
    }
    const imaging::MaskRequest standard;
    const int index = kind_->findData(kept.isEmpty() ? QString::fromStdString(standard.kind) : kept);
    kind_->setCurrentIndex(raw ? 0 : std::max(0, index));
  }
  form_->setEnabled(!kind_->currentData().toString().isEmpty());
}

void ReconstructMask::show_preview(const ReconstructPreview& preview) {
  picture_->set_image(preview.mask);
  if (preview.total == 0) {
    count_->clear();
    return;
  }
  count_->setText(
      tr("%1 of %2 samples · %3 %")
          .arg(grouped_count(preview.kept), grouped_count(preview.total))
          .arg(100.0 * static_cast<double>(preview.kept) / static_cast<double>(preview.total), 0, 'f', 1));
  count_->setToolTip(tr("Acceleration that was reached: %1").arg(preview.acceleration, 0, 'f', 2));
}

void ReconstructMask::show_problem(const QString& text) {
  picture_->set_image({});
  count_->setText(text);
}

} // namespace bloch::app
