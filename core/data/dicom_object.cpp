#include "core/data/dicom_object.h"

namespace bloch {

const char* object_kind_name(ObjectKind kind) {
  switch (kind) {
  case ObjectKind::segmentation:
    return "segmentation";
  case ObjectKind::structure_set:
    return "structure-set";
  case ObjectKind::report:
    return "report";
  case ObjectKind::key_objects:
    return "key-objects";
  case ObjectKind::presentation_state:
    return "presentation-state";
  case ObjectKind::document:
    return "document";
  case ObjectKind::other:
    break;
  }
  return "other";
}

} // namespace bloch
