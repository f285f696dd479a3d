#pragma once

#include <string>

#include <Eigen/Core>

#include "imaging/adapters/dcmtk_dataset.h"
#include "imaging/dicom/detail/slice_writer.h"

namespace bloch::imaging {

/// Pieces that every object which is written shares.
void put(DcmItem& item, const DcmTagKey& tag, const std::string& value);
void put_whole(DcmItem& item, const DcmTagKey& tag, int value);
/// Unsigned pixels that fill their bits.
void put_pixel_bits(DcmItem& item, unsigned short bits);
void put_unless_empty(DcmItem& item, const DcmTagKey& tag, const std::string& value);
/// One more item at the end of a sequence, which is made when it is not there.
DcmItem& add_item(DcmItem& item, const DcmTagKey& sequence);
void put_code(DcmItem& item, const DcmTagKey& sequence, const std::string& value, const std::string& scheme,
              const std::string& meaning);
/// Cuts text to what its VR allows, between UTF-8 characters.
std::string shortened(std::string text, std::size_t characters);
std::string vector_text(const Eigen::Vector3d& v);

struct Now {
  std::string date, time; ///< local
};
Now now();

void put_patient_and_study(DcmItem& dataset, const SeriesTemplate& series);
/// What made the images goes out again; Bloch is named as what processed them.
void put_equipment(DcmItem& dataset, const SeriesTemplate& series);
void put_series(DcmItem& dataset, const SeriesTemplate& series, const Now& time);
/// value = stored * scale.slope + scale.intercept, with its unit; as an item of `item`.
void put_real_world_mapping(DcmItem& item, const SeriesTemplate& series, const StoredScale& scale);
/// UCUM code and meaning of the series' quantity.
void put_unit(DcmItem& mapping, const SeriesTemplate& series);
/// As an item of SourceImageSequence.
void put_source_image(DcmItem& item, const SourceImage& image);
/// Of slices on the grid their distance; of others what the source says, else their smallest distance.
double slice_thickness_mm(const SeriesTemplate& series, const VolumeGeometry& geometry);

/// The source images that lie in the plane of slice z, as items of SourceImageSequence.
void put_source_images(DcmItem& item, const SeriesTemplate& series, const VolumeGeometry& geometry, int z);
/// Whether pixels went into the data set. Errors: failed
Result<void> inserted(const OFCondition& condition);
/// Explicit little endian. Errors: not_writable
Result<void> save_dicom(const std::filesystem::path& path, DcmFileFormat& file);

} // namespace bloch::imaging
