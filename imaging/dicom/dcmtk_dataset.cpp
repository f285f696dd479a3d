#include "imaging/adapters/dcmtk_dataset.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <mutex>
#include <string_view>
#include <utility>

#include <dcmtk/dcmdata/dcistrmb.h>
#include <dcmtk/oflog/oflog.h>
#include <iconv.h>

#include "core/base/text.h"

namespace bloch::imaging {
namespace {

std::string without_padding(std::string text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\0')) text.pop_back();
  const auto begin = text.find_first_not_of(' ');
  return begin == std::string::npos ? std::string() : text.substr(begin);
}

std::string from_latin1(const std::string& text) {
  std::string utf8;
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (code < 0x80) {
      utf8 += code == 0x1B ? '?' : c;
    } else {
      utf8 += static_cast<char>(0xC0 | code >> 6);
      utf8 += static_cast<char>(0x80 | (code & 0x3F));
    }
  }
  return utf8;
}

bool is_utf8(const std::string& text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80                   ? 1
                               : lead >= 0xC2 && lead < 0xE0 ? 2
                               : lead >= 0xE0 && lead < 0xF0 ? 3
                               : lead >= 0xF0 && lead < 0xF5 ? 4
                                                             : 0;
    if (length == 0 || i + length > text.size()) return false;
    for (std::size_t k = 1; k < length; ++k)
      if ((static_cast<unsigned char>(text[i + k]) & 0xC0) != 0x80) return false;
    i += length;
  }
  return true;
}

bool is_plain(const std::string& text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80 && c != 0x1B; });
}

/// Japanese with ISO 2022 escapes, which glibc's iconv knows only as a whole: DCMTK asks it for the single sets
/// in vain. Katakana of JIS X 0201 in the upper half (ISO 2022 IR 13) become 7-bit with an escape of their own.
std::optional<std::string> from_iso2022_jp(const std::string& text) {
  std::string seven_bit;
  bool upper = false;
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if ((code >= 0xA1 && code <= 0xDF) != upper) {
      upper = !upper;
      seven_bit += upper ? "\x1B(I" : "\x1B(B";
    }
    seven_bit += upper ? static_cast<char>(code - 0x80) : c;
  }
  if (upper) seven_bit += "\x1B(B";
  const bool supplementary = seven_bit.find("\x1B$(D") != std::string::npos;
  const iconv_t converter = ::iconv_open("UTF-8", supplementary ? "ISO-2022-JP-2" : "ISO-2022-JP-3");
  if (converter == reinterpret_cast<iconv_t>(-1)) return std::nullopt;
  std::string utf8(seven_bit.size() * 4 + 4, '\0');
  char* from = seven_bit.data();
  char* to = utf8.data();
  std::size_t from_left = seven_bit.size();
  std::size_t to_left = utf8.size();
  const std::size_t result = ::iconv(converter, &from, &from_left, &to, &to_left);
  ::iconv_close(converter);
  if (result == static_cast<std::size_t>(-1) || from_left > 0) return std::nullopt;
  utf8.resize(utf8.size() - to_left);
  return utf8;
}

/// "ISO_IR 144" of "ISO 2022 IR 144" alone: without a second set there is no code extension, and DCMTK knows
/// the term in lists only.
OFString without_extensions(const OFString& declared) {
  constexpr std::string_view term = "ISO 2022 IR ";
  const std::string text = without_padding(std::string(declared.c_str(), declared.length()));
  if (!text.starts_with(term) || text.find('\\') != std::string::npos) return declared;
  return OFString(("ISO_IR " + text.substr(term.size())).c_str());
}

/// Latin-9 (ISO 8859-15, ISO_IR 203), which DCMTK does not know: Latin-1 but for eight characters.
std::string from_latin9(const std::string& text) {
  constexpr std::pair<unsigned char, const char*> own[] = {{0xA4, "€"}, {0xA6, "Š"}, {0xA8, "š"}, {0xB4, "Ž"},
                                                           {0xB8, "ž"}, {0xBC, "Œ"}, {0xBD, "œ"}, {0xBE, "Ÿ"}};
  std::string utf8;
  for (const char c : text) {
    const auto known = std::find_if(std::begin(own), std::end(own), [&](const auto& one) {
      return one.first == static_cast<unsigned char>(c);
    });
    utf8 += known != std::end(own) ? std::string(known->second) : from_latin1(std::string(1, c));
  }
  return utf8;
}

