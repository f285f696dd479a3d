#include "imaging/adapters/dcmtk_dataset.h"
#include "imaging/dicom/objects.h"

namespace bloch::imaging {
namespace {

struct FileType {
  const char* mime_type;
  const char* extension;
};

constexpr FileType file_types[] = {{"application/pdf", ".pdf"}, {"text/xml", ".xml"},
                                   {"application/xml", ".xml"}, {"model/stl", ".stl"},
                                   {"model/obj", ".obj"},       {"model/mtl", ".mtl"}};

} // namespace

Result<EncapsulatedDocument> read_document(const std::filesystem::path& path) {
  BLOCH_TRY(file, open_dicom_file(path));
  DcmItem& dataset = file.dataset();
  const Uint8* bytes = nullptr;
  unsigned long count = 0;
  if (dataset.findAndGetUint8Array(DCM_EncapsulatedDocument, bytes, &count).bad() || !bytes || count == 0)
    return failure(ErrorKind::malformed, "'" + path.string() + "' holds no document");
  EncapsulatedDocument document;
  document.mime_type = raw_value(dataset, DCM_MIMETypeOfEncapsulatedDocument);
  document.extension = ".bin";
  for (const FileType& type : file_types)
    if (document.mime_type == type.mime_type) document.extension = type.extension;
  // The value is padded to an even length; newer files say how long it really is (0042,0015).
  const auto length = number_value(dataset, DcmTagKey(0x0042, 0x0015));
  if (length && *length > 0 && *length + 1 == static_cast<double>(count)) --count;
  document.bytes.assign(bytes, bytes + count);
  return document;
}

} // namespace bloch::imaging
