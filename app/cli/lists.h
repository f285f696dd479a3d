#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "core/parameters/parameter.h"

namespace bloch::app {

/// One entry of any list of the program, as `bloch-cli list` shows it and the conformance tests run over it.
struct ListEntry {
  std::string name;
  std::string summary;
  std::string source;
  std::vector<Parameter> parameters;
};

struct List {
  std::string name; ///< "reconstructions"
  std::string summary;
  std::vector<ListEntry> (*entries)() = nullptr;
};

/// Every list there is: the descriptors of all rooms under one roof.
std::span<const List> lists();

} // namespace bloch::app
