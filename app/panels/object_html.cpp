#include "app/panels/object_html.h"

#include "app/panels/scene_text.h"
#include "app/theme/theme.h"

namespace bloch::app {
namespace {

constexpr int indent = 14;

QString coloured(const QString& text, const char* token, const char* style = "") {
  return QString("<span style=\"color:%1;%2\">%3</span>")
      .arg(theme_colour(token).name(), style, text.toHtmlEscaped().replace('\n', "<br>"));
}

QString paragraph(const QString& html, int depth, int above) {
  return QString("<p style=\"margin:%1px 0 0 %2px\">%3</p>").arg(above).arg(depth * indent).arg(html);
}

QString line_html(const imaging::ObjectLine& line, bool first) {
  const QString name = QString::fromStdString(line.name);
  const QString value = QString::fromStdString(line.value);
  if (value.isEmpty()) return paragraph(coloured(name, "text-1", "font-weight:600"), line.depth, first ? 0 : 8);
  if (name.isEmpty()) return paragraph(coloured(value, "text-1"), line.depth, 4);
  return paragraph(coloured(name, "text-3") + "&nbsp; " + coloured(value, "text-1"), line.depth, 2);
}

} // namespace

QString object_html(const OpenedObject& opened, bool parts) {
  QString html;
  if (!opened.problem.isEmpty()) html += paragraph(coloured(opened.problem, "warn"), 0, 0);
  for (const imaging::ObjectLine& line : opened.lines) html += line_html(line, html.isEmpty());
  const bool drawn = opened.segmentation || opened.structures;
  if (parts && drawn && !opened.info.parts.empty()) {
    html += paragraph(coloured(opened.structures ? "Regions" : "Segments", "text-1", "font-weight:600"), 0,
                      html.isEmpty() ? 0 : 8);
    for (const std::string& part : opened.info.parts)
      html += paragraph(coloured(QString::fromStdString(part), "text-1"), 1, 2);
  }
  if (opened.about.isEmpty()) return html;
  html += paragraph(coloured("Refers to", "text-1", "font-weight:600"), 0, html.isEmpty() ? 0 : 8);
  for (const QString& about : opened.about) html += paragraph(coloured(about, "text-2"), 0, 2);
  return html;
}

QString object_heading(const OpenedObject& opened) {
  QStringList parts;
  for (const std::string& part : {opened.patient.name, opened.patient.id})
    if (!part.empty()) parts << QString::fromStdString(part);
  parts.removeDuplicates();
  if (!opened.info.date.empty()) parts << date_text(opened.info.date);
  return parts.join(QString(" ") + QChar(0xB7) + " ");
}

} // namespace bloch::app
