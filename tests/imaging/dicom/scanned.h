#pragma once

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "imaging/dicom/scan.h"

namespace bloch::imaging {

inline StudyIndex scanned(const std::filesystem::path& path) {
  const std::filesystem::path paths[] = {path};
  auto index = scan(paths);
  EXPECT_TRUE(index) << (index ? "" : index.error().message);
  return index ? *index : StudyIndex{};
}

inline SeriesInfo only_series(const std::filesystem::path& path) {
  const StudyIndex index = scanned(path);
  const auto all = all_series(index);
  EXPECT_EQ(all.size(), 1U);
  return all.empty() ? SeriesInfo{} : *all.front().series;
}

inline std::vector<SeriesInfo> all_parts(const std::filesystem::path& path) {
  const StudyIndex index = scanned(path);
  std::vector<SeriesInfo> parts;
  for (const SeriesPlace& place : all_series(index)) parts.push_back(*place.series);
  return parts;
}

/// Kinds of the warnings of a series.
using Kinds = std::vector<std::string>;

inline Kinds kinds(const SeriesInfo& series) {
  Kinds names;
  for (const Warning& warning : series.warnings) names.push_back(warning.kind);
  return names;
}

} // namespace bloch::imaging
