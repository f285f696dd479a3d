#pragma once

#include <string>

#include "core/base/result.h"

namespace CLI {
class App;
}

namespace bloch::app {

/// No output of a command may take the place of a file that it reads, or of another of its outputs: looked at
/// before any work, for every command alike. Files are the same when the file system says so, whatever they
/// are called; what is written beside an output (its recipe, the other half of .cfl and .hdr) counts as well.
///
/// app:    a command whose line has been read
/// errors: invalid_parameter (names both options)
Result<void> check_output_files(const CLI::App& app);

/// Whether what this option names is written: "--out", "--json", ….
bool names_output(const std::string& option);

} // namespace bloch::app
