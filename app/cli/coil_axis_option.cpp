#include "app/cli/coil_axis_option.h"

#include <CLI/CLI.hpp>

namespace bloch::app {

void add_coil_axis(CLI::App& app, std::string& value) {
  app.add_option(
         "--coil-axis", value,
         "which axis of a k-space array (.npy, .npz, .mat) is the coils'. none: there is none, the data "
         "are of one coil: [ky][kx] is a slice and [kz][ky][kx] a volume, in MATLAB (kx, ky) and (kx, ky, "
         "kz), where a last extent of 1 is dropped. auto: by the number of dimensions, so that three are "
         "the coils of one slice. Other files name their axes")
      ->check(CLI::IsMember({"auto", "none"}))
      ->capture_default_str();
}

} // namespace bloch::app
