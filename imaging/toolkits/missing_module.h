#pragma once

#include <stdexcept>

namespace bloch::imaging {

/// The toolkits' module is not where it was installed, or not of this build. What it says is for the user.
struct MissingModule : std::runtime_error {
  using std::runtime_error::runtime_error;
};

} // namespace bloch::imaging
