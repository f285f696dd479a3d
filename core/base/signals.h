#pragma once

namespace bloch {

/// A file that outgrows what it may have (ulimit -f) becomes an error of the write, which is reported and
/// cleaned up after as a full disk is, instead of the end of the program. To be called first by every program.
void report_outgrown_files();

} // namespace bloch
