#include <string>
#include <vector>

#include "app/cli/command.h"
#include "imaging/parallel/large_pages.h"

int main(int count, char** values) {
  bloch::imaging::prepare_heap_for_large_arrays();
  return bloch::app::run_command_line(std::vector<std::string>(values + 1, values + count));
}
