#include "imaging/recon/reconstruction.h"

#include "core/base/text.h"

namespace bloch::imaging {

#define BLOCH_RECONSTRUCTION(function) Reconstruction function();
#include "imaging/recon/reconstructions.inc"
#undef BLOCH_RECONSTRUCTION

std::span<const Reconstruction> reconstructions() {
  static const std::vector<Reconstruction> all = {
#define BLOCH_RECONSTRUCTION(function) function(),
#include "imaging/recon/reconstructions.inc"
#undef BLOCH_RECONSTRUCTION
  };
  return all;
}

Result<const Reconstruction*> find_reconstruction(std::string_view name) {
  std::vector<std::string> names;
  for (const auto& method : reconstructions()) {
    if (method.name == name) return &method;
    names.push_back(method.name);
  }
  return failure(ErrorKind::invalid_parameter,
                 "there is no reconstruction '" + std::string(name) + "'" + suggestion(name, names));
}

} // namespace bloch::imaging
