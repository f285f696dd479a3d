#include "app/desktop/demo_notice.h"
#include "app/desktop/session.h"

#include "core/base/file.h"
#include "core/base/version.h"
#include "imaging/demo/demo_study.h"

namespace bloch::app {
namespace {

/// Made once for each version: the same request gives the same bits.
std::filesystem::path demo_folder() { return cache_folder() / ("demo-" + std::string(version())); }

Result<imaging::DemoPlaces> find_or_make_demo(const Progress& progress) {
  const auto folder = demo_folder();
  const auto places = imaging::demo_places(folder);
  std::error_code code;
  if (!std::filesystem::exists(places.kspace, code)) {
    BLOCH_TRY(made, imaging::make_demo_study(folder, {}, progress));
    static_cast<void>(made);
  }
  return places;
}

} // namespace

void Session::open_demo() {
  jobs_.run<imaging::DemoPlaces>("Making the demo study", this, find_or_make_demo,
                                 [this](const imaging::DemoPlaces& places) {
                                   truth_to_open_ = places.truth;
                                   open_paths({places.series});
                                 });
}

QString demo_notice(const Item& item) {
  if (item.patient.name != "BLOCH^DEMO") return {};
  const auto bytes = read_file(imaging::demo_places(demo_folder()).notice, 1U << 16);
  if (!bytes) return {}; // the analytic head has none
  return QString::fromUtf8(reinterpret_cast<const char*>(bytes->data()), static_cast<qsizetype>(bytes->size()))
      .trimmed();
}

} // namespace bloch::app