std::optional<double> parsed_number(std::string_view text) {
  text = trimmed(text);
  if (text.starts_with('+')) text.remove_prefix(1);
  return to_number(text);
}

} // namespace

Result<void> prepare_dcmtk() {
  static const bool loaded = [] {
    OFLog::configure(OFLogger::OFF_LOG_LEVEL);
    dcmEnableUnknownVRConversion.set(OFTrue); // gateways write standard elements as UN
    return dcmDataDict.isDictionaryLoaded() == OFTrue;
  }();
  if (loaded) return {};
  return failure(
      ErrorKind::failed,
      "DCMTK's data dictionary is missing; install libdcmtk17 or set DCMDICTPATH to the file dicom.dic");
}

namespace {

Error damaged(const OFCondition& read) {
  return {ErrorKind::malformed, std::string("damaged DICOM file: ") + lower_case(read.text())};
}

E_TransferSyntax encoding_of(const FileLayout& layout) {
  if (!layout.explicit_vr) return layout.big_endian ? EXS_BigEndianImplicit : EXS_LittleEndianImplicit;
  return layout.big_endian ? EXS_BigEndianExplicit : EXS_LittleEndianExplicit;
}

Result<DicomFile> load_whole(const std::filesystem::path& path, const FileBytes& bytes, FileLayout layout) {
  DicomFile file{bytes, std::move(layout), std::make_unique<DcmFileFormat>()};
  const DcmTagKey pixels(0x7FE0, 0x0000);
  const auto load = [&](E_TransferSyntax syntax, E_FileReadMode mode) {
    return file.format->loadFileUntilTag(path.c_str(), syntax, EGL_noChange, DCM_MaxReadLength, mode, pixels);
  };
  OFCondition read = EC_InvalidStream;
  if (file.layout.headerless) read = load(DcmXfer(file.layout.transfer_syntax.c_str()).getXfer(), ERM_dataset);
  if (read.bad()) read = load(EXS_Unknown, ERM_autoDetect);
  if (read.bad()) return failure(damaged(read));
  if (file.layout.transfer_syntax == deflated_syntax) {
    BLOCH_TRY(inflated, inflate_data_set(bytes));
    file.bytes = inflated;
  }
  return file;
}

} // namespace

Result<DicomFile> open_dicom_file(const std::filesystem::path& path) {
  BLOCH_CHECK(prepare_dcmtk());
  BLOCH_TRY(bytes, FileBytes::open(path));
  BLOCH_TRY(layout, read_layout(bytes));
  return load_whole(path, bytes, std::move(layout));
}

Result<DicomFile> open_dicom_header(const std::filesystem::path& path) {
  BLOCH_CHECK(prepare_dcmtk());
  BLOCH_TRY(bytes, FileBytes::open(path));
  std::vector<std::uint8_t> header;
  BLOCH_TRY(layout, read_layout(bytes, &header));
  if (header.empty()) return load_whole(path, bytes, std::move(layout));
  DicomFile file{bytes, std::move(layout), std::make_unique<DcmFileFormat>()};
  DcmInputBufferStream stream;
  stream.setBuffer(header.data(), static_cast<offile_off_t>(header.size()));
  stream.setEos();
  DcmDataset& dataset = file.dataset();
  dataset.transferInit();
  const OFCondition read = dataset.read(stream, encoding_of(file.layout), EGL_noChange);
  dataset.transferEnd();
  if (read.bad() && read != EC_EndOfStream) return failure(damaged(read));
  return file;
}

namespace {

/// What DcmItem::search finds, but no further than where it would be: items are in the order of their tags, and
/// a header is asked for more than it holds.
DcmObject* object_of(DcmItem& item, const DcmTagKey& tag) {
  for (DcmObject* object = item.nextInContainer(nullptr); object; object = item.nextInContainer(object)) {
    const DcmTagKey& here = object->getTag();
    if (here == tag) return object;
    if (here > tag) return nullptr;
  }
  return nullptr;
}

DcmElement* leaf_of(DcmItem& item, const DcmTagKey& tag) {
  DcmObject* const object = object_of(item, tag);
  return object && object->isLeaf() ? dynamic_cast<DcmElement*>(object) : nullptr;
}

} // namespace

std::string raw_value(DcmItem& item, const DcmTagKey& tag, unsigned long index) {
  OFString text;
  DcmElement* const element = leaf_of(item, tag);
  if (!element) return {};
  if (element->getOFString(text, index).bad()) return {};
  return without_padding(text.c_str());
}

