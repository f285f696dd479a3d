#include "core/base/signals.h"

#include <csignal>

namespace bloch {

void report_outgrown_files() { std::signal(SIGXFSZ, SIG_IGN); }

} // namespace bloch
