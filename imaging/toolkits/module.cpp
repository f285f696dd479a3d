// What the module gives to the program that loads it.
#include "imaging/toolkits/table.h"

extern "C" const bloch::imaging::ToolkitFunctions* bloch_toolkits();

const bloch::imaging::ToolkitFunctions* bloch_toolkits() {
  using namespace bloch;
  using namespace bloch::imaging;
  static const ToolkitFunctions functions = {
      BLOCH_TOOLKITS_BUILD,
#define BLOCH_TOOLKIT_FUNCTION(id, name, result, parameters, arguments)                                        \
  [] parameters -> result { return imaging::name arguments; },
#include "imaging/toolkits/functions.inc"
#undef BLOCH_TOOLKIT_FUNCTION
  };
  return &functions;
}
