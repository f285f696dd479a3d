#include "imaging/demo/demo_study.h"

#include <algorithm>
#include <cmath>

#include "core/base/file.h"
#include "core/base/text.h"
#include "core/base/version.h"
#include "imaging/dicom/write_series.h"
#include "imaging/io/image_file.h"
#include "imaging/io/kspace_file.h"
#include "imaging/operators/mask.h"
#include "imaging/phantom/lesions.h"
#include "imaging/recon/simulate.h"

namespace bloch::imaging {
namespace {

Result<HeadImage> demo_head(const DemoStudyRequest& request, const Progress& progress) {
  const bool colin =
      request.source == DemoSource::colin27 || (request.source == DemoSource::automatic && has_colin27());
  if (colin) return load_colin27({request.matrix, request.matrix});
  HeadPhantomRequest phantom;
  phantom.size = {request.matrix, request.matrix, request.slices};
  phantom.spacing_mm = request.spacing_mm;
  phantom.seed = request.seed;
  return make_head_phantom(phantom, progress);
}

/// Slices 3 mm apart from just below the lesions to just above them.
std::vector<int> choose_slices(const VolumeGeometry& geometry, int count) {
  constexpr double first_mm = 5;
  constexpr double step_mm = 3;
  std::vector<int> slices;
  const double spacing = geometry.spacing_mm[2];
  const int step = std::max(1, static_cast<int>(std::lround(step_mm / spacing)));
  int z = static_cast<int>(std::lround((first_mm - geometry.origin.mm[2]) / spacing));
  z = std::clamp(z, 0, std::max(0, geometry.size[2] - 1 - (count - 1) * step));
  for (int i = 0; i < count && z < geometry.size[2]; ++i, z += step) slices.push_back(z);
  return slices;
}

Volume slices_of(const Volume& volume, const std::vector<int>& slices) {
  VolumeGeometry geometry = volume.geometry();
  geometry.size[2] = static_cast<int>(slices.size());
  geometry.origin = volume.geometry().to_world({{0, 0, static_cast<double>(slices.front())}});
  if (slices.size() > 1) geometry.spacing_mm[2] *= slices[1] - slices[0];
  std::vector<float> samples;
  samples.reserve(geometry.voxel_count());
  for (const int z : slices) {
    const std::vector<float> slice = slice_to_float(volume, z);
    samples.insert(samples.end(), slice.begin(), slice.end());
  }
  return Volume(geometry, std::move(samples));
}

void describe(DemoStudy& demo) {
  demo.patient.name = "BLOCH^DEMO";
  demo.patient.id = "BLOCH-DEMO";
  demo.patient.sex = "O";
  demo.study.uid = new_uid();
  demo.study.id = "1";
  demo.study.date = "20260101";
  demo.study.time = "120000";
  demo.study.description = "Bloch demo study, not for diagnostic use";
  demo.series_info.uid = new_uid();
  demo.series_info.modality = "MR";
  demo.series_info.number = 1;
  demo.series_info.description = "T1 head, simulated lesions";
  demo.series_info.protocol = demo.head_name;
  demo.series_info.body_part = "HEAD";
  demo.series_info.date = demo.study.date;
  demo.series_info.time = demo.study.time;
  demo.series_info.manufacturer = std::string("Bloch ") + version();
  demo.series_info.frame_of_reference_uid = new_uid();
  demo.series_info.image_type = {"ORIGINAL", "PRIMARY", "OTHER", "SIMULATED"};
  demo.series_info.geometry = demo.volume.geometry();
}

Result<KSpace> demo_kspace(const DemoStudy& demo, const DemoStudyRequest& request) {
  SimulationRequest simulation;
  simulation.coils = request.coils;
  simulation.noise = request.noise;
  simulation.seed = request.seed;
  const int last = demo.kspace_reference.geometry().size[2] - 1;
  const KSpace full = simulate_kspace(demo.kspace_reference, 0, last, simulation);
  MaskRequest wanted;
  wanted.kind = "variable-density-lines";
  wanted.accel = request.acceleration;
  wanted.acs = request.calibration_lines;
  wanted.seed = request.seed;
  BLOCH_TRY(mask, make_mask({request.matrix, request.matrix, 1}, wanted));
  KSpace kspace = under_sample(full, mask);
  kspace.geometry = demo.kspace_reference.geometry();
  return kspace;
}

Result<void> write_parts(const DemoStudy& demo, const DemoPlaces& places, const DemoStudyRequest& request,
                         const Progress& progress) {
  BLOCH_CHECK(write_original_series(places.series, demo.volume, demo.patient, demo.study, demo.series_info,
                                    progress.child(0, 0.6, "series")));
  BLOCH_CHECK(write_label_map(places.truth, demo.truth_map));
  BLOCH_CHECK(write_label_map(places.brain, demo.brain_map));
  progress.report(0.7);
  if (progress.cancelled()) return failure(ErrorKind::cancelled, "making the demo study was stopped");
  BLOCH_TRY(kspace, demo_kspace(demo, request));
  progress.report(0.85);
  BLOCH_CHECK(write_kspace(places.kspace, kspace));
  if (!demo.notice.empty()) BLOCH_CHECK(write_file(places.notice, demo.notice + "\n"));
  progress.report(1);
  return {};
}

} // namespace

Result<DemoSource> parse_demo_source(std::string_view text) {
  const std::vector<std::string> names{"auto", "colin27", "analytic"};
  for (std::size_t i = 0; i < names.size(); ++i)
    if (text == names[i]) return static_cast<DemoSource>(i);
  return failure(ErrorKind::invalid_parameter,
                 "there is no demo source '" + std::string(text) + "'" + suggestion(text, names));
}

DemoPlaces demo_places(const std::filesystem::path& folder) {
  return {folder / "series", folder / "truth.nii.gz", folder / "brain.nii.gz", folder / "kspace.h5",
          folder / "NOTICE.txt"};
}

Result<DemoStudy> make_demo_study(const std::filesystem::path& folder, const DemoStudyRequest& request,
                                  const Progress& progress) {
  BLOCH_TRY(head, demo_head(request, progress.child(0, 0.25, "head")));
  const std::vector<Lesion> lesions = demo_lesions();
  LesionedHead lesioned = implant_lesions(head, lesions, request.seed);
  const std::vector<int> slices = choose_slices(head.volume.geometry(), request.kspace_slices);
  const DemoPlaces places = demo_places(folder);
  DemoStudy demo{.series = places.series,
                 .truth = places.truth,
                 .brain = places.brain,
                 .kspace = places.kspace,
                 .head_name = head.name,
                 .notice = head.notice,
                 .volume = lesioned.volume,
                 .truth_map = lesioned.truth,
                 .brain_map = head.brain,
                 .kspace_reference = slices_of(lesioned.volume, slices),
                 .kspace_slices = slices,
                 .lesions = {},
                 .patient = {},
                 .study = {},
                 .series_info = {}};
  for (const Lesion& lesion : lesions) demo.lesions.push_back(lesion.name);
  describe(demo);
  BLOCH_CHECK(write_folder(folder, [&](const std::filesystem::path& beside) {
    return write_parts(demo, demo_places(beside), request, progress.child(0.25, 1, "write"));
  }));
  return demo;
}

} // namespace bloch::imaging
