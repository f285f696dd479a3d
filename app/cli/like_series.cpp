#include "app/cli/like_series.h"

#include <filesystem>
#include <utility>

namespace bloch::app {
namespace {

/// Path and UID; no UID where there is none.
std::pair<std::string, std::string> parts_of_like(const std::string& like) {
  const auto hash = like.rfind('#');
  if (hash == std::string::npos || std::filesystem::exists(like)) return {like, {}};
  return {like.substr(0, hash), like.substr(hash + 1)};
}

} // namespace

Result<imaging::OpenedImage> open_like_series(const std::string& like, const Progress& progress) {
  const auto [path, uid] = parts_of_like(like);
  return imaging::open_image(path, uid, progress);
}

Result<imaging::ChosenSeries> choose_like_series(const std::string& like, const Progress& progress) {
  const auto [path, uid] = parts_of_like(like);
  return imaging::choose_series(path, uid, progress);
}

void warn_of_another_patient(const Invocation& invocation, const PatientInfo& own, const PatientInfo& like) {
  const auto differ = [](const std::string& a, const std::string& b) {
    return !a.empty() && !b.empty() && a != b;
  };
  if (differ(own.name, like.name) || differ(own.id, like.id))
    invocation.warn(
        "the input is of another patient than --like: what is written says that it is of the patient "
        "of --like");
}

} // namespace bloch::app
