#include <algorithm>

#include <fmt/format.h>

#include "core/base/text.h"
#include "imaging/dicom/detail/object_lines.h"

namespace bloch::imaging {
namespace {

/// "6 MV photon"; of a beam that changes its energy "70 to 180.5 MeV proton".
std::string radiation_text(DcmItem& beam) {
  const std::string type = raw_value(beam, DCM_RadiationType);
  std::vector<double> energies;
  for (const DcmTagKey& points : {DCM_ControlPointSequence, DCM_IonControlPointSequence})
    for (DcmItem* point : items_of(beam, points))
      if (const auto energy = number_value(*point, DCM_NominalBeamEnergy)) energies.push_back(*energy);
  if (energies.empty()) return lower_case(type);
  const auto [least, most] = std::minmax_element(energies.begin(), energies.end());
  // Ions per nucleon (PS3.3 C.8.8.25); of protons that is the same.
  const char* unit = type == "PHOTON" ? "MV" : type == "ION" ? "MeV/u" : "MeV";
  const std::string range =
      *least < *most ? fmt::format("{} to {}", to_text(*least), to_text(*most)) : to_text(*most);
  return std::string(trimmed(fmt::format("{} {} {}", range, unit, lower_case(type))));
}

/// "6 MV photon, static, LINAC1".
std::string beam_text(DcmItem& beam, DcmItem& dataset) {
  DicomText text(beam, dataset);
  std::vector<std::string> parts;
  const auto add = [&parts](const std::string& part) {
    if (!part.empty()) parts.push_back(part);
  };
  add(radiation_text(beam));
  add(lower_case(raw_value(beam, DCM_BeamType)));
  add(lower_case(raw_value(beam, DCM_TreatmentDeliveryType)));
  add(text(DCM_TreatmentMachineName));
  return join(parts, ", ");
}

} // namespace

std::vector<ObjectLine> plan_lines(DcmItem& dataset) {
  DicomText header(dataset);
  std::vector<ObjectLine> lines;
  const auto add = [&lines](const std::string& name, const std::string& value, int depth = 0) {
    if (!value.empty()) lines.push_back({depth, name, value});
  };
  add("Label", header(DCM_RTPlanLabel));
  add("Name", header(DCM_RTPlanName));
  add("Description", header(DCM_RTPlanDescription));
  add("Date", spoken_date(raw_value(dataset, DCM_RTPlanDate)));
  add("Intent", lower_case(raw_value(dataset, DCM_PlanIntent)));
  add("Approval", lower_case(raw_value(dataset, DCM_ApprovalStatus)));
  for (DcmItem* dose : items_of(dataset, DCM_DoseReferenceSequence)) {
    const auto prescribed = number_value(*dose, DCM_TargetPrescriptionDose);
    if (!prescribed) continue;
    const std::string target = DicomText(*dose, dataset)(DCM_DoseReferenceDescription);
    add("Prescribed dose", fmt::format("{:.4g} Gy", *prescribed) + (target.empty() ? "" : " to " + target));
  }
  for (DcmItem* group : items_of(dataset, DCM_FractionGroupSequence))
    if (const int fractions = integer_value(*group, DCM_NumberOfFractionsPlanned); fractions > 0)
      add("Fractions", fmt::format("{}", fractions));
  auto beams = items_of(dataset, DCM_BeamSequence);
  for (DcmItem* beam : items_of(dataset, DCM_IonBeamSequence)) beams.push_back(beam);
  if (!beams.empty()) lines.push_back({0, "Beams", {}});
  for (DcmItem* beam : beams) {
    const std::string name = DicomText(*beam, dataset)(DCM_BeamName);
    add(name.empty() ? "Beam " + raw_value(*beam, DCM_BeamNumber) : name, beam_text(*beam, dataset), 1);
  }
  return lines;
}

} // namespace bloch::imaging
