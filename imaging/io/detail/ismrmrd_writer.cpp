#include "imaging/io/detail/ismrmrd_writer.h"

#include <algorithm>
#include <cstddef>
#include <mutex>
#include <sstream>

#include <ismrmrd/dataset.h>
#include <ismrmrd/ismrmrd.h>

#include "core/base/file.h"
#include "core/base/version.h"
#include "imaging/io/detail/file_name.h"
#include "imaging/io/detail/hdf5_id.h"
#include "imaging/io/detail/ismrmrd_plan.h"

namespace bloch::imaging::detail {
namespace {

constexpr const char* simulated_key = "bloch_simulated";

ISMRMRD::EncodingSpace space_of(const KSpaceSize& size, const VolumeGeometry& geometry) {
  ISMRMRD::EncodingSpace space;
  space.matrixSize =
      ISMRMRD::MatrixSize(static_cast<unsigned short>(size.kx), static_cast<unsigned short>(size.ky),
                          static_cast<unsigned short>(size.kz));
  space.fieldOfView_mm.x = static_cast<float>(geometry.spacing_mm[0] * size.kx);
  space.fieldOfView_mm.y = static_cast<float>(geometry.spacing_mm[1] * size.ky);
  space.fieldOfView_mm.z = static_cast<float>(geometry.spacing_mm[2] * size.kz);
  return space;
}

std::string header_text(const KSpace& kspace, const VolumeGeometry& geometry) {
  const KSpaceSize& size = kspace.size();
  ISMRMRD::IsmrmrdHeader header;
  header.version = 8;
  header.experimentalConditions.H1resonanceFrequency_Hz = 127740000;
  ISMRMRD::AcquisitionSystemInformation system;
  system.systemVendor = std::string("Bloch ") + version();
  system.receiverChannels = static_cast<unsigned short>(size.coils);
  header.acquisitionSystemInformation = system;
  ISMRMRD::Encoding encoding;
  encoding.encodedSpace = encoding.reconSpace = space_of(size, geometry);
  if (kspace.image_size) {
    const auto& image = *kspace.image_size;
    encoding.reconSpace = space_of({image[0], image[1], size.kz > 1 ? image[2] : 1}, geometry);
  }
  encoding.trajectory = ISMRMRD::TrajectoryType::CARTESIAN;
  const auto limit = [](int extent) {
    return ISMRMRD::Limit(0, static_cast<unsigned short>(extent - 1), static_cast<unsigned short>(extent / 2));
  };
  encoding.encodingLimits.kspace_encoding_step_0 = limit(size.kx);
  encoding.encodingLimits.kspace_encoding_step_1 = limit(size.ky);
  encoding.encodingLimits.kspace_encoding_step_2 = limit(size.kz);
  encoding.encodingLimits.slice = ISMRMRD::Limit(0, static_cast<unsigned short>(size.slices - 1), 0);
  header.encoding.push_back(encoding);
  ISMRMRD::UserParameters parameters;
  if (!kspace.simulated.empty()) parameters.userParameterString.push_back({simulated_key, kspace.simulated});
  parameters.userParameterString.push_back({"bloch_notice", not_for_diagnosis});
  header.userParameters = parameters;
  std::ostringstream text;
  ISMRMRD::serialize(header, text);
  return text.str();
}

/// Lines of one slice, [kz][ky]: whether any coil has a sample there.
std::vector<bool> acquired_lines(const KSpace& kspace, int slice) {
  const KSpaceSize& size = kspace.size();
  const auto samples = kspace.slice(slice);
  const std::size_t lines = static_cast<std::size_t>(size.ky) * static_cast<std::size_t>(size.kz);
  const std::size_t row = static_cast<std::size_t>(size.kx);
  std::vector<bool> acquired(lines, false);
  for (std::size_t i = 0; i < lines * static_cast<std::size_t>(size.coils); ++i) {
    const auto line = samples.subspan(i * row, row);
    if (std::any_of(line.begin(), line.end(),
                    [](std::complex<float> v) { return v != std::complex<float>(0); }))
      acquired[i % lines] = true;
  }
  return acquired;
}

/// The unbroken run of acquired lines around the centre serves calibration and image alike.
std::pair<int, int> calibration_run(const std::vector<bool>& acquired, int ky) {
  int first = ky / 2;
  int last = ky / 2;
  if (!acquired[static_cast<std::size_t>(first)]) return {1, 0};
  while (first > 0 && acquired[static_cast<std::size_t>(first - 1)]) --first;
  while (last + 1 < ky && acquired[static_cast<std::size_t>(last + 1)]) ++last;
  return {first, last};
}

class ScanWriter {
 public:
  ScanWriter(ISMRMRD::Dataset& set, const KSpace& kspace, const VolumeGeometry& geometry)
      : set_(set)
      , kspace_(kspace)
      , geometry_(geometry) {}

  void write() {
    for (int slice = 0; slice < kspace_.size().slices; ++slice) write_slice(slice);
  }

