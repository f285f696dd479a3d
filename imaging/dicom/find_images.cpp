#include "imaging/dicom/find_images.h"

#include <algorithm>

#include "imaging/adapters/dcmtk_dataset.h"

namespace bloch::imaging {

std::vector<int> find_images(const SeriesInfo& series, std::span<const std::string> instance_uids) {
  std::vector<bool> wanted(series.files.size());
  for (std::size_t file = 0; file < series.files.size(); ++file) {
    const auto header = open_dicom_header(series.files[file]);
    if (!header) continue;
    const std::string uid = raw_value(header->dataset(), DCM_SOPInstanceUID);
    wanted[file] = std::find(instance_uids.begin(), instance_uids.end(), uid) != instance_uids.end();
  }
  std::vector<int> found;
  for (std::size_t i = 0; i < series.images.size(); ++i) {
    const auto file = static_cast<std::size_t>(series.images[i].file);
    if (file < wanted.size() && wanted[file]) found.push_back(static_cast<int>(i));
  }
  return found;
}

} // namespace bloch::imaging
