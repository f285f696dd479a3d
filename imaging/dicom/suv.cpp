#include "imaging/dicom/detail/suv.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>

#include "core/base/text.h"
#include "imaging/adapters/dcmtk_dataset.h"

namespace bloch::imaging {
namespace {

tl::unexpected<Error> lacks(const char* what) { return failure(ErrorKind::unsupported, what); }

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// Seconds since 1970 of a DA and a TM value (PS3.5 6.2), without a time zone.
std::optional<double> seconds_of(const std::string& date, const std::string& time) {
  if (date.size() < 8 || !all_digits(date.substr(0, 8)) || time.size() < 4) return std::nullopt;
  const auto part = [&](const std::string& text, std::size_t begin) {
    return begin + 2 <= text.size() && all_digits(text.substr(begin, 2)) ? std::stoi(text.substr(begin, 2)) : 0;
  };
  if (!all_digits(time.substr(0, 4))) return std::nullopt;
  using namespace std::chrono;
  const year_month_day day(year(std::stoi(date.substr(0, 4))), month(static_cast<unsigned>(part(date, 4))),
                           std::chrono::day(static_cast<unsigned>(part(date, 6))));
  if (!day.ok()) return std::nullopt;
  const auto fraction = time.size() > 6 && time[6] == '.' ? to_number("0" + time.substr(6)) : std::nullopt;
  const double days = static_cast<double>(sys_days(day).time_since_epoch().count());
  return days * 86400 + part(time, 0) * 3600 + part(time, 2) * 60 + part(time, 4) + fraction.value_or(0);
}

/// When the counts that decay correction refers to were measured.
std::optional<double> scan_time(DcmItem& dataset) {
  const auto series = seconds_of(raw_value(dataset, DCM_SeriesDate), raw_value(dataset, DCM_SeriesTime));
  const auto acquired =
      seconds_of(raw_value(dataset, DCM_AcquisitionDate), raw_value(dataset, DCM_AcquisitionTime));
  if (series && acquired) return std::min(*series, *acquired); // a series that was made later has a later time
  return series ? series : acquired;
}

std::optional<double> injection_time(DcmItem& dataset, DcmItem& drug) {
  const std::string whole = raw_value(drug, DCM_RadiopharmaceuticalStartDateTime);
  if (whole.size() >= 12) return seconds_of(whole.substr(0, 8), whole.substr(8));
  std::string date = raw_value(dataset, DCM_SeriesDate);
  if (date.empty()) date = raw_value(dataset, DCM_AcquisitionDate);
  return seconds_of(date, raw_value(drug, DCM_RadiopharmaceuticalStartTime));
}

/// Dose that is left when the scan begins, as its decay correction needs it.
Result<double> dose_at_scan(DcmItem& dataset) {
  DcmItem* drug = first_item(dataset, DCM_RadiopharmaceuticalInformationSequence);
  if (!drug) return lacks("the radiopharmaceutical is not described");
  const auto dose = number_value(*drug, DCM_RadionuclideTotalDose);
  if (!dose || !(*dose > 0)) return lacks("the injected dose is not given");
  const std::string correction = raw_value(dataset, DCM_DecayCorrection);
  if (correction == "ADMIN") return *dose;
  if (correction != "START") return lacks("the values are not corrected for decay");
  const auto half_life = number_value(*drug, DCM_RadionuclideHalfLife);
  if (!half_life || !(*half_life > 0)) return lacks("the half-life of the nuclide is not given");
  const auto scan = scan_time(dataset);
  const auto injection = injection_time(dataset, *drug);
  if (!scan || !injection) return lacks("the times of injection and scan are not given");
  const double elapsed = *scan - *injection;
  if (elapsed < 0 || elapsed > 20 * *half_life) return lacks("the injection does not lie before the scan");
  return *dose * std::exp2(-elapsed / *half_life);
}

} // namespace

Result<double> read_suv_factor(DcmItem& dataset) {
  const std::string unit = raw_value(dataset, DCM_Units);
  if (unit == "GML") return 1.0;
  if (unit == "CNTS") {
    const auto factor = number_value(dataset, DcmTagKey(0x7053, 0x1000)); // Philips
    if (factor && *factor > 0) return *factor;
    return lacks("the values are counts");
  }
  if (unit != "BQML") return lacks("the values are neither Bq/ml nor g/ml");
  const auto weight = number_value(dataset, DCM_PatientWeight);
  if (!weight || !(*weight > 0)) return lacks("the patient's weight is not given");
  const auto corrections = raw_values(dataset, DCM_CorrectedImage);
  const auto corrected = [&](const char* what) {
    return std::find(corrections.begin(), corrections.end(), what) != corrections.end();
  };
  if (!corrected("ATTN")) return lacks("the values are not corrected for attenuation");
  BLOCH_TRY(dose, dose_at_scan(dataset));
  return *weight * 1000 / dose;
}

} // namespace bloch::imaging