 private:
  void write_slice(int slice) {
    const KSpaceSize& size = kspace_.size();
    const std::vector<bool> acquired = acquired_lines(kspace_, slice);
    std::vector<std::size_t> lines;
    for (std::size_t i = 0; i < acquired.size(); ++i)
      if (acquired[i]) lines.push_back(i);
    const auto run = size.kz == 1 ? calibration_run(acquired, size.ky) : std::pair(1, 0);
    for (const std::size_t line : lines) {
      const int ky = static_cast<int>(line) % size.ky;
      ISMRMRD::Acquisition acquisition = make(slice, ky, static_cast<int>(line) / size.ky);
      if (line == lines.front()) {
        acquisition.setFlag(ISMRMRD::ISMRMRD_ACQ_FIRST_IN_SLICE);
        acquisition.setFlag(ISMRMRD::ISMRMRD_ACQ_FIRST_IN_ENCODE_STEP1);
      }
      if (line == lines.back()) {
        acquisition.setFlag(ISMRMRD::ISMRMRD_ACQ_LAST_IN_SLICE);
        acquisition.setFlag(ISMRMRD::ISMRMRD_ACQ_LAST_IN_ENCODE_STEP1);
        if (slice + 1 == size.slices) acquisition.setFlag(ISMRMRD::ISMRMRD_ACQ_LAST_IN_MEASUREMENT);
      }
      // A whole scan has no calibration lines of its own.
      if (lines.size() < acquired.size() && ky >= run.first && ky <= run.second)
        acquisition.setFlag(ISMRMRD::ISMRMRD_ACQ_IS_PARALLEL_CALIBRATION_AND_IMAGING);
      set_.appendAcquisition(acquisition);
    }
  }

  ISMRMRD::Acquisition make(int slice, int ky, int kz) {
    const KSpaceSize& size = kspace_.size();
    ISMRMRD::Acquisition acquisition(static_cast<uint16_t>(size.kx), static_cast<uint16_t>(size.coils));
    acquisition.setAllChannelsNotActive();
    for (int coil = 0; coil < size.coils; ++coil) acquisition.setChannelActive(static_cast<uint16_t>(coil));
    ISMRMRD::AcquisitionHeader head = acquisition.getHead();
    head.available_channels = static_cast<uint16_t>(size.coils);
    head.center_sample = static_cast<uint16_t>(size.kx / 2);
    head.sample_time_us = 10;
    head.scan_counter = counter_++;
    head.idx.kspace_encode_step_1 = static_cast<uint16_t>(ky);
    head.idx.kspace_encode_step_2 = static_cast<uint16_t>(kz);
    head.idx.slice = static_cast<uint16_t>(slice);
    const VoxelIndex middle{{static_cast<double>(size.kx / 2), static_cast<double>(size.ky / 2),
                             static_cast<double>(size.kz > 1 ? size.kz / 2 : slice)}};
    set_head_vector(head, offsetof(IsmrmrdHead, position), geometry_.to_world(middle).mm);
    set_head_vector(head, offsetof(IsmrmrdHead, read_dir), geometry_.direction.col(0));
    set_head_vector(head, offsetof(IsmrmrdHead, phase_dir), geometry_.direction.col(1));
    set_head_vector(head, offsetof(IsmrmrdHead, slice_dir), geometry_.direction.col(2));
    acquisition.setHead(head);
    copy_line(acquisition, slice, ky, kz);
    return acquisition;
  }

  void copy_line(ISMRMRD::Acquisition& acquisition, int slice, int ky, int kz) const {
    const KSpaceSize& size = kspace_.size();
    const auto samples = kspace_.slice(slice);
    for (int coil = 0; coil < size.coils; ++coil) {
      const std::size_t row =
          (static_cast<std::size_t>(coil) * static_cast<std::size_t>(size.kz) + static_cast<std::size_t>(kz)) *
              static_cast<std::size_t>(size.ky) +
          static_cast<std::size_t>(ky);
      const auto line =
          samples.subspan(row * static_cast<std::size_t>(size.kx), static_cast<std::size_t>(size.kx));
      std::copy(line.begin(), line.end(),
                acquisition.getDataPtr() + static_cast<std::ptrdiff_t>(coil) * size.kx);
    }
  }

  ISMRMRD::Dataset& set_;
  const KSpace& kspace_;
  const VolumeGeometry& geometry_;
  uint32_t counter_ = 0;
};

} // namespace

Result<void> write_ismrmrd(const std::filesystem::path& path, const KSpace& kspace) {
  const KSpaceSize& size = kspace.size();
  if (std::max({size.kx, size.ky, size.kz, size.coils, size.slices}) > 65535)
    return refused(path, "would need extents above 65535, which ISMRMRD does not keep; write .cfl instead");
  VolumeGeometry geometry;
  geometry.size = {size.kx, size.ky, std::max(size.kz, size.slices)};
  if (kspace.geometry) geometry = *kspace.geometry;
  return write_beside(path, [&](const std::filesystem::path& beside) -> Result<void> {
    const std::lock_guard lock(hdf5_mutex());
    try {
      ISMRMRD::Dataset set(beside.c_str(), "dataset", true);
      set.writeHeader(header_text(kspace, geometry));
      ScanWriter(set, kspace, geometry).write();
    } catch (const std::exception&) {
      return failure(ErrorKind::not_writable,
                     quoted(path) + " could not be written; check permissions and free space");
    }
    return {};
  });
}

std::string simulation_note(const ISMRMRD::IsmrmrdHeader& header) {
  if (!header.userParameters) return {};
  for (const auto& parameter : header.userParameters->userParameterString)
    if (parameter.name == simulated_key) return parameter.value;
  return {};
}

} // namespace bloch::imaging::detail
