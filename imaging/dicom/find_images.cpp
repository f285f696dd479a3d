#include "imaging/dicom/find_images.h"

#include <map>
#include <set>

#include "imaging/adapters/dcmtk_dataset.h"
#include "imaging/dicom/detail/image_references.h"

namespace bloch::imaging {
namespace {

/// The evidence of a key object lists whole files; what it marks stands in its content.
ReferencedFrames read_frames(const ObjectInfo& object) {
  ReferencedFrames frames;
  const auto file = open_dicom_header(object.path);
  if (!file) return frames;
  for (DcmItem* content : items_of(file->dataset(), DCM_ContentSequence))
    add_frames(*content, DCM_ReferencedSOPSequence, frames);
  for (DcmItem* series : items_of(file->dataset(), DCM_ReferencedSeriesSequence))
    add_frames(*series, DCM_ReferencedImageSequence, frames);
  return frames;
}

} // namespace

void add_frames(DcmItem& item, const DcmTagKey& images, ReferencedFrames& frames) {
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

std::vector<std::string> uids_of_files(const SeriesInfo& series) {
  std::vector<std::string> uids;
  for (const auto& path : series.files) {
    const auto header = open_dicom_header(path);
    uids.push_back(header ? raw_value(header->dataset(), DCM_SOPInstanceUID) : std::string());
  }
  return uids;
}

std::vector<int> images_of(const SeriesInfo& series, const std::vector<std::string>& uids,
                           const ReferencedFrames& frames) {
  std::vector<int> found;
  for (std::size_t i = 0; i < series.images.size(); ++i) {
    const auto file = static_cast<std::size_t>(series.images[i].file);
    const auto chosen = file < uids.size() ? frames.find(uids[file]) : frames.end();
    if (chosen != frames.end() && (chosen->second.empty() || chosen->second.contains(series.images[i].frame)))
      found.push_back(static_cast<int>(i));
  }
  return found;
}

std::vector<int> find_images(const SeriesInfo& series, const ObjectInfo& object) {
  ReferencedFrames frames; // of those that the object is about, whose frames its content may narrow
  const ReferencedFrames narrowed = read_frames(object);
  for (const ObjectReference& reference : object.references)
    for (const std::string& uid : reference.instance_uids) {
      const auto chosen = narrowed.find(uid);
      frames[uid] = chosen == narrowed.end() ? std::set<int>() : chosen->second;
    }
  return images_of(series, uids_of_files(series), frames);
}

} // namespace bloch::imaging
