#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <sstream>

#include <ismrmrd/dataset.h>
#include <ismrmrd/ismrmrd.h>
#include <ismrmrd/xml.h>

namespace bloch::imaging {

/// A scan written by the ISMRMRD library alone, for what our writer never writes.
class ForeignScan {
 public:
  explicit ForeignScan(const std::filesystem::path& path)
      : set_(path.c_str(), "dataset", true) {
    header_.experimentalConditions.H1resonanceFrequency_Hz = 1;
    ISMRMRD::Encoding encoding;
    encoding.encodedSpace.matrixSize = ISMRMRD::MatrixSize(8, 4, 1);
    encoding.encodedSpace.fieldOfView_mm = {8, 4, 5};
    encoding.reconSpace = encoding.encodedSpace;
    encoding.trajectory = ISMRMRD::TrajectoryType::CARTESIAN;
    header_.encoding.push_back(encoding);
  }
  ISMRMRD::Encoding& encoding() { return header_.encoding[0]; }
  void add_encoding(unsigned short kx, unsigned short ky) {
    ISMRMRD::Encoding encoding = header_.encoding[0];
    encoding.encodedSpace.matrixSize = encoding.reconSpace.matrixSize = ISMRMRD::MatrixSize(kx, ky, 1);
    header_.encoding.push_back(encoding);
  }
  void write_header() {
    std::ostringstream text;
    ISMRMRD::serialize(header_, text);
    set_.writeHeader(text.str());
  }
  void add(int ky, float value, const std::function<void(ISMRMRD::Acquisition&)>& change = {}) {
    ISMRMRD::Acquisition line(8, 1);
    line.center_sample() = 4;
    line.idx().kspace_encode_step_1 = static_cast<std::uint16_t>(ky);
    for (std::uint16_t i = 0; i < 8; ++i) line.data(i, 0) = value;
    if (change) change(line);
    set_.appendAcquisition(line);
  }

 private:
  ISMRMRD::Dataset set_;
  ISMRMRD::IsmrmrdHeader header_;
};

} // namespace bloch::imaging
