#include <sstream>

#include <dcmtk/dcmsr/dsrdoc.h>
#include <fmt/format.h>

#include "core/base/text.h"
#include "imaging/adapters/dcmtk_dataset.h"
#include "imaging/dicom/detail/object_info.h"
#include "imaging/dicom/detail/presentation_text.h"
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
  add_line(text, "Date", object.date);
  return text;
}

/// The content tree of a report as DCMTK prints it.
Result<std::string> report_text(DicomFile& file) {
  DcmDataset& dataset = file.dataset();
  dataset.loadAllDataIntoMemory();
  const bool utf8 = dataset.convertToUTF8().good(); // else as it is, and repaired by whoever shows it
  DSRDocument document;
  const std::size_t flags = DSRTypes::RF_acceptUnknownRelationshipType |
                            DSRTypes::RF_ignoreRelationshipConstraints | DSRTypes::RF_ignoreContentItemErrors |
                            DSRTypes::RF_skipInvalidContentItems | DSRTypes::RF_acceptInvalidContentItemValue;
  const OFCondition read = document.read(dataset, flags);
  if (read.bad())
    return failure(ErrorKind::malformed, std::string("the report cannot be read: ") + read.text());
  std::ostringstream stream;
  document.print(stream, DSRTypes::PF_printLongSOPClassName);
  return (utf8 ? std::string() : std::string("(its character set could not be converted)\n")) + stream.str();
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

Result<std::string> object_text(const ObjectInfo& object) {
  const bool tree = object.kind == ObjectKind::report || object.kind == ObjectKind::key_objects;
  if (!tree && object.kind != ObjectKind::presentation_state)
    return heading(object) + parts_text(object) + references_text(object);
  BLOCH_TRY(file, open_dicom_file(object.path));
  std::string text = heading(object);
  if (tree) {
    BLOCH_TRY(content, report_text(file));
    text += "\n" + content;
  } else {
    text += "\n" + presentation_text(file.dataset());
  }
  if (object.kind != ObjectKind::report) text += references_text(object);
  return text;
}

} // namespace bloch::imaging
