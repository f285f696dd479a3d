#include "imaging/dicom/find_images.h"

#include <map>
#include <set>

#include "imaging/adapters/dcmtk_dataset.h"

namespace bloch::imaging {
namespace {

using Frames = std::map<std::string, std::set<int>>; ///< from 0, by SOP instance UID; none: all

void add_frames(DcmItem& item, const DcmTagKey& images, Frames& frames) {
  for (DcmItem* image : items_of(item, images)) {
    const auto [named, is_new] = frames.try_emplace(raw_value(*image, DCM_ReferencedSOPInstanceUID));
    const bool whole_before = !is_new && named->second.empty();
    std::set<int> more;
    Sint32 number = 0;
    for (unsigned long i = 0; image->findAndGetSint32(DCM_ReferencedFrameNumber, number, i).good(); ++i)
      more.insert(static_cast<int>(number) - 1);
    if (more.empty() || whole_before)
      named->second.clear();
    else
      named->second.merge(more);
  }
}

/// The evidence of a key object lists whole files; what it marks stands in its content.
Frames read_frames(const ObjectInfo& object) {
  Frames frames;
  const auto file = open_dicom_header(object.path);
  if (!file) return frames;
  for (DcmItem* content : items_of(file->dataset(), DCM_ContentSequence))
    add_frames(*content, DCM_ReferencedSOPSequence, frames);
  for (DcmItem* series : items_of(file->dataset(), DCM_ReferencedSeriesSequence))
    add_frames(*series, DCM_ReferencedImageSequence, frames);
  return frames;
}

/// The SOP instance UIDs of the files; empty for one that cannot be read.
std::vector<std::string> uids_of_files(const SeriesInfo& series) {
  std::vector<std::string> uids;
  for (const auto& path : series.files) {
    const auto header = open_dicom_header(path);
    uids.push_back(header ? raw_value(header->dataset(), DCM_SOPInstanceUID) : std::string());
  }
  return uids;
}

} // namespace

std::vector<int> find_images(const SeriesInfo& series, const ObjectInfo& object) {
  std::set<std::string> named;
  for (const ObjectReference& reference : object.references)
    named.insert(reference.instance_uids.begin(), reference.instance_uids.end());
  const Frames frames = read_frames(object);
  const auto uids = uids_of_files(series);
  std::vector<int> found;
  for (std::size_t i = 0; i < series.images.size(); ++i) {
    const auto file = static_cast<std::size_t>(series.images[i].file);
    if (file >= uids.size() || !named.contains(uids[file])) continue;
    const auto chosen = frames.find(uids[file]);
    if (chosen == frames.end() || chosen->second.empty() || chosen->second.contains(series.images[i].frame))
      found.push_back(static_cast<int>(i));
  }
  return found;
}

} // namespace bloch::imaging
