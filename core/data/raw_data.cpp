#include "core/data/raw_data.h"

namespace bloch {

bool RawDataInfo::is_ambiguous() const {
  return !parts.empty() && ((maps && maps->array == array) || (image && image->array == array));
}

std::string to_text(const KSpaceSize& size) {
  std::string text = "kx " + std::to_string(size.kx) + " x ky " + std::to_string(size.ky);
  if (size.kz > 1) text += " x kz " + std::to_string(size.kz);
  text += size.coils == 1 ? ", 1 coil" : ", " + std::to_string(size.coils) + " coils";
  if (size.slices > 1) text += ", " + std::to_string(size.slices) + " slices";
  return text;
}

} // namespace bloch
