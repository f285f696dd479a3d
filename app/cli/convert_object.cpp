#include "app/cli/convert_object.h"

#include <fmt/format.h>

#include "core/base/file.h"
#include "core/base/text.h"
#include "imaging/dicom/objects.h"
#include "imaging/io/image_file.h"
#include "imaging/open/open_object.h"

namespace bloch::app {
namespace {

Result<void> write_document(const Invocation& invocation, const ObjectInfo& object,
                            const std::filesystem::path& out) {
  BLOCH_TRY(document, imaging::read_document(object.path));
  if (lower_case(out.extension().string()) != document.extension)
    return failure(ErrorKind::unsupported,
                   fmt::format("the object holds a file of type {}; give --out a name that ends in {}",
                               document.mime_type.empty() ? "unknown" : document.mime_type,
                               document.extension));
  BLOCH_CHECK(write_file(out, document.bytes));
  invocation.say(fmt::format("{} bytes to {}", document.bytes.size(), out.string()));
  return {};
}

} // namespace

Result<void> convert_segmentation(const Invocation& invocation, const Segmentation& segmentation,
                                  const ObjectConversion& conversion) {
  BLOCH_CHECK(imaging::image_writer_of(conversion.out).map([](const auto*) {}));
  for (const Warning& warning : segmentation.warnings)
    if (conversion.segment == 0 || warning.kind != "overlapping-segments") invocation.warn(warning.message);
  const auto& segments = segmentation.segments;
  std::size_t place = 0;
  while (place < segments.size() && segments[place].number != conversion.segment) ++place;
  if (segments.size() == 1 && conversion.segment == 0) place = 0;
  if (!conversion.grid && place < segmentation.fractions.size()) {
    BLOCH_CHECK(imaging::write_image(conversion.out, segmentation.fractions[place]));
    invocation.say(fmt::format("fractions of {} to {}", segments[place].name, conversion.out.string()));
    return {};
  }
  auto labels = imaging::labels_of(segmentation, conversion.segment);
  if (!labels) return failure(labels.error().kind, labels.error().message + " with --segment");
  if (conversion.grid) labels = imaging::labels_on_grid(*labels, *conversion.grid);
  BLOCH_CHECK(imaging::write_label_map(conversion.out, *labels));
  for (const Segment& segment : segments)
    if (conversion.segment == 0 || conversion.segment == segment.number)
      invocation.say(fmt::format("  {} {}", segment.number, segment.name));
  const auto& size = labels->geometry().size;
  invocation.say(fmt::format("{} x {} x {} labels to {}", size[0], size[1], size[2], conversion.out.string()));
  return {};
}

Result<void> convert_object(const Invocation& invocation, const ObjectInfo& object,
                            const ObjectConversion& conversion) {
  const bool text = lower_case(conversion.out.extension().string()) == ".txt";
  if (object.kind == ObjectKind::segmentation && !text) {
    BLOCH_TRY(segmentation, imaging::read_segmentation(object.path, invocation.progress));
    return convert_segmentation(invocation, segmentation, conversion);
  }
  if (object.kind == ObjectKind::document && !text) return write_document(invocation, object, conversion.out);
  if (!text)
    return failure(ErrorKind::unsupported,
                   fmt::format("the {} holds no image; give --out a name that ends in .txt for its text",
                               lower_case(object.name)));
  BLOCH_TRY(content, imaging::object_text(object));
  BLOCH_CHECK(write_file(conversion.out, std::string_view(content)));
  invocation.say("text to " + conversion.out.string());
  return {};
}

} // namespace bloch::app
