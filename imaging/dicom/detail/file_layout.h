#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "imaging/dicom/detail/file_bytes.h"

namespace bloch::imaging {

struct ByteRange {
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
};

/// Where the pixels of a DICOM file lie. Every length in it has been checked against the size of the file.
struct FileLayout {
  std::string transfer_syntax; ///< UID; the guess of a file without meta header
  std::string media_class;     ///< MediaStorageSOPClassUID of the meta header
  bool headerless = false;     ///< no preamble or no meta header
  bool explicit_vr = true;
  bool big_endian = false;
  /// Element of group 7FE0 that holds the pixels: 0x10, 0x08 (float), 0x09 (double), or 0: no pixels.
  std::uint16_t pixel_element = 0;
  bool encapsulated = false;
  ByteRange pixels;                 ///< not encapsulated
  std::vector<ByteRange> fragments; ///< encapsulated, without the offset table
  std::vector<std::uint64_t>
      frame_offsets; ///< from the basic or extended offset table, from the first fragment's item
  bool bytes_swapped_in_words = false; ///< big endian OW
};

/// Walks over the elements of a file without reading their values.
///
/// errors: unsupported (not DICOM), malformed (a length that exceeds the file, a broken sequence; says where)
/// cost:   some reads of 16 kB; no memory is taken on the word of a length field
///
/// header: where given, gets the elements before the pixels as the file encodes them, without private ones that
///         nothing here reads; empty when they are deflated or longer than 16 MB
Result<FileLayout> read_layout(const FileBytes& bytes, std::vector<std::uint8_t>* header = nullptr);

/// The data set of a deflated file (PS3.5 A.5) as explicit little endian without meta header.
/// errors: malformed, out_of_memory (more than 2 GB)
Result<FileBytes> inflate_data_set(const FileBytes& bytes);

inline constexpr const char* deflated_syntax = "1.2.840.10008.1.2.1.99";

} // namespace bloch::imaging
