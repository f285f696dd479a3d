#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace bloch {

/// How a window turns values into grey: VOI LUT Function (0028,1056), or a VOI LUT (0028,3010) of its own.
enum class WindowFunction { linear, linear_exact, sigmoid, table };

/// A VOI LUT (PS3.3 C.11.2.1.1): grey by value, in equal steps.
struct VoiTable {
  int first_value = 0; ///< value of the first entry; smaller ones take it, larger ones the last
  int bits = 16;       ///< white is 2^bits - 1
  std::vector<std::uint16_t> entries;

  bool operator==(const VoiTable&) const = default;
};

/// Window of PS3.3 C.11.2: centre and width, with the name the file gave it.
struct WindowLevel {
  double width = 1;
  double level = 0;
  std::string name;
  WindowFunction function = WindowFunction::linear;
  /// Of function `table`; stretched over the window when its width or level is changed.
  std::shared_ptr<const VoiTable> table{};

  /// The same function over another range, without the name.
  WindowLevel over(double new_width, double new_level) const {
    return {new_width, new_level, {}, function, table};
  }

  bool operator==(const WindowLevel& other) const {
    return width == other.width && level == other.level && function == other.function && table == other.table;
  }
};

/// The window in which each value meets its own entry.
WindowLevel window_of_table(std::shared_ptr<const VoiTable> table, std::string name);

/// "LINEAR", "LINEAR_EXACT", "SIGMOID" and "LUT": what a reader knows them by.
const char* window_function_name(WindowFunction function);

/// Output of the window for one value, 0 to 1. Not-a-number is 0.
/// source: PS3.3 C.11.2.1.2 (LINEAR), C.11.2.1.3.2 (LINEAR_EXACT), C.11.2.1.3.1 (SIGMOID), C.11.2.1.1 (VOI
/// LUT); widths the standard forbids act as a step.
double apply_window(double value, const WindowLevel& window);

/// LINEAR and LINEAR_EXACT as (value - centre) * scale + 0.5, to be clamped to 0..1; for loops over pixels.
struct WindowRamp {
  double centre = 0;
  double scale = 1;
};
WindowRamp window_ramp(const WindowLevel& window);

/// Any window as an index into 256 colours; for loops over pixels.
class ToneCurve {
 public:
  explicit ToneCurve(const WindowLevel& window);

  /// value: a number
  std::uint8_t operator()(float value) const {
    const double place = std::clamp((static_cast<double>(value) - begin_) * scale_, 0.0, last_);
    const auto step = static_cast<std::size_t>(place + 0.5);
    return steps_.empty() ? static_cast<std::uint8_t>(step) : steps_[step];
  }

 private:
  double begin_ = 0, scale_ = 1, last_ = 255;
  std::vector<std::uint8_t> steps_; ///< empty: the step itself
};

} // namespace bloch
