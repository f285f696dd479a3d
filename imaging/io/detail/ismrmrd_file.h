#pragma once

#include <complex>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include <ismrmrd/ismrmrd.h>
#include <ismrmrd/xml.h>

#include "core/base/result.h"

namespace bloch::imaging::detail {

/// The XML header. Some writers leave out what the schema demands; what can only mean one thing is filled in.
/// errors: malformed
Result<ISMRMRD::IsmrmrdHeader> parse_ismrmrd_header(std::string text, const std::filesystem::path& path);

/// An ISMRMRD file, read through HDF5 itself in processes of their own (read_hdf5_apart): libismrmrd opens the
/// data set anew for every acquisition, and refuses headers stored as a fixed-length or UTF-8 string.
class IsmrmrdFile {
 public:
  static Result<IsmrmrdFile> open(const std::filesystem::path& path);

  const ISMRMRD::IsmrmrdHeader& header() const { return header_; }
  std::uint64_t acquisition_count() const { return count_; }

  /// Heads alone, in file order.
  Result<std::vector<ISMRMRD::ISMRMRD_AcquisitionHeader>> read_heads() const;

  /// Calls with (index, samples [channel][sample]) for every acquisition, in file order; an error of the
  /// visitor ends it.
  using Visitor = std::function<Result<void>(std::uint64_t, std::span<const std::complex<float>>)>;
  Result<void> visit_samples(const Visitor& visitor) const;

 private:
  IsmrmrdFile() = default;
  std::filesystem::path path_;
  ISMRMRD::IsmrmrdHeader header_;
  std::uint64_t count_ = 0;
};

} // namespace bloch::imaging::detail