std::vector<std::string> raw_values(DcmItem& item, const DcmTagKey& tag) {
  std::vector<std::string> values;
  DcmElement* const element = leaf_of(item, tag);
  if (!element) return values;
  const unsigned long count = std::min(element->getVM(), 4096UL);
  for (unsigned long i = 0; i < count; ++i) {
    OFString text;
    values.push_back(element->getOFString(text, i).good() ? without_padding(text.c_str()) : std::string());
  }
  return values;
}

std::optional<double> number_value(DcmItem& item, const DcmTagKey& tag, unsigned long index) {
  DcmElement* const element = leaf_of(item, tag);
  if (!element) return std::nullopt;
  const DcmEVR vr = element->ident();
  if (vr == EVR_FD || vr == EVR_FL) {
    Float64 wide = 0;
    Float32 narrow = 0;
    if (vr == EVR_FD && element->getFloat64(wide, index).good() && std::isfinite(wide)) return wide;
    if (vr == EVR_FL && element->getFloat32(narrow, index).good() && std::isfinite(narrow)) return narrow;
    return std::nullopt;
  }
  if (vr == EVR_UN || vr == EVR_OB || vr == EVR_OW) return std::nullopt;
  OFString text;
  if (element->getOFString(text, index).bad()) return std::nullopt;
  return parsed_number(text.c_str());
}

std::vector<double> number_values(DcmItem& item, const DcmTagKey& tag) {
  std::vector<double> values;
  DcmElement* const element = leaf_of(item, tag);
  if (!element) return values;
  const unsigned long count = std::min(element->getVM(), 65536UL);
  for (unsigned long i = 0; i < count; ++i) {
    const auto value = number_value(item, tag, i);
    if (!value) return {};
    values.push_back(*value);
  }
  return values;
}

int integer_value(DcmItem& item, const DcmTagKey& tag, int fallback) {
  const auto value = number_value(item, tag);
  return value && std::abs(*value) < 2147483647 ? static_cast<int>(std::lround(*value)) : fallback;
}

DcmItem* first_item(DcmItem& item, const DcmTagKey& sequence) {
  auto* const found = dynamic_cast<DcmSequenceOfItems*>(object_of(item, sequence));
  return found && found->card() > 0 ? found->getItem(0) : nullptr;
}

std::vector<DcmItem*> items_of(DcmItem& item, const DcmTagKey& sequence) {
  std::vector<DcmItem*> items;
  auto* const found = dynamic_cast<DcmSequenceOfItems*>(object_of(item, sequence));
  if (!found) return items;
  DcmObject* object = nullptr;
  while ((object = found->nextInContainer(object)) != nullptr)
    if (auto* child = dynamic_cast<DcmItem*>(object)) items.push_back(child);
  return items;
}

std::string DicomText::operator()(const DcmTagKey& tag) {
  OFString stored;
  DcmElement* const element = leaf_of(item_, tag);
  if (!element) return {};
  if (element->getOFStringArray(stored).bad()) return {};
  const std::string text(stored.c_str(), stored.length());
  if (is_plain(text)) return without_padding(text);
  if (!converter_) {
    converter_.emplace();
    OFString declared;
    dataset_.findAndGetOFStringArray(DCM_SpecificCharacterSet, declared);
    japanese_ = declared.find("ISO 2022 IR 87") != OFString_npos ||
                declared.find("ISO 2022 IR 159") != OFString_npos ||
                declared.find("ISO 2022 IR 13") != OFString_npos;
    usable_ = !declared.empty() && (converter_->selectCharacterSet(declared).good() ||
                                    converter_->selectCharacterSet(without_extensions(declared)).good());
    const std::string whole = without_padding(std::string(declared.c_str(), declared.length()));
    latin9_ = whole == "ISO_IR 203" || whole == "ISO 2022 IR 203";
  }
  if (latin9_) return without_padding(from_latin9(text));
  OFString utf8;
  const bool person = element->ident() == EVR_PN;
  if (usable_ && converter_->convertString(stored, utf8, person ? "\\^=" : "\\").good())
    return without_padding(utf8.c_str());
  if (japanese_)
    if (const auto japanese = from_iso2022_jp(text)) return without_padding(*japanese);
  guessed_ = true;
  return without_padding(is_utf8(text) ? text : from_latin1(text));
}

} // namespace bloch::imaging
