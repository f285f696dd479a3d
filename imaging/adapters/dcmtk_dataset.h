#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcspchrs.h>
#include <dcmtk/dcmdata/dctk.h>
// DCMTK must come first: osconfig.h decides what the C library declares.
#include "core/base/result.h"
#include "imaging/dicom/detail/file_layout.h"

namespace bloch::imaging {

/// Silences DCMTK's log and loads its dictionary; cheap when done already. None of DCMTK's decoders is
/// registered. errors: failed (the dictionary is missing: says which package or variable brings it)
Result<void> prepare_dcmtk();

/// A DICOM file whose elements before the pixel data are parsed; long values stay in the file until asked for.
struct DicomFile {
  FileBytes bytes;   ///< of the data set once inflated, when the file is deflated
  FileLayout layout; ///< offsets into `bytes`
  std::unique_ptr<DcmFileFormat> format;

  DcmDataset& dataset() const { return *format->getDataset(); }
};

/// The layout is checked first: DCMTK never sees a length that exceeds the file.
/// errors: not_found, unsupported (not DICOM), malformed
Result<DicomFile> open_dicom_file(const std::filesystem::path& path);
/// The same with what images are made from alone, several times faster: no meta header, and of private elements
/// only those of private_elements.h.
Result<DicomFile> open_dicom_header(const std::filesystem::path& path);

/// Value number `index` as text, without padding, in the character set of the file. Empty when absent.
std::string raw_value(DcmItem& item, const DcmTagKey& tag, unsigned long index = 0);
/// All values of one element.
std::vector<std::string> raw_values(DcmItem& item, const DcmTagKey& tag);
/// Any numeric VR, and numbers in text; nothing when absent or not a number.
std::optional<double> number_value(DcmItem& item, const DcmTagKey& tag, unsigned long index = 0);
std::vector<double> number_values(DcmItem& item, const DcmTagKey& tag);
int integer_value(DcmItem& item, const DcmTagKey& tag, int fallback = 0);
/// First item of a sequence; nullptr when absent.
DcmItem* first_item(DcmItem& item, const DcmTagKey& sequence);
/// All items of a sequence in time linear in their number.
std::vector<DcmItem*> items_of(DcmItem& item, const DcmTagKey& sequence);

/// Text of a data set as UTF-8, by its SpecificCharacterSet (PS3.3 C.12.1.1.2).
class DicomText {
 public:
  explicit DicomText(DcmItem& dataset)
      : DicomText(dataset, dataset) {}
  /// Text of an item of a sequence in that data set.
  DicomText(DcmItem& item, DcmItem& dataset)
      : item_(item)
      , dataset_(dataset) {}

  /// Values joined by a backslash, in UTF-8, without padding.
  std::string operator()(const DcmTagKey& tag);
  /// Some text could not be converted and was taken as Latin-1.
  bool guessed() const { return guessed_; }

 private:
  DcmItem& item_;
  DcmItem& dataset_; ///< names the character set
  std::optional<DcmSpecificCharacterSet> converter_;
  bool usable_ = false;
  bool japanese_ = false;
  bool latin9_ = false;
  bool guessed_ = false;
};

} // namespace bloch::imaging
