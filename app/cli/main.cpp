#include <string>
#include <vector>

#include "app/cli/command.h"
#include "core/base/mapped_file.h"
#include "core/base/signals.h"
#include "imaging/parallel/large_pages.h"

int main(int count, char** values) {
  bloch::report_outgrown_files();
  bloch::imaging::prepare_heap_for_large_arrays();
  bloch::allow_mapped_files(1);
  return bloch::app::run_command_line(std::vector<std::string>(values + 1, values + count));
}
