// Every folder of the real data through dcm2niix and through Bloch, volume by volume.
#include <algorithm>
#include <iostream>
#include <map>
#include <set>

#include <Eigen/LU>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "imaging/dicom/read_series.h"
#include "imaging/dicom/scan.h"
#include "tests/imaging/dicom/synthetic_dicom.h"
#include "tests/imaging/open/dcm2niix_differences.h"
#include "tests/imaging/open/peer_nifti.h"

namespace bloch::imaging {
namespace {

namespace fs = std::filesystem;
using tests::PeerNifti;

/// How one of our volumes relates to one 3D frame of dcm2niix.
struct Likeness {
  bool voxels = false;   ///< all the same, up to flips of axes
  double apart_mm = 1e9; ///< largest distance of corresponding corners
};

/// Which axis of theirs each axis of ours is, and whether it runs the other way: dcm2niix turns some
/// acquisitions.
struct AxisMap {
  std::array<std::size_t, 3> axis;
  std::array<bool, 3> flipped;

  std::array<int, 3> to_theirs(const std::array<int, 3>& size, const std::array<int, 3>& voxel) const {
    std::array<int, 3> other{};
    for (std::size_t i = 0; i < 3; ++i) other[axis[i]] = flipped[i] ? size[i] - 1 - voxel[i] : voxel[i];
    return other;
  }
};

bool same_voxels(const Volume& ours, const PeerNifti& theirs, int frame, const AxisMap& map) {
  const auto& size = ours.geometry().size;
  // Both scale stored values in float32; their sum may differ in its last bit.
  const double relative = ours.holds<std::int16_t>() ? 0 : 1e-5;
  const double* first = theirs.samples.data() + theirs.voxels() * static_cast<std::size_t>(frame);
  return ours.visit([&](auto samples) {
    for (int z = 0; z < size[2]; ++z)
      for (int y = 0; y < size[1]; ++y)
        for (int x = 0; x < size[0]; ++x) {
          const auto at = map.to_theirs(size, {x, y, z});
          const double mine = static_cast<double>(samples[ours.offset(x, y, z)]);
          const double other =
              first[(static_cast<std::size_t>(at[2]) * static_cast<std::size_t>(theirs.size[1]) +
                     static_cast<std::size_t>(at[1])) *
                        static_cast<std::size_t>(theirs.size[0]) +
                    static_cast<std::size_t>(at[0])];
          if (std::abs(mine - other) > relative * std::max(std::abs(mine), 1.0)) return false;
        }
    return true;
  });
}

double corners_apart(const VolumeGeometry& ours, const PeerNifti& theirs, const AxisMap& map) {
  double farthest = 0;
  for (int corner = 0; corner < 8; ++corner) {
    std::array<int, 3> voxel{};
    for (std::size_t axis = 0; axis < 3; ++axis) voxel[axis] = corner >> axis & 1 ? ours.size[axis] - 1 : 0;
    const auto other = map.to_theirs(ours.size, voxel);
    const Eigen::Vector4d difference =
        ours.voxel_to_world() * Eigen::Vector4d(voxel[0], voxel[1], voxel[2], 1) -
        theirs.voxel_to_lps * Eigen::Vector4d(other[0], other[1], other[2], 1);
    farthest = std::max(farthest, difference.head<3>().norm());
  }
  return farthest;
}

Likeness compare(const Volume& ours, const PeerNifti& theirs, int frame) {
  Likeness best;
  AxisMap map{{0, 1, 2}, {}};
  do {
    bool fits = true;
    for (std::size_t i = 0; i < 3; ++i) fits = fits && ours.geometry().size[i] == theirs.size[map.axis[i]];
    for (int i = 0; fits && i < 8; ++i) {
      map.flipped = {(i & 1) != 0, (i & 2) != 0, (i & 4) != 0};
      const double apart = corners_apart(ours.geometry(), theirs, map);
      if (apart >= best.apart_mm || !same_voxels(ours, theirs, frame, map)) continue;
      best = {true, apart};
    }
  } while (std::next_permutation(map.axis.begin(), map.axis.end()));
  return best;
}

/// What the comparison of one series came to.
struct Outcome {
  int volumes = 0; ///< of ours
  int equal = 0;   ///< voxels and place
  int displaced = 0;
  int theirs_alone = 0; ///< frames of theirs that none of ours equals
  double farthest_mm = 0;
  std::string refused; ///< why we have no volume

