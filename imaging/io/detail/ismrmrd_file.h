#pragma once

#include <complex>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include <ismrmrd/ismrmrd.h>
#include <ismrmrd/xml.h>

#include "core/base/result.h"

namespace bloch::imaging::detail {

/// The XML header. Some writers leave out what the schema demands; what can only mean one thing is filled in.
/// errors: malformed
Result<ISMRMRD::IsmrmrdHeader> parse_ismrmrd_header(std::string text, const std::filesystem::path& path);

/// An ISMRMRD file opened for reading, through HDF5 itself: libismrmrd opens the data set anew for every
/// acquisition, and refuses headers stored as a fixed-length or UTF-8 string.
class IsmrmrdFile {
 public:
  static Result<IsmrmrdFile> open(const std::filesystem::path& path);
  ~IsmrmrdFile();
  IsmrmrdFile(IsmrmrdFile&&) noexcept;
  IsmrmrdFile& operator=(IsmrmrdFile&&) noexcept;

  const ISMRMRD::IsmrmrdHeader& header() const;
  std::uint64_t acquisition_count() const;

  /// Heads alone, in file order.
  Result<std::vector<ISMRMRD::ISMRMRD_AcquisitionHeader>> read_heads() const;

  /// Calls with (index, samples [channel][sample]) for every acquisition, in file order; an error of the
  /// visitor ends it.
  using Visitor = std::function<Result<void>(std::uint64_t, std::span<const std::complex<float>>)>;
  Result<void> visit_samples(const Visitor& visitor) const;

 private:
  struct Open;
  explicit IsmrmrdFile(std::unique_ptr<Open> open);
  std::unique_ptr<Open> open_;
};

} // namespace bloch::imaging::detail
