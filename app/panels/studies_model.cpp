#include "app/panels/studies_model.h"

#include <functional>

#include "app/panels/scene_text.h"
#include "app/panels/thumbnails.h"
#include "app/widgets/plain_text.h"

namespace bloch::app {
namespace {

const QString dot = QString(" ") + QChar(0xB7) + " ";

QString or_else(const std::string& text, const QString& other) {
  return text.empty() ? other : QString::fromStdString(text);
}

QString series_name(const SeriesInfo& series) { return QString::fromStdString(name_of_series(series)); }

QString series_detail(const SeriesInfo& series) {
  QStringList parts;
  if (series.number > 0) parts << QString("Se %1").arg(series.number);
  if (series.volumes > 1) parts << QString("%1 volumes").arg(series.volumes);
  if (series.geometry) parts << QString("%1 mm").arg(series.geometry->spacing_mm.maxCoeff(), 0, 'f', 1);
  if (series.field_strength_t > 0) parts << QString("%1 T").arg(series.field_strength_t, 0, 'g', 2);
  if (parts.isEmpty() && series.uid.starts_with("file:") && !series.files.empty())
    parts << QString::fromStdString(series.files.front().extension().string());
  return parts.join(dot);
}

int image_count(const SeriesInfo& series) {
  if (series.frames > 0) return series.frames;
  return series.geometry ? series.geometry->size[2] : series.instances;
}

QStringList series_tags(const SeriesInfo& series) {
  QStringList tags;
  // Of ultrasound, angiography and photographs nobody expects one.
  const bool sliced = series.modality == "CT" || series.modality == "MR" || series.modality == "PT";
  if (!series.geometry && sliced && image_count(series) > 1) tags << "NO VOLUME";
  if (series.lossy) tags << "LOSSY";
  for (const std::string& tag : geometry_tags(series)) tags << QString::fromStdString(tag);
  return tags;
}

QString object_icon(const ObjectInfo& object) {
  switch (object.kind) {
  case ObjectKind::segmentation:
    return "shapes";
  case ObjectKind::structure_set:
    return "spline";
  case ObjectKind::report:
    return "file-text";
  case ObjectKind::key_objects:
    return "star";
  case ObjectKind::presentation_state:
    return "contrast";
  case ObjectKind::document:
    return "file-down";
  case ObjectKind::other:
    break;
  }
  if (object.modality == "RTPLAN") return "radiation";
  const bool curve = object.modality == "ECG" || object.modality == "HD" || object.name == "Waveform";
  return curve ? "activity" : "box";
}

QStandardItem* make_browser_row(StudiesModel::Row kind, const QString& key, const QString& full_text,
                                const QString& full_detail) {
  const QString text = one_line(full_text), detail = one_line(full_detail);
  auto* row = new QStandardItem(text);
  row->setEditable(false);
  row->setData(static_cast<int>(kind), StudiesModel::row_role);
  row->setData(key, StudiesModel::key_role);
  row->setData(detail, StudiesModel::detail_role);
  row->setData(text + "\n" + detail, Qt::AccessibleTextRole);
  return row;
}

} // namespace

StudiesModel::StudiesModel(Session& session, Thumbnails& thumbnails, QObject* parent)
    : QStandardItemModel(parent)
    , session_(session)
    , thumbnails_(thumbnails) {}

void StudiesModel::rebuild() {
  clear();
  for (const PatientInfo& patient : session_.index().patients) appendRow(patient_row(patient));
  // Results whose source is no series of the index: raw data.
  const Document& document = session_.document();
  for (const auto& item : document.items) {
    if (item->kind == ItemKind::series || item->kind == ItemKind::annotation) continue;
    std::function<const Item*(const Item*)> root = [&](const Item* from) {
      const Item* source = from->source ? document.find(*from->source) : nullptr;
      return source ? root(source) : from;
    };
    if (root(item.get())->kind != ItemKind::series) appendRow(item_row(item));
  }
  refresh();
}

QStandardItem* StudiesModel::patient_row(const PatientInfo& patient) {
  const QString id = QString::fromStdString(patient.id);
  auto* row = make_browser_row(Row::patient, "patient:" + QString::fromStdString(patient.name) + "/" + id,
                               or_else(patient.name, "No patient name"), id);
  row->setData(QString::number(patient.studies.size()), count_role);
  row->setSelectable(false);
  for (const StudyInfo& study : patient.studies) row->appendRow(study_row(patient, study));
  return row;
}

QStandardItem* StudiesModel::study_row(const PatientInfo& patient, const StudyInfo& study) {
  const QString modality =
      study.series.empty() ? QString() : QString::fromStdString(study.series.front().modality);
  auto* row = make_browser_row(Row::study, "study:" + QString::fromStdString(patient.id + "/" + study.uid),
                               or_else(study.description, "Study"), date_text(study.date));
  row->setData(QStringList{modality}, tags_role);
  row->setSelectable(false);
  for (const SeriesInfo& series : study.series) row->appendRow(series_row({&patient, &study, &series}));
  for (const ObjectInfo& object : study.objects) row->appendRow(object_row(object));
  for (const auto& item : session_.document().items) {
    if (item->kind == ItemKind::series) continue;
    const Item* root = item.get();
    while (root->source && session_.document().find(*root->source))
      root = session_.document().find(*root->source);
    if (root->kind == ItemKind::series && root->study.uid == study.uid && root->patient.id == patient.id)
      row->appendRow(item_row(item));
  }
  return row;
}

QStandardItem* StudiesModel::series_row(const SeriesPlace& place) {
  const SeriesInfo& series = *place.series;
  const QString uid = QString::fromStdString(series.uid);
  auto* row = make_browser_row(Row::series, "series:" + uid, series_name(series), series_detail(series));
  row->setData(uid, uid_role);
  row->setData(number_text(image_count(series)), count_role);
  row->setData(series_tags(series), tags_role);
  QStringList tips{series_name(series)};
  for (const Warning& warning : series.warnings) tips << QString::fromStdString(warning.message);
  row->setToolTip(plain_tip(tips.join('\n')));
  return row;
}

QStandardItem* StudiesModel::object_row(const ObjectInfo& object) {
  const QString uid = QString::fromStdString(object.uid);
  QStringList detail;
  if (object.number > 0) detail << QString("Se %1").arg(object.number);
  detail << QString::fromStdString(object.name);
  auto* row = make_browser_row(Row::object, "object:" + uid, or_else(object.description, detail.last()),
                               detail.join(dot));
  row->setData(uid, uid_role);
  row->setData(QStringList{or_else(object.modality, "OT")}, tags_role);
  row->setData(object_icon(object), icon_role);
  const bool lies_over = object.kind == ObjectKind::segmentation || object.kind == ObjectKind::structure_set;
  if (lies_over && !object.parts.empty())
    row->setData(number_text(static_cast<double>(object.parts.size())), count_role);
  QStringList tips;
  for (std::size_t i = 0; i < object.parts.size() && i < 30; ++i)
    tips << QString::fromStdString(object.parts[i]);
  row->setToolTip(plain_tip(tips.join('\n')));
  return row;
}

QStandardItem* StudiesModel::item_row(const std::shared_ptr<const Item>& item) {
  QStringList detail;
  if (item->series.number > 0) detail << QString("Se %1").arg(item->series.number);
  const Item* source = item->source ? session_.document().find(*item->source) : nullptr;
  if (source) detail << "on " + QString::fromStdString(source->name);
  if (item->recipe) detail << "has recipe";
  auto* row = make_browser_row(Row::item, QString("item:%1").arg(item->id), QString::fromStdString(item->name),
                               detail.join(dot));
  row->setData(item->id, item_role);
  QStringList tags;
  for (const std::string& tag : item->tags) tags << QString::fromStdString(tag);
  if (item->kind == ItemKind::truth) tags << "TRUTH";
  if (!item->volume) row->setData(item->kind == ItemKind::truth ? "circle-dashed" : "shapes", icon_role);
  row->setData(tags, tags_role);
  if (item->volume) row->setData(number_text(item->volume->geometry().size[2]), count_role);
  row->setSelectable(item->volume != nullptr);
  row->setToolTip(plain_tip(QString::fromStdString(item->name)));
  return row;
}

void StudiesModel::refresh() {
  const std::function<void(QStandardItem*)> visit = [&](QStandardItem* row) {
    refresh_row(row);
    for (int i = 0; i < row->rowCount(); ++i) visit(row->child(i));
  };
  for (int i = 0; i < rowCount(); ++i) visit(item(i));
}

void StudiesModel::refresh_row(QStandardItem* row) {
  const auto kind = static_cast<Row>(row->data(row_role).toInt());
  const Document& document = session_.document();
  if (kind == Row::series) {
    const QString uid = row->data(uid_role).toString();
    const Item* active = document.active_item();
    const bool shown = active && active->kind == ItemKind::series && active->series.uid == uid.toStdString();
    row->setData(shown, active_role);
    row->setData(session_.is_loading(uid), loading_role);
    if (row->data(picture_role).value<QImage>().isNull())
      if (const auto series = session_.find_series(uid))
        row->setData(thumbnails_.of_series(*series), picture_role);
  }
  if (kind == Row::object)
    row->setData(session_.item_of_object(row->data(uid_role).toString()).has_value(), active_role);
  if (kind == Row::item) {
    const ItemId id = row->data(item_role).toInt();
    row->setData(document.active == id, active_role);
    if (row->data(picture_role).value<QImage>().isNull())
      if (const auto shared = document.share(id)) row->setData(thumbnails_.of_item(shared), picture_role);
  }
}

} // namespace bloch::app