  Difference kind() const {
    if (!refused.empty()) return Difference::not_a_volume;
    if (equal == volumes && theirs_alone == 0) return Difference::none;
    if (equal == volumes) return Difference::more_of_theirs;
    if (equal + displaced == volumes) return Difference::place;
    return Difference::voxels;
  }
};

/// parts: the series, or all its parts
Outcome compare_series(const std::vector<const SeriesInfo*>& parts, const std::vector<PeerNifti>& peers) {
  Outcome outcome;
  std::vector<std::vector<bool>> used;
  for (const PeerNifti& peer : peers) used.emplace_back(static_cast<std::size_t>(peer.size[3]), false);
  std::vector<std::pair<const SeriesInfo*, int>> numbers;
  for (const SeriesInfo* part : parts)
    for (int number = 0; number < part->volumes; ++number) numbers.emplace_back(part, number);
  for (const auto& [part, number] : numbers) {
    const auto volume = read_volume(*part, {}, number);
    if (!volume) {
      outcome.refused = volume.error().message;
      return outcome;
    }
    ++outcome.volumes;
    Likeness best;
    std::pair<std::size_t, std::size_t> where;
    for (std::size_t p = 0; p < peers.size() && best.apart_mm > 1e-3; ++p)
      for (std::size_t frame = 0; frame < used[p].size() && best.apart_mm > 1e-3; ++frame) {
        if (used[p][frame] || peers[p].colour) continue;
        const Likeness like = compare(*volume, peers[p], static_cast<int>(frame));
        if (!like.voxels || like.apart_mm >= best.apart_mm) continue;
        best = like;
        where = {p, frame};
      }
    if (!best.voxels) continue;
    used[where.first][where.second] = true;
    (best.apart_mm <= 1e-3 ? outcome.equal : outcome.displaced) += 1;
    outcome.farthest_mm = std::max(outcome.farthest_mm, best.apart_mm);
  }
  for (const auto& frames : used)
    outcome.theirs_alone += static_cast<int>(std::count(frames.begin(), frames.end(), false));
  return outcome;
}

std::vector<fs::path> folders_with_files(const fs::path& root) {
  std::set<fs::path> folders;
  for (const auto& entry : fs::recursive_directory_iterator(root))
    if (entry.is_regular_file()) folders.insert(entry.path().parent_path());
  return {folders.begin(), folders.end()};
}

/// SOP class of each series of a folder, read without Bloch.
std::map<std::string, std::string> classes_in(const fs::path& folder) {
  std::map<std::string, std::string> classes;
  for (const auto& entry : fs::directory_iterator(folder)) {
    DcmFileFormat file;
    if (!entry.is_regular_file() || file.loadFileUntilTag(entry.path().c_str(), EXS_Unknown, EGL_noChange, 1024,
                                                          ERM_autoDetect, DCM_PixelData)
                                        .bad())
      continue;
    OFString class_uid, series;
    file.getMetaInfo()->findAndGetOFString(DCM_MediaStorageSOPClassUID, class_uid);
    file.getDataset()->findAndGetOFString(DCM_SeriesInstanceUID, series);
    classes[series.c_str()] = class_uid.c_str();
  }
  return classes;
}

/// Segmentations are no images to dcm2niix alone: it writes their bits as if they were.
bool is_segmentation(const std::map<std::string, std::string>& classes, const std::string& series) {
  const auto found = classes.find(series);
  return found != classes.end() && found->second.starts_with("1.2.840.10008.5.1.4.1.1.66.");
}

/// Files by the series they came from.
std::map<std::string, std::vector<PeerNifti>> run_dcm2niix(const fs::path& folder) {
  const tests::TemporaryFolder out;
  // One folder deep, named by the UID of the series; its exit code tells little, its files all.
  tests::run_program("dcm2niix -d 0 -z n -b n -p n -f '%j' -o '" + out.path().string() + "' '" +
                     folder.string() + "'");
  std::map<std::string, std::vector<PeerNifti>> peers;
  std::set<fs::path> files;
  for (const auto& entry : fs::directory_iterator(out.path()))
    if (entry.path().extension() == ".nii") files.insert(entry.path());
  for (const fs::path& file : files) {
    const std::string name = file.stem().string();
    peers[name.substr(0, name.find_first_not_of("0123456789."))].push_back(tests::read_peer(file));
  }
  return peers;
}

bool has_warning(const SeriesInfo& series, const std::string& kind) {
  return std::any_of(series.warnings.begin(), series.warnings.end(),
                     [&](const Warning& warning) { return warning.kind == kind; });
}

class Dcm2niixTable : public ::testing::Test {
 protected:
  void compare_folder(const fs::path& folder, const std::string& name) {
    const auto peers = run_dcm2niix(folder);
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder))
      if (entry.is_regular_file()) files.push_back(entry.path());
    const auto index = scan(files);
    ASSERT_TRUE(index);
    const auto classes = classes_in(folder);
    std::set<std::string> known;
    std::map<std::string, std::vector<const SeriesInfo*>> series;
    for (const SeriesPlace& place : all_series(*index))
      series[series_instance_uid(*place.series)].push_back(place.series);
    for (const auto& [uid, parts] : series) {
      known.insert(uid);
      const auto peer = peers.find(uid);
      if (peer == peers.end()) {
        ++ours_alone_;
        continue;
      }
      if (is_segmentation(classes, uid) || has_warning(*parts.front(), "colour")) continue;
      judge(name, *parts.front(), compare_series(parts, peer->second));
    }
    for (const auto& [uid, theirs] : peers)
      if (!known.contains(uid) && !is_segmentation(classes, uid))
        expect_explained(name, uid, Difference::theirs_alone, {}, "");
  }

