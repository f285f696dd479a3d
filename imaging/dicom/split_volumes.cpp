#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "imaging/dicom/detail/stack.h"

namespace bloch::imaging {
namespace {

using Places = std::vector<std::vector<ImageRef>>;
using KeyPair = std::pair<VolumeKey, VolumeKey>;

class VolumeSplitter {
 public:
  VolumeSplitter(std::span<const Instance> instances, const Places& places)
      : instances_(instances)
      , places_(places) {
    for (const auto& place : places_) most_ = std::max(most_, place.size());
    even_ = std::all_of(places_.begin(), places_.end(),
                        [this](const auto& place) { return place.size() == most_; });
  }

  Volumes split() const {
    if (most_ == 1) return one_each();
    const KeyPair diffusion{VolumeKey::b_value,
                            VolumeKey::gradient}; // a gradient says little without its b-value
    if (varies(VolumeKey::b_value) && varies(VolumeKey::gradient))
      if (auto volumes = by_keys(diffusion)) return *volumes;
    for (const KeyPair& keys : candidates())
      if (auto volumes = by_keys(keys)) return *volumes;
    return even_ ? by_order() : without_duplicates();
  }

 private:
  /// Each key that varies, then each pair of them.
  std::vector<KeyPair> candidates() const {
    std::vector<VolumeKey> varying;
    for (std::size_t i = 0; i < volume_key_count; ++i)
      if (varies(static_cast<VolumeKey>(i))) varying.push_back(static_cast<VolumeKey>(i));
    std::vector<KeyPair> pairs;
    for (const VolumeKey one : varying) pairs.emplace_back(one, VolumeKey::count);
    for (std::size_t i = 0; i < varying.size(); ++i)
      for (std::size_t j = i + 1; j < varying.size(); ++j) pairs.emplace_back(varying[i], varying[j]);
    return pairs;
  }

  bool varies(VolumeKey which) const {
    const std::string& first = key(places_.front().front(), which);
    return std::any_of(places_.begin(), places_.end(), [&](const auto& place) {
      return std::any_of(place.begin(), place.end(),
                         [&](const ImageRef& image) { return key(image, which) != first; });
    });
  }

  const std::string& key(const ImageRef& image, VolumeKey key) const {
    return instances_[image.instance].frames[image.frame].keys[static_cast<std::size_t>(key)];
  }

  std::string value(const ImageRef& image, const KeyPair& keys) const {
    std::string text = key(image, keys.first);
    if (keys.second != VolumeKey::count) text += '\n' + key(image, keys.second);
    return text;
  }

  std::string label(const ImageRef& image, const KeyPair& keys) const {
    std::string text;
    for (const VolumeKey one : {keys.first, keys.second}) {
      if (one == VolumeKey::count) continue;
      const std::string& shown = key(image, one);
      text += (text.empty() ? "" : ", ") + std::string(volume_key_name(one)) + ' ' +
              (shown.empty() ? "none" : shown + volume_key_unit(one));
    }
    return text;
  }

  /// Whether these keys tell apart the images at every place; the volumes are those that have an image at each
  /// place.
  std::optional<Volumes> by_keys(const KeyPair& keys) const {
    std::vector<std::string>
        order; // of first appearance at the fullest place, which is the order of acquisition
    std::map<std::string, std::vector<ImageRef>> groups;
    for (const auto& place : places_) {
      std::set<std::string> seen;
      for (const ImageRef& image : place) {
        const std::string text = value(image, keys);
        if (!seen.insert(text).second) return std::nullopt;
        if (groups[text].empty()) order.push_back(text);
        groups[text].push_back(image);
      }
    }
    if (groups.size() < 2) return std::nullopt;
    Volumes result;
    for (const std::string& text : order) {
      auto& images = groups[text];
      if (images.size() == places_.size()) {
        result.labels.push_back(label(images.front(), keys));
        result.volumes.push_back(std::move(images));
      } else {
        result.left_out.insert(result.left_out.end(), images.begin(), images.end());
      }
    }
    const std::size_t left_over = result.left_out.size();
    if (result.volumes.empty() || (even_ && left_over > 0)) return std::nullopt;
    if (left_over > 0)
      result.warnings.push_back(
          {"incomplete-volume",
           fmt::format("{} images belong to volumes that are not complete; they are left out", left_over)});
    std::string by = volume_key_name(keys.first);
    if (keys.second != VolumeKey::count) by += std::string(" and ") + volume_key_name(keys.second);
    note_several(result, by);
    result.key = keys.first;
    return result;
  }

  Volumes by_order() const {
    Volumes result;
    for (std::size_t volume = 0; volume < most_; ++volume) {
      auto& images = result.volumes.emplace_back();
      for (const auto& place : places_) images.push_back(place[volume]);
      result.labels.push_back(fmt::format("volume {}", volume + 1));
    }
    note_several(result, "instance number");
    return result;
  }

  Volumes without_duplicates() const {
    Volumes result = one_each();
    for (const auto& place : places_)
      result.left_out.insert(result.left_out.end(), place.begin() + 1, place.end());
    result.warnings.push_back(
        {"duplicate-slices",
         fmt::format("{} images lie where another image lies already; the first at each position is used",
                     result.left_out.size())});
    return result;
  }

  Volumes one_each() const {
    Volumes result;
    auto& images = result.volumes.emplace_back();
    for (const auto& place : places_) images.push_back(place.front());
    return result;
  }

  void note_several(Volumes& result, const std::string& by) const {
    if (result.volumes.size() < 2) {
      result.labels.clear();
      return;
    }
    result.split_by = by;
    result.warnings.push_back(
        {"several-volumes",
         fmt::format(
             "{} volumes of {} slices each, told apart by {}; the first is shown unless another is asked for",
             result.volumes.size(), places_.size(), by)});
  }

  std::span<const Instance> instances_;
  const Places& places_;
  std::size_t most_ = 0;
  bool even_ = true;
};

} // namespace

Volumes split_volumes(std::span<const Instance> instances, const Places& places) {
  return VolumeSplitter(instances, places).split();
}

} // namespace bloch::imaging
