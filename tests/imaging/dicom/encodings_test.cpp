#include <algorithm>
#include <cmath>
#include <iostream>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "imaging/dicom/read_colour.h"
#include "imaging/dicom/read_series.h"
#include "imaging/dicom/scan.h"
#include "tests/imaging/dicom/synthetic_dicom.h"

namespace bloch::imaging {
namespace {

namespace fs = std::filesystem;

Result<Volume> volume_of_file(const fs::path& path) {
  const fs::path paths[] = {path};
  BLOCH_TRY(index, scan(paths));
  if (!index.rejected.empty()) return failure(ErrorKind::unsupported, index.rejected.front().reason);
  return read_volume(*all_series(index).front().series);
}

double largest_difference(const Volume& a, const Volume& b) {
  if (a.voxel_count() != b.voxel_count()) return 1e30;
  const auto first = to_float(a);
  const auto second = to_float(b);
  double largest = 0;
  for (std::size_t i = 0; i < first.size(); ++i)
    largest = std::max<double>(largest, std::abs(first[i] - second[i]));
  return largest;
}

/// HU that an encoding of the CT (4402 values, -3024 to 1378) may be wrong by; 0 for those that are lossless.
double bound_of(const std::string& name) {
  static const std::map<std::string, double> lossy = {
      {"JPEGLSLossyTransfer", 1},     // made with NEAR = 1
      {"JPEG2000Transfer", 5},        //
      {"JPEGProcess2_4Transfer", 37}, // 12 bits at quality 90; DCMTK's decoder finds 36
      {"JPEGProcess6_8Transfer", 37}, //
      {"JPEGProcess10_12Transfer", 37}, {"JPEGProcess1Transfer", 65}, // 8 bits: 17 HU from value to value
  };
  for (const auto& [part, bound] : lossy)
    if (name.find(part) != std::string::npos) return bound;
  return 0;
}

TEST(Encodings, OfOneCtDecodeToTheSameVoxels) {
  BLOCH_NEEDS_TEST_DATA();
  const fs::path folder = tests::test_data() / "dicom" / "cornerstone";
  const auto reference =
      volume_of_file(folder / "CTImage.dcm_LittleEndianExplicitTransferSyntax_1.2.840.10008.1.2.1.dcm");
  ASSERT_TRUE(reference);
  int count = 0;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with("CTImage")) continue;
    const auto volume = volume_of_file(entry.path());
    ASSERT_TRUE(volume) << name << ": " << volume.error().message;
    ++count;
    const double difference = largest_difference(*reference, *volume);
    std::cout << "    " << name << ": largest difference " << difference << "\n";
    EXPECT_LE(difference, bound_of(name)) << name;
  }
  EXPECT_EQ(count, 16);
}

TEST(Encodings, OfDicomParserDecodeToTheSameFrames) {
  BLOCH_NEEDS_TEST_DATA();
  const fs::path root = tests::test_data() / "dicom" / "dicomParser" / "encapsulated";
  for (const auto& [sub, prefix] :
       {std::pair("multi-frame", "CT0012."), std::pair("single-frame", "CT1_UNC.")}) {
    const fs::path paths[] = {root / sub / (std::string(prefix) + "explicit_little_endian.dcm")};
    const auto index = scan(paths);
    ASSERT_TRUE(index);
    ASSERT_FALSE(all_series(*index).empty());
    const SeriesInfo reference = *all_series(*index).front().series;
    for (const auto& entry : fs::directory_iterator(root / sub)) {
      const std::string name = entry.path().filename().string();
      const bool lossy = name.find(".51.") != std::string::npos || name.find(".81.") != std::string::npos;
      if (!name.starts_with(prefix) || lossy) continue;
      const fs::path one[] = {entry.path()};
      const auto other = scan(one);
      ASSERT_TRUE(other);
      ASSERT_EQ(all_series(*other).size(), 1U) << entry.path();
      const SeriesInfo series = *all_series(*other).front().series;
      ASSERT_EQ(series.images.size(), reference.images.size());
      for (std::size_t i = 0; i < series.images.size(); ++i) {
        const auto expected = read_single_image(reference, static_cast<int>(i));
        const auto image = read_single_image(series, static_cast<int>(i));
        ASSERT_TRUE(expected);
        ASSERT_TRUE(image) << image.error().message;
        EXPECT_EQ(largest_difference(*expected, *image), 0) << entry.path() << " frame " << i;
      }
    }
  }
}

/// Every file below a folder opens, or is refused with a reason.
void look_at_every_file(const fs::path& folder, int most_refused) {
  int readable = 0, unreadable = 0;
  std::set<fs::path> in_series;
  const fs::path paths[] = {folder};
  const auto index = scan(paths);
  ASSERT_TRUE(index);
  std::size_t listed = 0; // without those that a DICOMDIR names and that are not there
  for (const RejectedFile& file : index->rejected) listed += fs::exists(file.path) ? 1 : 0;
  for (const RejectedFile& file : index->rejected) EXPECT_FALSE(file.reason.empty()) << file.path;
  const std::size_t objects = all_objects(*index).size(); // one file each
  listed += objects;
  for (const SeriesPlace& place : all_series(*index)) {
    const SeriesInfo& series = *place.series;
    in_series.insert(series.files.begin(), series.files.end()); // parts of one series share their files
    ASSERT_FALSE(series.images.empty());
    const auto middle = static_cast<int>(series.images.size() / 2);
    const Result<void> image = series.colour ? read_colour_image(series, middle).map([](const auto&) {})
                                             : read_middle_image(series).map([](const auto&) {});
    if (image) {
      ++readable;
      EXPECT_TRUE(!series.geometry || series.geometry->is_valid());
    } else {
      ++unreadable;
      EXPECT_FALSE(image.error().message.empty());
      std::cout << "    " << series.files.front().filename().string() << ": " << image.error().message << "\n";
    }
  }
  listed += in_series.size();
  std::size_t there = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) there += entry.is_directory() ? 0 : 1;
  EXPECT_EQ(listed, there);
  EXPECT_LE(unreadable, most_refused);
  std::cout << "    " << there << " files: " << in_series.size() << " in " << readable + unreadable
            << " series (" << readable << " decoded, " << unreadable << " refused with a reason), " << objects
            << " objects, " << index->rejected.size() << " rejected with a reason\n";
}

TEST(Encodings, OfEveryFileOfTheTestDataOpenOrAreRefusedWithAReason) {
  BLOCH_NEEDS_TEST_DATA();
  look_at_every_file(tests::test_data() / "dicom", 0);
}

TEST(Encodings, OfEveryFileOfPydicomOpenOrAreRefusedWithAReason) {
  const fs::path folder = "/usr/lib/python3/dist-packages/pydicom/data";
  if (!fs::exists(folder)) GTEST_SKIP() << "python3-pydicom is not installed";
  look_at_every_file(folder, 0);
}

} // namespace
} // namespace bloch::imaging
