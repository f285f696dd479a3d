#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/data/label_map.h"
#include "core/data/study.h"
#include "core/data/volume.h"
#include "core/jobs/progress.h"

namespace bloch::imaging {

enum class DemoSource {
  automatic, ///< Colin 27 when it is installed, else the analytic head
  colin27,
  analytic
};

/// Reads "auto", "colin27", "analytic". Errors: invalid_parameter.
Result<DemoSource> parse_demo_source(std::string_view text);

struct DemoStudyRequest {
  DemoSource source = DemoSource::automatic;
  int matrix = 256;      ///< of the slices and of k-space
  double spacing_mm = 1; ///< of the analytic head; Colin 27 has 1 mm
  int slices = 176;      ///< of the analytic head; Colin 27 has 181
  int kspace_slices = 12;
  double acceleration = 4; ///< variable-density lines
  int calibration_lines = 24;
  int coils = 8;
  double noise = 0.006; ///< of the simulated k-space, over the image's maximum
  int seed = 1;
};

/// Where things lie in a demo study's folder, and what they hold.
struct DemoStudy {
  std::filesystem::path series; ///< folder of DICOM files of BLOCH^DEMO
  std::filesystem::path truth;  ///< NIfTI labels of the implanted lesions, on the series' grid
  std::filesystem::path brain;  ///< NIfTI brain mask, on the series' grid
  std::filesystem::path kspace; ///< ISMRMRD
  std::string head_name;        ///< "Colin 27", "analytic head"
  std::string notice;           ///< copyright notice to show with every picture; empty for the analytic head
  Volume volume;
  LabelMap truth_map;
  LabelMap brain_map;
  Volume kspace_reference;          ///< the slices that k-space was made from, on k-space's grid
  std::vector<int> kspace_slices;   ///< z in the series
  std::vector<std::string> lesions; ///< name of each label, from 1 on
  PatientInfo patient;
  StudyInfo study;
  SeriesInfo series_info;
};

/// The places that make_demo_study writes, for somebody who finds the folder written already.
struct DemoPlaces {
  std::filesystem::path series, truth, brain, kspace, notice;
};
DemoPlaces demo_places(const std::filesystem::path& folder);

/// Makes the demo study, offline: a head MR series with implanted lesions as DICOM, their truth and the brain
/// mask as NIfTI, and under-sampled multi-coil k-space of some of its slices as ISMRMRD. The folder appears
/// whole or not at all.
///
/// errors: not_found (Colin 27 asked for and not installed), not_writable (exists and is not empty), cancelled
/// cost:   a few seconds on two cores
Result<DemoStudy> make_demo_study(const std::filesystem::path& folder, const DemoStudyRequest& request = {},
                                  const Progress& progress = {});

} // namespace bloch::imaging
