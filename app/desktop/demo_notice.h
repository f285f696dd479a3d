#pragma once

#include <QString>

#include "core/session/document.h"

namespace bloch::app {

/// The copyright notice that goes with an image of the demo study (Colin 27); empty for every other image.
QString demo_notice(const Item& item);

} // namespace bloch::app
