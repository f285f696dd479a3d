#include "imaging/dicom/detail/jpeg_reader.h"

#include <algorithm>
#include <cstring>

namespace bloch::imaging {
namespace {

Error damaged_stream() {
  return {ErrorKind::malformed, "a damaged frame (JPEG): its segments contradict each other"};
}

int big_endian(std::span<const std::uint8_t> bytes, std::size_t i) { return bytes[i] << 8 | bytes[i + 1]; }

bool is_frame(int marker) {
  return (marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC) ||
         marker == 0xF7;
}

bool stands_alone(int marker) { return marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8); }

bool begins_with(std::span<const std::uint8_t> content, const char* text, std::size_t count) {
  return content.size() >= count && std::memcmp(content.data(), text, count) == 0;
}

} // namespace

std::optional<JpegReader::Segment> JpegReader::next_segment() {
  while (position_ + 1 < bytes_.size()) {
    if (bytes_[position_] != 0xFF || bytes_[position_ + 1] == 0xFF || bytes_[position_ + 1] == 0) {
      ++position_;
      continue;
    }
    const int marker = bytes_[position_ + 1];
    position_ += 2;
    if (marker == 0xD9) return std::nullopt;
    if (stands_alone(marker)) continue;
    if (position_ + 2 > bytes_.size()) return std::nullopt;
    const auto length = static_cast<std::size_t>(big_endian(bytes_, position_));
    if (length < 2 || length > bytes_.size() - position_) return std::nullopt;
    const Segment segment{marker, bytes_.subspan(position_ + 2, length - 2)};
    position_ += length;
    return segment;
  }
  return std::nullopt;
}

bool JpegReader::take_frame(int marker, std::span<const std::uint8_t> content) {
  if (header_.start_of_frame != 0 || content.size() < 6) return false;
  const std::size_t count = content[5];
  if (count < 1 || count > 4 || content.size() < 6 + 3 * count) return false;
  header_.precision = content[0];
  header_.rows = big_endian(content, 1);
  header_.columns = big_endian(content, 3);
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint8_t* p = content.data() + 6 + 3 * i;
    const JpegComponent component{p[0], p[1] >> 4, p[1] & 15, p[2]};
    if (component.across < 1 || component.across > 4 || component.down < 1 || component.down > 4 ||
        component.quantisation > 3)
      return false;
    header_.components.push_back(component);
  }
  header_.start_of_frame = marker;
  return true;
}

bool JpegReader::take_huffman(std::span<const std::uint8_t> content) {
  while (content.size() >= 17) {
    const std::size_t kind = content[0] >> 4;
    const std::size_t table = content[0] & 15;
    const auto counts = content.subspan<1, 16>();
    std::size_t symbols = 0;
    for (const std::uint8_t count : counts) symbols += count;
    if (kind > 1 || table > 3 || symbols > 256 || content.size() < 17 + symbols) return false;
    if (!(kind == 0 ? dc_ : ac_)[table].set(counts, content.subspan(17, symbols))) return false;
    content = content.subspan(17 + symbols);
  }
  return content.empty();
}

bool JpegReader::take_quantisation(std::span<const std::uint8_t> content) {
  while (!content.empty()) {
    const bool wide = content[0] >> 4 != 0;
    const std::size_t table = content[0] & 15;
    const std::size_t size = wide ? 129 : 65;
    if (table > 3 || content.size() < size) return false;
    for (std::size_t i = 0; i < 64; ++i)
      quantisation_[table][i] =
          static_cast<std::uint16_t>(wide ? big_endian(content, 1 + 2 * i) : content[1 + i]);
    content = content.subspan(size);
  }
  return true;
}

bool JpegReader::take_segment(const Segment& segment) {
  const auto content = segment.content;
  if (is_frame(segment.marker)) return take_frame(segment.marker, content);
  switch (segment.marker) {
  case 0xC4:
    return take_huffman(content);
  case 0xDB:
    return take_quantisation(content);
  case 0xDD:
    if (content.size() < 2) return false;
    restart_interval_ = big_endian(content, 0);
    return true;
  case 0xE0:
    if (begins_with(content, "JFIF", 5)) header_.jfif = true;
    return true;
  case 0xEE:
    if (begins_with(content, "Adobe", 5) && content.size() >= 12) header_.adobe_transform = content[11];
    return true;
  default:
    return true;
  }
}

Result<void> JpegReader::read_header() {
  while (const auto segment = next_segment()) {
    if (segment->marker == 0xDA) {
      if (header_.start_of_frame == 0) return failure(damaged_stream());
      first_scan_ = segment->content;
      return {};
    }
    if (!take_segment(*segment)) return failure(damaged_stream());
  }
  return failure(damaged_stream());
}

Result<std::optional<JpegScan>> JpegReader::next_scan() {
  if (first_scan_) {
    const auto content = *first_scan_;
    first_scan_.reset();
    BLOCH_TRY(scan, take_scan(content));
    return std::optional(scan);
  }
  while (const auto segment = next_segment()) {
    if (segment->marker == 0xDA) {
      BLOCH_TRY(scan, take_scan(segment->content));
      return std::optional(scan);
    }
    if (!take_segment(*segment)) return failure(damaged_stream());
  }
  return std::optional<JpegScan>();
}

Result<JpegScan> JpegReader::take_scan(std::span<const std::uint8_t> content) {
  const std::size_t count = content.empty() ? 0 : content[0];
  if (count < 1 || count > header_.components.size() || content.size() < 4 + 2 * count)
    return failure(damaged_stream());
  JpegScan scan;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint8_t* p = content.data() + 1 + 2 * i;
    const auto found = std::find_if(header_.components.begin(), header_.components.end(),
                                    [&](const JpegComponent& component) { return component.id == p[0]; });
    if (found == header_.components.end() || p[1] >> 4 > 3 || (p[1] & 15) > 3) return failure(damaged_stream());
    const auto index = static_cast<std::size_t>(found - header_.components.begin());
    for (const auto& other : scan.components)
      if (other.index == index) return failure(damaged_stream());
    scan.components.push_back(
        {index, static_cast<std::size_t>(p[1] >> 4), static_cast<std::size_t>(p[1] & 15)});
  }
  const std::uint8_t* p = content.data() + 1 + 2 * count;
  scan.start = p[0];
  scan.end = p[1];
  scan.high = p[2] >> 4;
  scan.low = p[2] & 15;
  const std::size_t begin = position_;
  while (position_ + 1 < bytes_.size()) { // up to a marker that is no restart
    const void* found = std::memchr(bytes_.data() + position_, 0xFF, bytes_.size() - 1 - position_);
    if (!found) {
      position_ = bytes_.size();
      break;
    }
    position_ = static_cast<std::size_t>(static_cast<const std::uint8_t*>(found) - bytes_.data());
    const int next = bytes_[position_ + 1];
    if (next != 0 && next != 0xFF && (next < 0xD0 || next > 0xD7)) break;
    position_ += next == 0xFF ? 1 : 2;
  }
  scan.bytes = bytes_.subspan(begin, std::min(position_, bytes_.size()) - begin);
  return scan;
}

JpegHeader read_jpeg_header(std::span<const std::uint8_t> bytes) {
  JpegReader reader(bytes);
  return reader.read_header() ? reader.header() : JpegHeader{};
}

} // namespace bloch::imaging
