#include "imaging/io/detail/npz_file.h"

#include <algorithm>
#include <string>
#include <vector>

#include "core/base/file.h"
#include "core/base/text.h"
#include "imaging/io/detail/file_name.h"
#include "imaging/io/detail/zip_archive.h"

namespace bloch::imaging::detail {

namespace {

constexpr std::uint64_t longest_npy_header = 65536 + 12;

struct NpzChoice {
  ZipMember member;
  bool one_of_several = false;
};

Result<NpzChoice> choose_member(const std::filesystem::path& path, std::span<const std::string_view> names) {
  BLOCH_TRY(members, read_zip_directory(path));
  std::erase_if(members, [](const ZipMember& member) { return !member.name.ends_with(".npy"); });
  if (members.empty()) return refused(path, "is an archive without any NumPy array");
  const std::string part = part_of(path);
  const auto called = [&](std::string_view name) -> const ZipMember* {
    const auto found = std::find_if(members.begin(), members.end(), [&](const ZipMember& member) {
      return member.name == std::string(name) + ".npy";
    });
    return found == members.end() ? nullptr : &*found;
  };
  const ZipMember* chosen = !part.empty() ? called(part) : members.size() == 1 ? &members.front() : nullptr;
  for (const std::string_view name : names)
    if (!chosen && part.empty()) chosen = called(name);
  if (!chosen) {
    std::vector<std::string> held;
    for (const ZipMember& member : members)
      if (held.size() < 8) held.push_back(member.name.substr(0, member.name.size() - 4));
    if (!part.empty())
      return failure(ErrorKind::not_found,
                     quoted(file_of(path)) + " holds no array '" + part + "'; it holds " + join(held, ", "));
    std::vector<std::string> known(names.begin(), names.end());
    return refused(path, "holds several arrays (" + join(held, ", ") + ") and none of them is called " +
                             join(known, ", ") + "; say which one is meant, as in '" +
                             path.filename().string() + "#" + held.front() + "'");
  }
  return NpzChoice{*chosen, members.size() > 1};
}

} // namespace

Result<NpyArray> read_npz(const std::filesystem::path& path, std::span<const std::string_view> names) {
  BLOCH_TRY(chosen, choose_member(path, names));
  BLOCH_TRY(bytes, read_zip_member(path, chosen.member));
  return read_npy_bytes(bytes, path);
}

Result<ArrayHead> read_npz_head(const std::filesystem::path& path, std::span<const std::string_view> names) {
  BLOCH_TRY(chosen, choose_member(path, names));
  BLOCH_TRY(begin, read_zip_begin(path, chosen.member, longest_npy_header));
  BLOCH_TRY(head, read_npy_head(begin, chosen.member.bytes, path));
  if (chosen.one_of_several) head.name = chosen.member.name.substr(0, chosen.member.name.size() - 4);
  return std::move(head);
}

} // namespace bloch::imaging::detail
