#include <string>

#include <nlohmann/json.hpp>

#include "imaging/dicom/scan.h"

namespace bloch::imaging {
namespace {

using Json = nlohmann::ordered_json;

Json geometry_json(const std::optional<VolumeGeometry>& geometry) {
  if (!geometry) return nullptr;
  Json direction = Json::array();
  for (int row = 0; row < 3; ++row)
    for (int column = 0; column < 3; ++column) direction.push_back(geometry->direction(row, column));
  const Eigen::Vector3d& spacing = geometry->spacing_mm;
  const Eigen::Vector3d& origin = geometry->origin.mm;
  return {{"size", geometry->size},
          {"spacing_mm", {spacing[0], spacing[1], spacing[2]}},
          {"origin_mm", {origin[0], origin[1], origin[2]}},
          {"direction", std::move(direction)}};
}

Json origins_json(const std::vector<WorldPoint>& origins) {
  Json json = Json::array();
  for (const WorldPoint& origin : origins) json.push_back({origin.mm[0], origin.mm[1], origin.mm[2]});
  return json;
}

Json windows_json(const std::vector<WindowLevel>& windows) {
  Json json = Json::array();
  for (const WindowLevel& window : windows)
    json.push_back({{"width", window.width},
                    {"level", window.level},
                    {"function", window_function_name(window.function)},
                    {"name", window.name}});
  return json;
}

Json values_json(const std::array<std::optional<double>, 2>& values) {
  Json json = Json::array();
  for (const auto& value : values) json.push_back(value ? Json(*value) : Json());
  return json;
}

Json regions_json(const std::vector<UltrasoundRegion>& regions) {
  Json json = Json::array();
  for (const UltrasoundRegion& region : regions)
    json.push_back({{"kind", region_kind(region)},
                    {"files", {region.first_file, region.last_file}},
                    {"first", region.first},
                    {"last", region.last},
                    {"units", {region_unit(region.units[0]), region_unit(region.units[1])}},
                    {"delta", region.delta},
                    {"first_values", values_json(region.at_first)}});
  return json;
}

Json series_json(const SeriesInfo& series) {
  Json warnings = Json::array();
  for (const Warning& warning : series.warnings)
    warnings.push_back({{"kind", warning.kind}, {"message", warning.message}});
  Json json{{"uid", series.uid},
            {"modality", series.modality},
            {"description", series.description},
            {"number", series.number},
            {"instances", series.instances},
            {"frames", series.frames},
            {"transfer_syntax", series.transfer_syntax},
            {"sop_class", series.sop_class_uid},
            {"geometry", geometry_json(series.geometry)}};
  if (!series.part.empty()) json["part"] = series.part;
  if (series.colour) json["colour"] = true;
  if (series.inverse) json["presentation_lut_shape"] = "INVERSE";
  if (!series.windows.empty()) json["windows"] = windows_json(series.windows);
  if (series.overlays > 0) json["overlay_planes"] = series.overlays;
  if (series.suv_factor > 0) json["suv_factor"] = series.suv_factor;
  if (series.volumes > 1) {
    json["volumes"] = series.volume_labels;
    json["split_by"] = series.split_by;
  }
  if (!series.left_out.empty()) json["left_out"] = series.left_out.size();
  if (!series.slice_origins.empty()) json["slice_origins_mm"] = origins_json(series.slice_origins);
  if (!series.value_unit.empty()) json["unit"] = series.value_unit;
  if (!series.regions.empty()) {
    json["ultrasound_regions"] = regions_json(series.regions);
    const auto size = common_pixel_size_mm(series.regions);
    json["region_pixel_size_mm"] = size ? Json(*size) : Json(nullptr);
  }
  json["warnings"] = std::move(warnings);
  return json;
}

Json object_json(const ObjectInfo& object) {
  Json references = Json::array();
  for (const ObjectReference& reference : object.references)
    references.push_back({{"series", reference.series_uid}, {"instances", reference.instance_uids}});
  return {{"uid", object.uid},
          {"series_uid", object.series_uid},
          {"kind", object_kind_name(object.kind)},
          {"name", object.name},
          {"modality", object.modality},
          {"description", object.description},
          {"number", object.number},
          {"sop_class", object.sop_class_uid},
          {"transfer_syntax", object.transfer_syntax},
          {"path", object.path.string()},
          {"parts", object.parts},
          {"references", std::move(references)}};
}

Json kspace_json(const KSpaceSize& size) {
  return {{"size", {size.kx, size.ky, size.kz}}, {"coils", size.coils}, {"slices", size.slices}};
}

Json raw_data_json(const RawDataInfo& info) {
  Json parts = Json::array();
  for (const RawDataInfo::Part& part : info.parts) {
    parts.push_back(kspace_json(part.size));
    if (!part.name.empty()) parts.back()["part"] = part.name;
  }
  Json json{{"path", info.path.string()},
            {"format", info.format},
            {"kspace", std::move(parts)},
            {"parts", info.part_count},
            {"axes", info.axes.empty() ? Json() : Json(info.axes)},
            {"ambiguous", info.is_ambiguous()}};
  if (!info.array.empty()) json["array"] = info.array;
  if (!info.refusal.empty()) json["refusal"] = info.refusal;
  if (info.without_coil_axis) json["coil_axis_none"] = kspace_json(*info.without_coil_axis);
  if (info.maps) {
    json["maps"] = {{"size", info.maps->size}, {"coils", info.maps->coils}, {"sets", info.maps->sets}};
    if (!info.maps->array.empty()) json["maps"]["array"] = info.maps->array;
  }
  if (info.image) {
    json["image"] = {{"size", info.image->size}};
    if (!info.image->array.empty()) json["image"]["array"] = info.image->array;
  }
  json["notes"] = info.notes;
  if (!info.simulated.empty()) json["simulated"] = info.simulated;
  return json;
}

} // namespace

std::string to_json(const StudyIndex& index) {
  Json patients = Json::array();
  for (const PatientInfo& patient : index.patients) {
    Json studies = Json::array();
    for (const StudyInfo& study : patient.studies) {
      Json all = Json::array();
      for (const SeriesInfo& series : study.series) all.push_back(series_json(series));
      Json objects = Json::array();
      for (const ObjectInfo& object : study.objects) objects.push_back(object_json(object));
      studies.push_back({{"uid", study.uid},
                         {"date", study.date},
                         {"description", study.description},
                         {"series", std::move(all)},
                         {"objects", std::move(objects)}});
    }
    patients.push_back({{"name", patient.name}, {"id", patient.id}, {"studies", std::move(studies)}});
  }
  Json rejected = Json::array();
  for (const RejectedFile& file : index.rejected)
    rejected.push_back({{"path", file.path.string()}, {"reason", file.reason}});
  Json raw_data = Json::array();
  for (const RawDataInfo& info : index.raw_data) raw_data.push_back(raw_data_json(info));
  const Json json{
      {"patients", std::move(patients)}, {"raw_data", std::move(raw_data)}, {"rejected", std::move(rejected)}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

} // namespace bloch::imaging
