#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/data/dicom_object.h"
#include "core/data/segmentation.h"
#include "core/data/structure_set.h"
#include "core/jobs/progress.h"

namespace bloch::imaging {

/// Segments of a SEG or label map object, on the grid that its frames lie on (empty slices between them are
/// filled in).
///
/// errors: unsupported (frames of different orientations, on a microscope slide, or not on one grid: says why),
///         malformed (cut off or contradicting itself), out_of_memory, cancelled
Result<Segmentation> read_segmentation(const std::filesystem::path& path, const Progress& progress = {});

/// Regions of an RTSTRUCT; contours without points are left out. Errors: malformed
Result<StructureSet> read_structure_set(const std::filesystem::path& path);

/// A line of what an object says: a heading (a name alone), a paragraph (a value alone) or a value with its
/// name.
struct ObjectLine {
  int depth = 0; ///< how far it is indented
  std::string name;
  std::string value; ///< may have line breaks
};

/// What the object says, in UTF-8: the content of a report or key object selection, window and annotations of a
/// presentation state, prescription and beams of a plan; nothing for every other object. errors: malformed
Result<std::vector<ObjectLine>> object_lines(const ObjectInfo& object);

/// The same as text, with the object's name, title, segments or regions and the images it names.
Result<std::string> object_text(const ObjectInfo& object);

/// A file that is wrapped in DICOM.
struct EncapsulatedDocument {
  std::string mime_type; ///< "application/pdf"
  std::string extension; ///< ".pdf", ".xml", ".stl", ".obj"; ".bin" when the type is not known
  std::vector<std::uint8_t> bytes;
};
/// errors: malformed (no file in it)
Result<EncapsulatedDocument> read_document(const std::filesystem::path& path);

} // namespace bloch::imaging