  void judge(const std::string& folder, const SeriesInfo& series, const Outcome& outcome) {
    const Difference kind = outcome.kind();
    volumes_ += outcome.volumes;
    equal_ += outcome.equal;
    if (kind == Difference::none) return;
    expect_explained(
        folder, series_instance_uid(series), kind, series,
        fmt::format("{} of {} volumes equal, {} displaced by up to {:.4g} mm, {} of theirs alone {}",
                    outcome.equal, outcome.volumes, outcome.displaced, outcome.farthest_mm,
                    outcome.theirs_alone, outcome.refused));
  }

  void expect_explained(const std::string& folder, const std::string& uid, Difference kind,
                        const SeriesInfo& series, const std::string& numbers) {
    for (std::size_t i = 0; i < std::size(known_differences); ++i) {
      const KnownDifference& known = known_differences[i];
      if (folder != known.folder || !uid.ends_with(known.series) || kind != known.difference) continue;
      used_.insert(i);
      if (known.warning[0]) {
        EXPECT_TRUE(has_warning(series, known.warning))
            << folder << " " << uid << ": no warning " << known.warning;
      }
      std::cout << fmt::format("    {}: {} ({}): {}\n", folder, numbers, known.right, known.why);
      return;
    }
    std::string warnings;
    for (const Warning& warning : series.warnings) warnings += "\n  " + warning.kind + ": " + warning.message;
    ADD_FAILURE() << "an unexplained difference: " << folder << " " << uid << " " << to_text(kind) << ": "
                  << numbers << warnings;
  }

  int volumes_ = 0, equal_ = 0, ours_alone_ = 0;
  std::set<std::size_t> used_;
};

TEST_F(Dcm2niixTable, EveryVolumeIsTheSameOrTheTableSaysWhoIsRight) {
  BLOCH_NEEDS_TEST_DATA();
  BLOCH_NEEDS_PROGRAM("dcm2niix");
  const fs::path root = tests::test_data() / "dicom";
  for (const fs::path& folder : folders_with_files(root))
    compare_folder(folder, fs::relative(folder, root).string());
  for (std::size_t i = 0; i < std::size(known_differences); ++i)
    EXPECT_TRUE(used_.contains(i)) << "no such difference any more: " << known_differences[i].folder << " "
                                   << known_differences[i].series;
  std::cout << fmt::format("    {} of {} volumes equal, {} series that only Bloch reads\n", equal_, volumes_,
                           ours_alone_);
  EXPECT_GT(equal_, 0);
}

/// Series that other programs stack without a word, or give up on.
TEST(DifficultSeries, CarryTheRightWarnings) {
  BLOCH_NEEDS_TEST_DATA();
  using Kinds = std::set<std::string>;
  const std::pair<const char*, Kinds> folders[] = {
      {"dcm_qa_ct_tilt/GE", {"gantry-tilt", "uneven-spacing"}},
      {"dicom2nifti/failing/gantrytilting/001", {"gantry-tilt"}},
      {"dicom2nifti/failing/sliceincrement/001", {"missing-slices"}},
      {"dicom2nifti/failing/sliceincrement/002", {"gantry-tilt", "missing-slices"}},
      {"dicom2nifti/failing/notavolume/001", {"not-a-volume"}},
      {"dicom2nifti/failing/sliceorientation/001", {"mixed-orientation"}},
      {"dicom2nifti/failing/slicecount/001", {}}}; // two slices: few, but where they should be
  for (const auto& [name, expected] : folders) {
    const fs::path paths[] = {tests::test_data() / "dicom" / name};
    const auto index = scan(paths);
    ASSERT_TRUE(index) << name;
    Kinds kinds;
    for (const SeriesPlace& place : all_series(*index))
      for (const Warning& warning : place.series->warnings) kinds.insert(warning.kind);
    EXPECT_EQ(kinds, expected) << name;
  }
}

} // namespace
} // namespace bloch::imaging
