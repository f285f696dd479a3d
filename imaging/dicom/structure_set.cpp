#include <algorithm>
#include <map>

#include <dcmtk/dcmdata/dcvrds.h>
#include <fmt/format.h>

#include "imaging/adapters/dcmtk_dataset.h"
#include "imaging/dicom/objects.h"

namespace bloch::imaging {
namespace {

/// ContourData in time linear in its length; not all of it when a number is broken.
std::vector<WorldPoint> read_points(DcmItem& contour) {
  DcmElement* element = nullptr;
  OFVector<Float64> numbers;
  if (contour.findAndGetElement(DCM_ContourData, element).bad() || !element) return {};
  auto* decimals = dynamic_cast<DcmDecimalString*>(element);
  if (!decimals || decimals->getFloat64Vector(numbers).bad()) return {};
  std::vector<WorldPoint> points;
  for (std::size_t i = 0; i + 2 < numbers.size(); i += 3)
    points.push_back({Eigen::Vector3d(numbers[i], numbers[i + 1], numbers[i + 2])});
  return points;
}

void read_contours(DcmItem& item, ContourRegion& region) {
  const auto colour = number_values(item, DCM_ROIDisplayColor);
  for (std::size_t i = 0; colour.size() == 3 && i < 3; ++i)
    region.colour[i] = static_cast<std::uint8_t>(std::clamp(colour[i], 0.0, 255.0));
  for (DcmItem* one : items_of(item, DCM_ContourSequence)) {
    Contour contour;
    contour.points = read_points(*one);
    const std::string type = raw_value(*one, DCM_ContourGeometricType);
    contour.closed = type.starts_with("CLOSED") || type.empty();
    if (!contour.points.empty()) region.contours.push_back(std::move(contour));
  }
}

} // namespace

Result<StructureSet> read_structure_set(const std::filesystem::path& path) {
  BLOCH_TRY(file, open_dicom_file(path));
  DcmItem& dataset = file.dataset();
  DicomText text(dataset);
  StructureSet set;
  set.name = text(DCM_StructureSetLabel);
  if (DcmItem* frame = first_item(dataset, DCM_ReferencedFrameOfReferenceSequence))
    set.frame_of_reference_uid = raw_value(*frame, DCM_FrameOfReferenceUID);
  std::map<int, std::size_t> place;
  for (DcmItem* item : items_of(dataset, DCM_StructureSetROISequence)) {
    ContourRegion region;
    region.number = integer_value(*item, DCM_ROINumber, static_cast<int>(set.regions.size()) + 1);
    region.name = DicomText(*item, dataset)(DCM_ROIName);
    if (region.name.empty()) region.name = fmt::format("ROI {}", region.number);
    region.colour = default_colour(static_cast<int>(set.regions.size()) + 1);
    place.emplace(region.number, set.regions.size());
    set.regions.push_back(std::move(region));
  }
  const auto region_of = [&](DcmItem& item) -> ContourRegion* {
    const auto known = place.find(integer_value(item, DCM_ReferencedROINumber, -1));
    return known == place.end() ? nullptr : &set.regions[known->second];
  };
  for (DcmItem* item : items_of(dataset, DCM_ROIContourSequence))
    if (ContourRegion* region = region_of(*item)) read_contours(*item, *region);
  for (DcmItem* item : items_of(dataset, DCM_RTROIObservationsSequence))
    if (ContourRegion* region = region_of(*item)) region->type = raw_value(*item, DCM_RTROIInterpretedType);
  if (set.regions.empty())
    return failure(ErrorKind::malformed, "'" + path.string() + "' is a structure set without regions");
  return set;
}

} // namespace bloch::imaging
