// The functions of the toolkits' module under their own names: the first call of any of them loads it.
#include <dlfcn.h>

#include <string>
#include <string_view>

#include "imaging/toolkits/missing_module.h"
#include "imaging/toolkits/table.h"

namespace bloch::imaging {
namespace {

[[noreturn]] void refuse(const std::string& reason) {
  throw MissingModule("bloch-toolkits.so, which DICOM, archives and masks need, " + reason +
                      "; install Bloch again");
}

const ToolkitFunctions* load() {
  // Never closed: its libraries run code when the program ends.
  void* const module = dlopen("bloch-toolkits.so", RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (!module) {
    const char* reason = dlerror();
    refuse(std::string("cannot be loaded (") + (reason ? reason : "no reason given") + ")");
  }
  const auto entry = reinterpret_cast<const ToolkitFunctions* (*)()>(dlsym(module, "bloch_toolkits"));
  if (!entry) refuse("is not this program's");
  const ToolkitFunctions* const functions = entry();
  if (std::string_view(functions->build) != BLOCH_TOOLKITS_BUILD) refuse("is of another version");
  return functions;
}

/// Throws MissingModule where the module cannot be loaded; the next call tries again.
const ToolkitFunctions& toolkits() {
  static const ToolkitFunctions* const functions = load();
  return *functions;
}

} // namespace

#define BLOCH_TOOLKIT_FUNCTION(id, name, result, parameters, arguments)                                        \
  result name parameters { return toolkits().id arguments; }
#include "imaging/toolkits/functions.inc"
#undef BLOCH_TOOLKIT_FUNCTION

} // namespace bloch::imaging
