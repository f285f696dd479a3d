#include "app/bridge/background_filled.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <type_traits>
#include <utility>
#include <vector>

namespace bloch::app {
namespace {

/// Of one volume; nothing is kept alive by it.
struct FilledVolume {
  std::weak_ptr<const Volume> of, filled;
  ValueRange padding;
  bool needed = true;
};

std::shared_ptr<const Volume> fill_padding(const Volume& volume, const ValueRange& padding) {
  const ValueRange range = value_range(volume, padding);
  return volume.visit([&](auto samples) -> std::shared_ptr<const Volume> {
    using T = std::remove_cv_t<typename decltype(samples)::element_type>;
    const auto is_padding = [&](T sample) {
      const auto value = static_cast<double>(sample);
      return value >= padding.minimum && value <= padding.maximum;
    };
    const bool lighter =
        padding.minimum < range.maximum && std::any_of(samples.begin(), samples.end(), is_padding);
    if (!lighter) return nullptr;
    std::vector<T> filled(samples.begin(), samples.end());
    std::replace_if(filled.begin(), filled.end(), is_padding, static_cast<T>(range.maximum));
    return std::make_shared<const Volume>(volume.geometry(), std::move(filled));
  });
}

} // namespace

std::shared_ptr<const Volume> background_filled(const std::shared_ptr<const Volume>& volume,
                                                const ValueRange& padding) {
  static std::map<const Volume*, FilledVolume> known; // of the window's one thread
  std::erase_if(known, [](const auto& entry) { return entry.second.of.expired(); });
  FilledVolume& entry = known[volume.get()];
  const bool same = entry.of.lock() == volume && entry.padding == padding;
  if (same && !entry.needed) return nullptr;
  if (auto filled = entry.filled.lock(); same && filled) return filled;
  auto filled = fill_padding(*volume, padding);
  entry = {volume, filled, padding, filled != nullptr};
  return filled;
}

} // namespace bloch::app
