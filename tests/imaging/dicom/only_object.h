#pragma once

#include <filesystem>

#include <gtest/gtest.h>

#include "imaging/dicom/scan.h"

namespace bloch::imaging {

/// The one object among files that hold no image.
inline ObjectInfo only_object(const std::filesystem::path& path) {
  const std::filesystem::path paths[] = {path};
  const auto index = scan(paths);
  EXPECT_TRUE(index) << (index ? "" : index.error().message);
  if (!index) return {};
  EXPECT_EQ(all_objects(*index).size(), 1U);
  EXPECT_TRUE(all_series(*index).empty());
  return all_objects(*index).empty() ? ObjectInfo{} : *all_objects(*index).front().object;
}

} // namespace bloch::imaging
