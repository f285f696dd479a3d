#include "core/data/window_level.h"

#include <cmath>
#include <utility>

#include "core/base/contract.h"

namespace bloch {
namespace {

std::uint8_t grey_of(double output) { return static_cast<std::uint8_t>(std::lround(255 * output)); }

double apply_table(double value, const WindowLevel& window) {
  const VoiTable& table = *window.table;
  const auto count = static_cast<double>(table.entries.size());
  const double place = (value - (window.level - window.width / 2)) / std::max(window.width, 1e-9) * count;
  const auto entry = static_cast<std::size_t>(std::clamp(std::floor(place), 0.0, count - 1));
  return std::min(1.0, table.entries[entry] / static_cast<double>((1 << table.bits) - 1));
}

} // namespace

WindowLevel window_of_table(std::shared_ptr<const VoiTable> table, std::string name) {
  const auto count = static_cast<double>(table->entries.size());
  const double level = table->first_value + count / 2;
  return {count, level, std::move(name), WindowFunction::table, std::move(table)};
}

const char* window_function_name(WindowFunction function) {
  switch (function) {
  case WindowFunction::linear_exact:
    return "LINEAR_EXACT";
  case WindowFunction::sigmoid:
    return "SIGMOID";
  case WindowFunction::table:
    return "LUT";
  case WindowFunction::linear:
    break;
  }
  return "LINEAR";
}

WindowRamp window_ramp(const WindowLevel& window) {
  const bool linear = window.function == WindowFunction::linear;
  const double centre = linear ? window.level - 0.5 : window.level;
  const double width = linear ? window.width - 1 : window.width;
  if (width > 0) return {centre, 1 / width};
  constexpr double narrow = 0x1p-20; // a window without width is a step: 0 up to the centre, 1 above
  return {centre + narrow / 2, 1 / narrow};
}

double apply_window(double value, const WindowLevel& window) {
  if (std::isnan(value)) return 0;
  if (window.function == WindowFunction::table) {
    BLOCH_EXPECTS(window.table && !window.table->entries.empty());
    return apply_table(value, window);
  }
  if (window.function == WindowFunction::sigmoid)
    return 1 / (1 + std::exp(-4 * (value - window.level) / std::max(window.width, 1e-9)));
  const WindowRamp ramp = window_ramp(window);
  return std::clamp((value - ramp.centre) * ramp.scale + 0.5, 0.0, 1.0);
}

ToneCurve::ToneCurve(const WindowLevel& window) {
  const double width = std::max(window.width, 1e-9);
  if (window.function == WindowFunction::table) {
    const auto count = static_cast<double>(window.table->entries.size());
    begin_ = window.level - window.width / 2 + width / count / 2; // the middle of the first entry
    scale_ = count / width;
    last_ = count - 1;
    for (const std::uint16_t entry : window.table->entries)
      steps_.push_back(grey_of(std::min(1.0, entry / static_cast<double>((1 << window.table->bits) - 1))));
  } else if (window.function == WindowFunction::sigmoid) {
    // Beyond two widths from the centre the curve is within 0.0004 of its end.
    constexpr int steps = 4096;
    begin_ = window.level - 2 * width;
    scale_ = steps / (4 * width);
    last_ = steps;
    for (int i = 0; i <= steps; ++i) steps_.push_back(grey_of(apply_window(begin_ + i / scale_, window)));
  } else {
    const WindowRamp ramp = window_ramp(window);
    scale_ = ramp.scale * 255;
    begin_ = ramp.centre - 0.5 / ramp.scale;
  }
}

} // namespace bloch
