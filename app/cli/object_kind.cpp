#include "app/cli/object_kind.h"

#include <fmt/format.h>

#include "core/base/text.h"

namespace bloch::app {
namespace {

/// Classes whose objects are one file, as --as names them.
constexpr struct {
  const char* sop_class;
  const char* kind;
  const char* name;
} object_classes[] = {
    {"1.2.840.10008.5.1.4.1.1.4.1", "enhanced-mr", "an enhanced MR"},
    {"1.2.840.10008.5.1.4.1.1.4.4", "enhanced-mr", "an enhanced MR"}, // legacy converted
    {"1.2.840.10008.5.1.4.1.1.2.1", "enhanced-ct", "an enhanced CT"},
    {"1.2.840.10008.5.1.4.1.1.2.2", "enhanced-ct", "an enhanced CT"}, // legacy converted
    {"1.2.840.10008.5.1.4.1.1.30", "parametric-map", "a parametric map"},
    {"1.2.840.10008.5.1.4.1.1.7.1", "multi-frame-secondary-capture", "a multi-frame secondary capture"},
    {"1.2.840.10008.5.1.4.1.1.7.2", "multi-frame-secondary-capture", "a multi-frame secondary capture"},
    {"1.2.840.10008.5.1.4.1.1.7.3", "multi-frame-secondary-capture", "a multi-frame secondary capture"},
    {"1.2.840.10008.5.1.4.1.1.7.4", "multi-frame-secondary-capture", "a multi-frame secondary capture"},
};

/// Empty: a file each image.
std::string kind_of_class(const std::string& sop_class) {
  for (const auto& known : object_classes)
    if (sop_class == known.sop_class) return known.kind;
  return {};
}

std::string name_of_kind(const std::string& kind) {
  for (const auto& known : object_classes)
    if (kind == known.kind) return known.name;
  return kind;
}

/// Of an image file it is not known: "OT" stands for that.
std::string known_modality(const SeriesInfo& pixels) {
  return pixels.sop_class_uid.empty() && pixels.modality == "OT" ? std::string() : pixels.modality;
}

/// "a series of CT images, one a file", "no DICOM".
std::string what_it_is(const SeriesInfo& series) {
  return series.sop_class_uid.empty() ? "no DICOM"
                                      : fmt::format("a series of {} images, one a file", series.modality);
}

Error nothing_says_which(const std::string& reason) {
  return {ErrorKind::invalid_parameter,
          "nothing says which object the .dcm file is, for " + reason +
              ": choose it with --as (enhanced-mr, enhanced-ct, parametric-map, multi-frame-secondary-capture, "
              "seg), or give --out a new folder that ends in / for a series"};
}

} // namespace

bool is_dicom_file(const std::filesystem::path& out) {
  std::error_code code;
  return lower_case(out.extension().string()) == ".dcm" && !std::filesystem::is_directory(out, code);
}

Result<std::string> object_kind(const Invocation& invocation, const SeriesInfo& pixels,
                                const SeriesInfo* like) {
  const std::string own = kind_of_class(pixels.sop_class_uid);
  const std::string model = like ? kind_of_class(like->sop_class_uid) : own;
  if (own.empty() && model.empty())
    return failure(
        nothing_says_which(like ? "--like is " + what_it_is(*like) : "the input is " + what_it_is(pixels)));
  std::string kind = own.empty() ? model : own;
  const std::string modality = known_modality(pixels);
  if (own.empty() && kind.starts_with("enhanced-") && !modality.empty()) {
    if (modality != "MR" && modality != "CT")
      return failure(nothing_says_which(
          fmt::format("--like is {}, but the values of the input are {}", name_of_kind(model), modality)));
    kind = "enhanced-" + lower_case(modality);
  }
  if (kind == model || model.empty()) return kind;
  invocation.warn(own.empty() ? fmt::format("--like is {}, but the values of the input are {}: {} is written",
                                            name_of_kind(model), modality, name_of_kind(kind))
                              : fmt::format("--like is {}, but the input is {}, and is written as that",
                                            name_of_kind(model), name_of_kind(kind)));
  return kind;
}

} // namespace bloch::app
