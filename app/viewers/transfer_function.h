#pragma once

#include <string>
#include <utility>
#include <vector>

#include <QByteArray>
#include <QColor>
#include <QString>

#include "core/base/result.h"
#include "core/data/series.h"

namespace bloch::app {

/// How samples become colour and opacity in the 3D view; one entry of
/// resources/presets/transfer_functions.json.
struct TransferFunction {
  std::string name;      ///< "mr-head"
  QString label;         ///< "MR head"
  std::string modality;  ///< "MR", "CT"
  bool by_window = true; ///< places are shares of the window; else sample values
  bool shade = true;
  std::vector<std::pair<double, double>> opacity; ///< by place, per mm
  std::vector<std::pair<double, QColor>> colour;
  double ambient = 0.2, diffuse = 0.8, specular = 0.1, specular_power = 10;

  /// A place of the lists as a sample value. inverse: small values are the bright ones; sample values stay
  double value_of(double place, const WindowLevel& window, bool inverse = false) const;
};

/// The presets that are compiled in, in the order of the file.
const std::vector<TransferFunction>& transfer_functions();

/// The preset of that name; the first one when there is none.
const TransferFunction& transfer_function(const std::string& name);

/// Reads the file's format. errors: malformed
Result<std::vector<TransferFunction>> read_transfer_functions(const QByteArray& json);

} // namespace bloch::app
