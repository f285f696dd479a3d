#include "imaging/io/kspace_file.h"

#include <algorithm>

#include "core/base/text.h"
#include "core/data/finite.h"
#include "imaging/io/detail/file_name.h"
#include "imaging/parallel/pieces.h"

namespace bloch::imaging {

#define BLOCH_KSPACE_FORMAT(name) const KSpaceFormat& name##_format();
#include "imaging/io/kspace_formats.inc"
#undef BLOCH_KSPACE_FORMAT

std::span<const KSpaceFormat> kspace_formats() {
#define BLOCH_KSPACE_FORMAT(name) name##_format(),
  static const std::vector<KSpaceFormat> formats = {
#include "imaging/io/kspace_formats.inc"
  };
#undef BLOCH_KSPACE_FORMAT
  return formats;
}

namespace {

/// The first format of this ending for which `fits` holds; without any, the first of this ending.
Result<const KSpaceFormat*> format_for(const std::filesystem::path& path,
                                       bool (*fits)(const KSpaceFormat&, const std::filesystem::path&)) {
  for (const KSpaceFormat& format : kspace_formats())
    for (const std::string& ending : format.extensions)
      if (detail::has_ending(path, ending) && fits(format, path)) return &format;
  return detail::format_by_ending(kspace_formats(), path, "raw data");
}

Result<KSpace> checked(const std::filesystem::path& path, KSpace kspace) {
  if (!kspace.geometry)
    kspace.warnings.push_back(
        "the file gives no geometry: 1 mm spacing, origin 0 and axial slices are assumed");
  const auto samples = kspace.samples();
  const Pieces pieces(samples.size(), thread_count());
  const auto not_numbers = pieces.sum<int>(
      [&](std::size_t i, std::size_t count) { return all_finite(samples.subspan(i, count)) ? 0 : 1; });
  if (not_numbers > 0) return detail::broken(path, "it holds samples that are not numbers");
  const auto zero = [](std::complex<float> v) { return v == std::complex<float>(0); };
  if (std::all_of(samples.begin(), samples.end(), zero)) return detail::broken(path, "every sample is zero");
  return kspace;
}

} // namespace

Result<const KSpaceFormat*> kspace_format_of(const std::filesystem::path& path) {
  return format_for(path, [](const KSpaceFormat& format, const std::filesystem::path& file) {
    return !format.recognises || format.recognises(file);
  });
}

std::string to_text(const KSpacePart& part) {
  std::string text;
  for (const auto& [name, value] : part) text += (text.empty() ? "" : ",") + name + "=" + std::to_string(value);
  return text;
}

Result<KSpacePart> parse_kspace_part(std::string_view text) {
  static const std::vector<std::string> names{"encoding", "slab",       "contrast", "phase",
                                              "set",      "repetition", "average"};
  KSpacePart part;
  if (trimmed(text).empty()) return part;
  for (const std::string& piece : split(text, ',')) {
    const std::size_t equals = piece.find('=');
    const std::string name(trimmed(piece.substr(0, equals)));
    long long value = -1;
    if (equals != std::string::npos) value = to_integer(trimmed(piece.substr(equals + 1))).value_or(-1);
    if (std::find(names.begin(), names.end(), name) == names.end())
      return failure(ErrorKind::invalid_parameter,
                     "a scan has no counter '" + name + "'" + suggestion(name, names));
    if (value < 0 || value > 65535)
      return failure(ErrorKind::invalid_parameter,
                     "a part of a scan is written contrast=1,repetition=0, not '" + std::string(text) + "'");
    part.emplace_back(name, static_cast<int>(value));
  }
  return part;
}

bool names_axes(const std::filesystem::path& path) {
  const auto unnamed = [&](const KSpaceFormat& format) {
    return format.read_one_coil &&
           std::any_of(format.extensions.begin(), format.extensions.end(),
                       [&](const auto& ending) { return detail::has_ending(path, ending); });
  };
  return std::none_of(kspace_formats().begin(), kspace_formats().end(), unnamed);
}

std::string to_text(CoilAxis axis) { return axis == CoilAxis::none ? "none" : "auto"; }

Result<CoilAxis> parse_coil_axis(std::string_view text) {
  for (const CoilAxis axis : {CoilAxis::automatic, CoilAxis::none})
    if (text == to_text(axis)) return axis;
  return failure(ErrorKind::invalid_parameter,
                 "the coil axis is auto or none, not '" + std::string(text) + "'");
}

Result<KSpace> read_kspace(const std::filesystem::path& path, const Progress& progress, CoilAxis coil_axis) {
  return read_kspace_part(path, {}, progress, coil_axis);
}

Result<std::vector<KSpacePart>> kspace_parts(const std::filesystem::path& path, const KSpacePart& selection) {
  BLOCH_TRY(format, kspace_format_of(path));
  BLOCH_CHECK(detail::check_readable(path));
  std::vector<KSpacePart> all{{}};
  if (format->parts) {
    BLOCH_TRY(parts, format->parts(path));
    all = std::move(parts);
  }
  std::vector<KSpacePart> chosen;
  for (KSpacePart& part : all) {
    bool agrees = true;
    for (const auto& [name, value] : selection) {
      const auto own = std::find_if(part.begin(), part.end(),
                                    [&wanted = name](const auto& counter) { return counter.first == wanted; });
      if (name == "average" && format->parts)
        part.emplace_back(name, value);
      else
        // A counter that does not vary is 0 everywhere.
        agrees = agrees && value == (own == part.end() ? 0 : own->second);
    }
    if (agrees) chosen.push_back(std::move(part));
  }
  if (chosen.empty()) {
    std::vector<std::string> known;
    for (const KSpacePart& part : all)
      if (!part.empty() && known.size() < 8) known.push_back(to_text(part));
    return failure(ErrorKind::invalid_parameter,
                   detail::quoted(path) + " holds no " + to_text(selection) +
                       (known.empty()
                            ? "; it holds one scan alone"
                            : "; it holds " + join(known, "; ") + (all.size() > known.size() ? "; …" : "")));
  }
  return chosen;
}

Result<KSpace> read_kspace_part(const std::filesystem::path& path, const KSpacePart& part,
                                const Progress& progress, CoilAxis coil_axis) {
  BLOCH_TRY(format, kspace_format_of(path));
  BLOCH_CHECK(detail::check_readable(path));
  if (coil_axis == CoilAxis::none && !format->read_one_coil)
    return failure(ErrorKind::invalid_parameter,
                   detail::quoted(path) + " says itself which axis is the coils' (" + format->label +
                       "); a coil axis of 'none' is for .npy, .npz and .mat, so leave it out");
  if (!part.empty() && !format->read_part)
    return failure(ErrorKind::invalid_parameter,
                   detail::quoted(path) + " holds one scan alone, so there is no " + to_text(part) + " in it");
  if (format->read_part) {
    BLOCH_TRY(kspace, format->read_part(path, part, progress));
    return checked(path, std::move(kspace));
  }
  const auto read = coil_axis == CoilAxis::none ? format->read_one_coil : format->read;
  BLOCH_TRY(kspace, read(path, progress));
  return checked(path, std::move(kspace));
}

Result<void> write_kspace(const std::filesystem::path& path, const KSpace& kspace) {
  BLOCH_TRY(format, format_for(path, [](const KSpaceFormat& one, const std::filesystem::path&) {
              return one.write != nullptr;
            }));
  if (!format->write)
    return failure(ErrorKind::unsupported,
                   format->label + " is read but not written; name another file ending");
  return format->write(path, kspace);
}

} // namespace bloch::imaging
