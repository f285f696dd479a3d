#pragma once

#include <string>

namespace CLI {
class App;
}

namespace bloch::app {

/// --coil-axis of every command that reads k-space; `value` comes with the default.
void add_coil_axis(CLI::App& app, std::string& value);

} // namespace bloch::app
