#include "imaging/io/detail/text_header.h"

#include <algorithm>
#include <array>
#include <fstream>

#include <zlib.h>

#include "core/base/file.h"
#include "core/base/text.h"
#include "imaging/io/detail/byte_source.h"
#include "imaging/io/detail/file_name.h"

namespace bloch::imaging::detail {
namespace {

/// zlib or gzip: the target must be filled and the stream must come to its own end (checksum included); what it
/// holds beyond the target is let go.
bool inflate_into(std::span<const std::uint8_t> packed, std::span<std::uint8_t> target) {
  constexpr std::size_t piece = std::size_t{1} << 28; // zlib counts in 32 bits
  z_stream stream{};
  if (inflateInit2(&stream, MAX_WBITS + 32) != Z_OK) return false;
  std::array<std::uint8_t, 4096> surplus{};
  int state = Z_OK;
  while (state == Z_OK) {
    const std::span<std::uint8_t> out = target.empty() ? std::span<std::uint8_t>(surplus) : target;
    stream.next_in = const_cast<Bytef*>(packed.data()); // zlib does not write to it
    stream.avail_in = static_cast<uInt>(std::min(packed.size(), piece));
    stream.next_out = out.data();
    stream.avail_out = static_cast<uInt>(std::min(out.size(), piece));
    const uInt in_before = stream.avail_in;
    const uInt out_before = stream.avail_out;
    state = inflate(&stream, Z_NO_FLUSH);
    packed = packed.subspan(in_before - stream.avail_in);
    if (!target.empty())
      target = target.subspan(out_before - stream.avail_out);
    else if (in_before == stream.avail_in && out_before == stream.avail_out)
      break;
  }
  inflateEnd(&stream);
  return target.empty() && state == Z_STREAM_END;
}

} // namespace

std::string TextHeader::value(const std::string& key) const {
  const auto found = values.find(key);
  return found == values.end() ? std::string() : found->second;
}

std::optional<std::vector<double>> TextHeader::numbers(const std::string& key) const {
  std::string text = value(key);
  for (char& c : text)
    if (c == '(' || c == ')' || c == ',' || c == '\t') c = ' ';
  std::vector<double> result;
  for (const std::string& word : split(text, ' ')) {
    if (word.empty()) continue;
    const auto number = to_number(word);
    if (!number) return std::nullopt;
    result.push_back(*number);
  }
  return result;
}

Result<TextHeader> read_text_header(const std::filesystem::path& path, char separator,
                                    const std::string& last_key) {
  std::ifstream file(path, std::ios::binary);
  std::string front(65536, '\0');
  file.read(front.data(), static_cast<std::streamsize>(front.size()));
  front.resize(static_cast<std::size_t>(std::max<std::streamsize>(0, file.gcount())));
  TextHeader header;
  std::size_t begin = 0;
  while (begin < front.size()) {
    const std::size_t end = std::min(front.find('\n', begin), front.size());
    const std::string_view line = trimmed(std::string_view(front).substr(begin, end - begin));
    if (begin == 0) header.first_line = line;
    begin = end + 1;
    header.bytes = std::min(begin, front.size());
    if (line.empty() && last_key.empty()) return header;
    const std::size_t split_at = line.find(separator);
    if (split_at == std::string_view::npos || line.starts_with('#')) continue;
    const std::string key = lower_case(trimmed(line.substr(0, split_at)));
    header.values[key] = std::string(trimmed(line.substr(split_at + 1)));
    if (!last_key.empty() && key == last_key) return header;
  }
  return header;
}

Result<std::vector<std::uint8_t>> read_sample_block(const std::filesystem::path& path, const SampleBlock& block,
                                                    std::uint64_t count, std::uint64_t bytes_each) {
  std::filesystem::path holder = path;
  if (!block.data_file.empty()) {
    const std::filesystem::path name(block.data_file);
    if (name.has_parent_path() || !name.has_filename() || block.data_file == "..")
      return refused(path, "names a data file in another folder; put both into one folder");
    holder = path.parent_path() / name;
    BLOCH_CHECK(check_readable(holder));
  }
  std::error_code code;
  const std::uintmax_t size = std::filesystem::file_size(holder, code);
  if (code || size < block.offset) return broken(path, "its data would start behind its end");
  const std::uint64_t most = (size - block.offset) * (block.compressed ? best_deflate : 1);
  if (count > most / bytes_each) return broken(path, "it claims more samples than the file holds");
  std::vector<std::uint8_t> samples(count * bytes_each);
  if (block.compressed) {
    BLOCH_TRY(packed, read_file(holder));
    if (packed.size() < block.offset || !inflate_into(std::span(packed).subspan(block.offset), samples))
      return broken(path, "its compressed data are damaged or end too early");
    return samples;
  }
  std::ifstream file(holder, std::ios::binary);
  file.seekg(static_cast<std::streamoff>(block.offset));
  file.read(reinterpret_cast<char*>(samples.data()), static_cast<std::streamsize>(samples.size()));
  if (static_cast<std::size_t>(file.gcount()) != samples.size())
    return broken(path, "it ends before its data do");
  return samples;
}

std::string joined_numbers(const std::vector<double>& numbers, const char* separator) {
  std::string text;
  for (const double number : numbers) text += (text.empty() ? "" : separator) + to_text(number);
  return text;
}

} // namespace bloch::imaging::detail
