#include "core/base/version.h"

namespace bloch {
const char* version() { return BLOCH_VERSION; }
} // namespace bloch
