#include <fmt/format.h>

#include "core/base/text.h"
#include "imaging/adapters/dcmtk_dataset.h"
#include "imaging/dicom/detail/object_lines.h"
#include "imaging/dicom/objects.h"

namespace bloch::imaging {
namespace {

void add_line(std::string& text, const std::string& name, const std::string& value) {
  if (!value.empty()) text += name + ": " + value + "\n";
}

/// What every object begins with.
std::string heading(const ObjectInfo& object) {
  std::string text = object.name + "\n";
  add_line(text, "Title", object.description);
  add_line(text, "Date", spoken_date(object.date));
  return text;
}

std::string joined(const std::vector<ObjectLine>& lines) {
  std::string text;
  for (const ObjectLine& line : lines) {
    const std::string indent(static_cast<std::size_t>(2 * line.depth), ' ');
    const bool both = !line.name.empty() && !line.value.empty();
    for (const std::string& row : split(line.name + (both ? ": " : "") + line.value, '\n'))
      text += indent + std::string(trimmed(row)) + "\n";
  }
  return text.empty() ? text : "\n" + text;
}

std::string references_text(const ObjectInfo& object) {
  std::string text;
  for (const ObjectReference& reference : object.references) {
    text +=
        fmt::format("Series {}: {}\n", reference.series_uid,
                    reference.instance_uids.empty() ? "all images"
                                                    : fmt::format("{} images", reference.instance_uids.size()));
    for (std::size_t i = 0; i < reference.instance_uids.size() && i < 100; ++i)
      text += "  " + reference.instance_uids[i] + "\n";
  }
  return text.empty() ? text : "\nReferences\n" + text;
}

std::string parts_text(const ObjectInfo& object) {
  std::string text;
  for (const std::string& part : object.parts) text += "  " + part + "\n";
  return text.empty() ? text : "\nContents\n" + text;
}

} // namespace

Result<std::vector<ObjectLine>> object_lines(const ObjectInfo& object) {
  const bool plan = object.sop_class_uid == UID_RTPlanStorage || object.sop_class_uid == UID_RTIonPlanStorage;
  const bool report = object.kind == ObjectKind::report || object.kind == ObjectKind::key_objects;
  const bool presentation = object.kind == ObjectKind::presentation_state;
  if (!plan && !report && !presentation) return std::vector<ObjectLine>();
  BLOCH_TRY(file, open_dicom_file(object.path));
  return report ? report_lines(file.dataset())
         : plan ? plan_lines(file.dataset())
                : presentation_lines(file.dataset());
}

Result<std::string> object_text(const ObjectInfo& object) {
  BLOCH_TRY(lines, object_lines(object));
  const bool report = object.kind == ObjectKind::report;
  return heading(object) + joined(lines) + (lines.empty() ? parts_text(object) : std::string()) +
         (report ? std::string() : references_text(object));
}

} // namespace bloch::imaging
