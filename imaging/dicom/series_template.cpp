#include "imaging/dicom/detail/series_template.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <Eigen/LU>
#include <fmt/format.h>

#include "core/base/text.h"
#include "core/base/version.h"
#include "imaging/parallel/parallel_for.h"

namespace bloch::imaging {
namespace {

/// SOP instances and positions of the source, for SourceImageSequence; those that cannot be read any more are
/// left out.
std::vector<SourceImage> source_images(const SeriesInfo& series) {
  std::vector<std::vector<SourceImage>> found(series.files.size());
  parallel_for(0, found.size(), [&](std::size_t i) {
    const auto instance = read_instance(series.files[i]);
    if (!instance || instance->sop_instance_uid.empty() || instance->mosaic) return;
    for (const FrameHeader& frame : instance->frames)
      if (frame.position) found[i].push_back(source_image(*instance, frame));
  });
  std::vector<SourceImage> images;
  for (auto& part : found) images.insert(images.end(), part.begin(), part.end());
  return images;
}

/// BurnedInAnnotation of what is made from all images of a series: YES when one of them says so, NO when all
/// do.
std::string burned_in(const SeriesInfo& series) {
  std::vector<std::string> says(series.files.size());
  parallel_for(0, says.size(), [&](std::size_t i) {
    if (const auto instance = read_instance(series.files[i])) says[i] = instance->burned_in;
  });
  if (std::find(says.begin(), says.end(), "YES") != says.end()) return "YES";
  return !says.empty() && std::all_of(says.begin(), says.end(), [](const auto& one) { return one == "NO"; })
             ? "NO"
             : "";
}

/// Header of one image of the source; nullptr when there is none or it is no DICOM.
std::shared_ptr<DcmDataset> source_header(const SeriesInfo& series) {
  if (series.files.empty()) return nullptr;
  auto file = open_dicom_file(series.files.front());
  if (!file) return nullptr;
  return std::shared_ptr<DcmDataset>(file->format->getAndRemoveDataset());
}

/// from: what the images are made from; place: the series of the study that they go into
void describe_derived(SeriesTemplate& target, const SeriesInfo& from, const SeriesInfo& place,
                      const DerivedSeries& derived) {
  SeriesInfo& series = target.series;
  series = from;
  series.uid = new_uid();
  series.number = derived.series_number != 0 ? derived.series_number : place.number + 100;
  series.frame_of_reference_uid = place.frame_of_reference_uid;
  series.description = derived.description;
  series.modality = !derived.modality.empty() ? derived.modality
                    : !from.modality.empty()  ? from.modality
                                              : "OT";
  series.image_type = {"DERIVED", "SECONDARY"};
  series.image_type.insert(series.image_type.end(), derived.image_type_extra.begin(),
                           derived.image_type_extra.end());
  if (derived.image_type_extra.empty())
    series.image_type.push_back(series.modality == "CT" ? "AXIAL" : "OTHER");
  series.inverse = derived.inverse.value_or(from.inverse);
  series.windows.clear();
  series.date.clear();
  series.time.clear();
  if (!derived.frame_of_reference_uid.empty()) series.frame_of_reference_uid = derived.frame_of_reference_uid;
  if (series.frame_of_reference_uid.empty()) series.frame_of_reference_uid = new_uid();
}

std::vector<UltrasoundRegion> regions_on(const SeriesInfo& series, int file) {
  std::vector<UltrasoundRegion> found;
  for (UltrasoundRegion region : series.regions) {
    if (file < region.first_file || file > region.last_file) continue;
    region.first_file = region.last_file = 0;
    found.push_back(region);
  }
  return found;
}

/// What the images were read from, where that is a DICOM series of its own.
struct OwnSource {
  const SeriesInfo* series = nullptr; ///< nullptr: --like, or nothing, says everything
  std::shared_ptr<DcmDataset> header;
};

OwnSource own_source(const SeriesPlace& source, const DerivedSeries& derived) {
  if (!derived.made_from || derived.made_from == source.series) return {};
  OwnSource own{derived.made_from, source_header(*derived.made_from)};
  return own.header ? own : OwnSource{};
}

/// The device, institution, part of the body and technique are those of the images; size and weight of the
/// patient (Patient Study, PS3.3 C.7.2.2) those of the study that they go into.
void take_acquisition(SeriesTemplate& target, const OwnSource& own, DcmDataset* study_header) {
  DicomText text(*own.header);
  target.study.institution = text(DCM_InstitutionName);
  for (const DcmTagKey& tag : {DCM_PatientSize, DCM_PatientWeight}) {
    own.header->findAndDeleteElement(tag);
    if (study_header) study_header->findAndInsertCopyOfElement(tag, own.header.get());
  }
}

Error off_grid(const std::string& what) {
  return {ErrorKind::unsupported,
          "the slices it was made from lean, are missing or are unevenly spaced, and " + what +
              ": resample the series to a true grid first (convert --resample auto; in the window, \"Resample "
              "to a true grid\")"};
}

/// Places of the slices of a volume that lies on the grid of a series or on a part of it.
/// errors: unsupported (its slices are none of the series)
Result<std::vector<WorldPoint>> places_in(const SeriesInfo& series, const VolumeGeometry& geometry) {
  std::vector<WorldPoint> places;
  if (series.slice_origins.empty() || !series.geometry) return places;
  const VolumeGeometry& grid = *series.geometry;
  const bool parallel = std::abs(geometry.direction.col(2).dot(grid.direction.col(2))) > 1 - 1e-6;
  for (int z = 0; z < geometry.size[2]; ++z) {
    const Eigen::Vector3d voxel = grid.to_voxel(geometry.to_world({Eigen::Vector3d(0, 0, z)})).index;
    const double slice = std::round(voxel[2]);
    const bool known = slice >= 0 && slice < static_cast<double>(series.slice_origins.size());
    if (!parallel || !known || std::abs(voxel[2] - slice) > 0.01)
      return failure(off_grid("what is written lies between them"));
    places.push_back({series.slice_origins[static_cast<std::size_t>(slice)].mm +
                      grid.direction.col(0) * (voxel[0] * grid.spacing_mm[0]) +
                      grid.direction.col(1) * (voxel[1] * grid.spacing_mm[1])});
  }
  return places;
}

/// known: the series of the study; an image file has no places but those of the series that it was put on.
Result<std::vector<WorldPoint>> slice_places(const VolumeGeometry& geometry, const SeriesInfo& known,
                                             const SeriesInfo* made_from) {
  if (!made_from) return places_in(known, geometry);
  if (!made_from->images.empty() || !made_from->slice_origins.empty()) return places_in(*made_from, geometry);
  if (known.geometry && known.geometry->matches(geometry)) return places_in(known, geometry);
  return std::vector<WorldPoint>();
}

} // namespace

WorldPoint SeriesTemplate::origin_of(const VolumeGeometry& geometry, int z) const {
  if (slice_origins.empty()) return geometry.to_world({Eigen::Vector3d(0, 0, z)});
  return slice_origins[static_cast<std::size_t>(z)];
}

Result<void> check_on_grid(const SeriesTemplate& series) {
  if (series.slice_origins.empty()) return {};
  return failure(off_grid("a segmentation needs one grid for all of its frames"));
}

Result<void> check_volume(const VolumeGeometry& geometry) {
  if (!geometry.is_valid())
    return failure(ErrorKind::invalid_parameter,
                   "the volume has no valid geometry; DICOM needs positive spacing and perpendicular axes");
  if (geometry.direction.determinant() < 0)
    return failure(ErrorKind::invalid_parameter,
                   "the volume's axes are left-handed, which DICOM cannot write slice by slice");
  if (geometry.size[0] > 65535 || geometry.size[1] > 65535)
    return failure(ErrorKind::invalid_parameter, "DICOM images have at most 65535 rows and columns");
  return {};
}

std::vector<std::filesystem::path> region_files(const SeriesInfo& series, const VolumeGeometry& geometry) {
  const auto slices = static_cast<std::size_t>(geometry.size[2]);
  // A sequence of images that lie nowhere has no grid but their pixels, which are compared image by image.
  const bool same = series.geometry ? series.geometry->matches(geometry) : series.images.size() == slices;
  if (series.regions.empty() || !same) return {};
  std::vector<std::filesystem::path> files(slices);
  for (std::size_t i = 0; i < series.images.size(); ++i) {
    const int file = series.images[i].file;
    std::filesystem::path& chosen = files[i % slices];
    const bool first = i < slices;
    if (first)
      chosen = series.files[static_cast<std::size_t>(file)];
    else if (!chosen.empty() && regions_on(series, file) != regions_on(series, series.images[i % slices].file))
      chosen.clear();
  }
  return files;
}

SourceImage source_image(const Instance& instance, const FrameHeader& frame) {
  return {instance.series.sop_class_uid, instance.sop_instance_uid,
          instance.frames.size() > 1 ? frame.number + 1 : 0, frame.position.value_or(Eigen::Vector3d::Zero())};
}

std::string comments_of(const std::string& given) {
  if (lower_case(given).find("not for diagnos") != std::string::npos) return given;
  return given.empty() ? "not for diagnostic use" : given + "; not for diagnostic use";
}

Result<void> fill_template(SeriesTemplate& target, const VolumeGeometry& geometry, const SeriesPlace& source,
                           const DerivedSeries& derived) {
  BLOCH_CHECK(prepare_dcmtk());
  BLOCH_CHECK(check_volume(geometry));
  if (source.patient) target.patient = *source.patient;
  if (source.study) target.study = *source.study;
  if (target.study.uid.empty()) target.study.uid = new_uid();
  const SeriesInfo known = source.series ? *source.series : SeriesInfo{};
  const OwnSource own = own_source(source, derived);
  const SeriesInfo& from = own.series ? *own.series : known;
  BLOCH_TRY(places, slice_places(geometry, known, derived.made_from));
  target.slice_origins = std::move(places);
  describe_derived(target, from, known, derived);
  target.derivation_description = derived.derivation_description.empty()
                                      ? fmt::format("made by Bloch {}", version())
                                      : derived.derivation_description;
  target.image_comments = comments_of(derived.image_comments);
  target.quantity = derived.quantity;
  target.burned_in = burned_in(derived.made_from ? *derived.made_from : known);
  target.region_files = region_files(from, geometry);
  const auto study_header = source_header(known);
  target.source = own.series ? own.header : study_header;
  if (own.series) take_acquisition(target, own, study_header.get());
  if (!target.source) return {};
  target.stated_thickness_mm = number_value(*target.source, DCM_SliceThickness).value_or(0);
  target.source_series_uid = series_instance_uid(from);
  target.source_study_uid = raw_value(*target.source, DCM_StudyInstanceUID);
  // Places of two frames of reference say nothing about each other: an image that was put where --like lies has
  // its places from there, whatever its own header says.
  const std::string& frame = derived.frame_of_reference_uid;
  if (frame.empty() ||
      frame == (own.series ? raw_value(*own.header, DCM_FrameOfReferenceUID) : known.frame_of_reference_uid))
    target.source_images = source_images(from);
  return {};
}

} // namespace bloch::imaging
