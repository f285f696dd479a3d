#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "imaging/adapters/dcmtk_dataset.h"
#include "imaging/dicom/detail/instance.h"

namespace bloch::imaging {

/// What the file is when it is no image series; nothing for what may be one. A file without pixels is listed by
/// the name of its class.
/// instance: what the header says about patient, study and series
std::optional<ObjectInfo> read_object_info(const DicomFile& file, const Instance& instance);

/// "CT Image"; names the UID when the class is not known.
std::string sop_class_name(const std::string& sop_class);

/// Meaning of the first code of a sequence ("Liver"); empty when there is none. dataset: names the character
/// set
std::string code_meaning(DcmItem& item, const DcmTagKey& sequence, DcmItem& dataset);

/// CIELab as PS3.3 C.10.7.1.1 stores it (D50, three words) and sRGB.
std::array<std::uint8_t, 3> to_srgb(const std::array<std::uint16_t, 3>& cielab);
std::array<std::uint16_t, 3> to_cielab(const std::array<std::uint8_t, 3>& srgb);

} // namespace bloch::imaging
