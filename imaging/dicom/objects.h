#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/data/dicom_object.h"
#include "core/data/presentation_state.h"
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

/// The drawings and texts of a presentation state (PS3.3 C.10.5) on those images of the series that it is
/// about, and what else it asks for that Bloch does not do.
///
/// Positions in parts of the displayed area (DISPLAY) become pixels by the area of each image, turned and
/// mirrored as the state says; without an area it is the whole image. Mosaics get no drawings.
/// errors: malformed
Result<PresentationState> read_presentation_state(const ObjectInfo& object, std::span<const SeriesInfo> series);

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
