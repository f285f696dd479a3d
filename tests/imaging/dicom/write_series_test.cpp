#include "imaging/dicom/write_series.h"

#include <cmath>
#include <fstream>
#include <set>

#include <gtest/gtest.h>

#include "imaging/dicom/detail/slice_writer.h"
#include "imaging/dicom/read_series.h"
#include "imaging/dicom/scan.h"
#include "tests/imaging/dicom/programs.h"
#include "tests/imaging/dicom/synthetic_dicom.h"

namespace bloch::imaging {
namespace {

namespace fs = std::filesystem;

VolumeGeometry oblique(int x, int y, int z) {
  VolumeGeometry geometry;
  geometry.size = {x, y, z};
  geometry.spacing_mm = {0.5, 0.75, 2};
  geometry.origin.mm = {-20.5, 30.25, 7};
  const double c = std::cos(0.3);
  const double s = std::sin(0.3);
  geometry.direction << 1, 0, 0, 0, c, -s, 0, s, c;
  return geometry;
}

Volume float_volume() {
  const VolumeGeometry geometry = oblique(21, 18, 5);
  std::vector<float> samples(geometry.voxel_count());
  for (std::size_t i = 0; i < samples.size(); ++i)
    samples[i] = static_cast<float>(std::sin(0.01 * static_cast<double>(i)) * 1e-3);
  return {geometry, std::move(samples)};
}

Volume int_volume() {
  const VolumeGeometry geometry = oblique(21, 18, 5);
  std::vector<std::int16_t> samples(geometry.voxel_count());
  for (std::size_t i = 0; i < samples.size(); ++i)
    samples[i] = static_cast<std::int16_t>(static_cast<int>(i) - 1000);
  return {geometry, std::move(samples)};
}

SeriesInfo read_back(const fs::path& folder, StudyIndex* whole = nullptr) {
  const fs::path paths[] = {folder};
  auto index = scan(paths);
  EXPECT_TRUE(index && index->rejected.empty() && all_series(*index).size() == 1);
  if (whole) *whole = *index;
  return *all_series(*index).front().series;
}

PatientInfo demo_patient() {
  PatientInfo patient;
  patient.name = "Yamada^Tarou=山田^太郎";
  patient.id = "P1";
  patient.birth_date = "19700102";
  patient.sex = "M";
  return patient;
}

StudyInfo demo_study() {
  StudyInfo study;
  study.uid = new_uid();
  study.id = "1";
  study.date = "20260102";
  study.time = "101112";
  study.description = "Head";
  return study;
}

SeriesInfo demo_series() {
  SeriesInfo series;
  series.modality = "MR";
  series.number = 2;
  series.description = "T1";
  series.field_strength_t = 3;
  return series;
}

/// A source series on disk and everything known about it.
struct Source {
  explicit Source(const fs::path& folder, const Volume& volume = int_volume()) {
    EXPECT_TRUE(write_original_series(folder, volume, demo_patient(), demo_study(), demo_series()));
    read_back(folder, &index);
  }
  SeriesPlace place() const { return all_series(index).front(); }

  StudyIndex index;
};

DerivedSeries demo_derived() {
  DerivedSeries derived;
  derived.description = "T1 l1-wavelet R 4";
  derived.derivation_description = "l1-wavelet, lambda 0.01";
  return derived;
}

TEST(WriteSeries, MakesUidsOfRandomNumbers) {
  std::set<std::string> seen;
  for (int i = 0; i < 200; ++i) {
    const std::string uid = new_uid();
    EXPECT_TRUE(uid.starts_with("2.25."));
    EXPECT_LE(uid.size(), 64U);
    EXPECT_NE(uid[5], '0');
    EXPECT_TRUE(seen.insert(uid).second);
  }
}

TEST(WriteSeries, GivesWholeNumbersBackExactly) {
  const tests::TemporaryFolder folder;
  const Source source(folder / "original");
  ASSERT_TRUE(write_derived_series(folder / "derived", int_volume(), source.place(), demo_derived()));
  const auto volume = read_volume(read_back(folder / "derived"));
  ASSERT_TRUE(volume);
  ASSERT_TRUE(volume->holds<std::int16_t>());
  const auto got = volume->samples<std::int16_t>();
  const Volume wanted = int_volume();
  EXPECT_TRUE(std::equal(got.begin(), got.end(), wanted.samples<std::int16_t>().begin()));
  EXPECT_TRUE(volume->geometry().matches(wanted.geometry(), 1e-6));
}

TEST(WriteSeries, KeepsRealNumbersToOneStepIn65535) {
  const tests::TemporaryFolder folder;
  ASSERT_TRUE(write_derived_series(folder / "derived", float_volume(), {}, demo_derived()));
  const auto volume = read_volume(read_back(folder / "derived"));
  ASSERT_TRUE(volume);
  const auto got = to_float(*volume);
  const auto wanted = to_float(float_volume());
  for (std::size_t i = 0; i < got.size(); ++i) ASSERT_NEAR(got[i], wanted[i], 2e-3 / 65535) << i;
}

TEST(WriteSeries, KeepsPatientStudyAndFrameOfReference) {
  const tests::TemporaryFolder folder;
  const Source source(folder / "original");
  DerivedSeries derived = demo_derived();
  derived.image_comments = "simulated";
  ASSERT_TRUE(write_derived_series(folder / "derived", float_volume(), source.place(), derived));
  StudyIndex index;
  const SeriesInfo series = read_back(folder / "derived", &index);
  const SeriesPlace from = source.place();
  EXPECT_EQ(index.patients[0].name, "Yamada^Tarou=山田^太郎");
  EXPECT_EQ(index.patients[0].id, from.patient->id);
  EXPECT_EQ(index.patients[0].studies[0].uid, from.study->uid);
  EXPECT_EQ(series.frame_of_reference_uid, from.series->frame_of_reference_uid);
  EXPECT_NE(series.uid, from.series->uid);
  EXPECT_EQ(series.number, 102);
  EXPECT_EQ(series.image_type[0], "DERIVED");
  EXPECT_EQ(series.image_type[1], "SECONDARY");
  DcmFileFormat file;
  ASSERT_TRUE(file.loadFile(series.files[1].c_str()).good());
  OFString text;
  file.getDataset()->findAndGetOFStringArray(DCM_ImageComments, text);
  EXPECT_EQ(text, "simulated; not for diagnostic use");
  file.getDataset()->findAndGetOFStringArray(DCM_DerivationDescription, text);
  EXPECT_EQ(text, "l1-wavelet, lambda 0.01");
  DcmItem* reference = nullptr;
  ASSERT_TRUE(file.getDataset()->findAndGetSequenceItem(DCM_SourceImageSequence, reference, 0).good());
  DcmFileFormat original;
  ASSERT_TRUE(original.loadFile(from.series->files[1].c_str()).good());
  OFString wanted;
  original.getDataset()->findAndGetOFString(DCM_SOPInstanceUID, wanted);
  reference->findAndGetOFString(DCM_ReferencedSOPInstanceUID, text);
  EXPECT_EQ(text, wanted);
}

TEST(WriteSeries, WritesNoDatesOfAcrNema) {
  const tests::TemporaryFolder folder;
  PatientInfo patient = demo_patient();
  patient.birth_date = "1950.01.02";
  StudyInfo study = demo_study();
  study.date = "1997.04.24";
  study.time = "14:04:38";
  SeriesInfo series = demo_series();
  series.date = "1997.04.25";
  series.time = "15:04:38";
  ASSERT_TRUE(write_original_series(folder / "written", int_volume(), patient, study, series));
  DcmFileFormat file;
  ASSERT_TRUE(file.loadFile((folder / "written" / "IM00001.dcm").c_str()).good());
  std::string texts;
  for (const DcmTagKey& tag :
       {DCM_PatientBirthDate, DCM_StudyDate, DCM_StudyTime, DCM_SeriesDate, DCM_SeriesTime}) {
    OFString text;
    file.getDataset()->findAndGetOFString(tag, text);
    texts += std::string(text.c_str()) + " ";
  }
  EXPECT_EQ(texts, "19500102 19970424 140438 19970425 150438 ");
}

TEST(WriteSeries, SaysThatTextIsBurnedInWhereAnImageOfItsSourceSaysSo) {
  for (const bool burned : {false, true}) {
    const tests::TemporaryFolder folder;
    SyntheticImage image;
    int images = 0;
    image.change = [&](DcmDataset& dataset) {
      dataset.putAndInsertString(DCM_BurnedInAnnotation, burned && ++images == 2 ? "YES" : "NO");
    };
    write_stack(folder / "source", {0, 2, 4}, image);
    StudyIndex index;
    read_back(folder / "source", &index);
    ASSERT_TRUE(
        write_derived_series(folder / "derived", int_volume(), all_series(index).front(), demo_derived()));
    DcmFileFormat file;
    ASSERT_TRUE(file.loadFile((folder / "derived" / "IM00001.dcm").c_str()).good());
    OFString text;
    file.getDataset()->findAndGetOFString(DCM_BurnedInAnnotation, text);
    EXPECT_EQ(text, burned ? "YES" : "NO");
  }
}

TEST(WriteSeries, RefusesImagesThatAnElementCannotHold) {
  EXPECT_EQ(pixel_bytes(oblique(3, 5, 100000), 3).value_or(0), 45U);
  EXPECT_EQ(pixel_bytes(oblique(65535, 21845, 1), 3).value_or(0), 4294836225U);
  const auto bytes = pixel_bytes(oblique(65535, 65535, 1), 2);
  ASSERT_FALSE(bytes);
  EXPECT_EQ(bytes.error().kind, ErrorKind::invalid_parameter);
}

TEST(WriteSeries, TurnsLeftHandedGridsAroundWithoutMovingAVoxel) {
  const tests::TemporaryFolder folder;
  Volume left = float_volume();
  VolumeGeometry geometry = left.geometry();
  geometry.direction.col(2) *= -1;
  left = left.with_geometry(geometry);
  ASSERT_TRUE(write_derived_series(folder / "derived", left, {}, demo_derived()));
  const auto volume = read_volume(read_back(folder / "derived"));
  ASSERT_TRUE(volume);
  for (int z = 0; z < 5; ++z) {
    const WorldPoint point = geometry.to_world({Eigen::Vector3d(3, 4, z)});
    EXPECT_NEAR(value_at(*volume, point), value_at(left, 3, 4, z), 1e-6);
  }
}

TEST(WriteSeries, RefusesAFolderThatHoldsSomething) {
  const tests::TemporaryFolder folder;
  std::ofstream(folder / "mine.txt") << "mine";
  const auto written = write_derived_series(folder.path(), float_volume(), {}, demo_derived());
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().kind, ErrorKind::not_writable);
  EXPECT_TRUE(fs::exists(folder / "mine.txt"));
}

TEST(WriteSeries, LeavesNothingBehindWhenCancelled) {
  const tests::TemporaryFolder folder;
  const Progress progress([](double, const std::string&) {});
  progress.cancel();
  const auto written = write_derived_series(folder / "derived", float_volume(), {}, demo_derived(), progress);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().kind, ErrorKind::cancelled);
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

class WrittenSeries : public testing::TestWithParam<const char*> {
 protected:
  void write(const fs::path& folder) const {
    const std::string kind = GetParam();
    const Source source(folder / "original");
    DerivedSeries derived = demo_derived();
    if (kind == "CT") derived.modality = "CT";
    if (kind == "map") derived.quantity = "{0:1}";
    if (kind == "OT") derived.modality = "OT";
    const SeriesPlace nothing;
    const bool integers = kind == "CT";
    ASSERT_TRUE(write_derived_series(folder / "derived", integers ? int_volume() : float_volume(),
                                     kind == "OT" ? nothing : source.place(), derived));
  }
};

TEST_P(WrittenSeries, PassesDciodvfy) {
  BLOCH_NEEDS_PROGRAM("dciodvfy");
  const tests::TemporaryFolder folder;
  write(folder.path());
  for (const char* part : {"original", "derived"}) {
    const std::string report = output_of("dciodvfy '" + (folder / part / "IM00002.dcm").string() + "'");
    EXPECT_EQ(report.find("Error"), std::string::npos) << part << "\n" << report;
  }
}

TEST(WriteSeries, OfARealHeadPassesDciodvfy) {
  BLOCH_NEEDS_TEST_DATA();
  BLOCH_NEEDS_PROGRAM("dciodvfy");
  const fs::path paths[] = {tests::test_data() / "dicom" / "sag_anon"};
  const auto index = scan(paths);
  ASSERT_TRUE(index);
  const tests::TemporaryFolder folder;
  const SeriesPlace place = all_series(*index).front();
  const auto slice = read_middle_image(*place.series);
  ASSERT_TRUE(slice);
  ASSERT_TRUE(write_derived_series(folder / "derived", *slice, place, demo_derived()));
  const std::string report = output_of("dciodvfy '" + (folder / "derived" / "IM00001.dcm").string() + "'");
  EXPECT_EQ(report.find("Error"), std::string::npos) << report;
}

TEST_P(WrittenSeries, OpensInDcm2niix) {
  BLOCH_NEEDS_PROGRAM("dcm2niix");
  const tests::TemporaryFolder folder;
  write(folder.path());
  fs::create_directory(folder / "nifti");
  const std::string report = output_of("dcm2niix -z n -f out -o '" + (folder / "nifti").string() + "' '" +
                                       (folder / "derived").string() + "'");
  EXPECT_TRUE(fs::exists(folder / "nifti" / "out.nii")) << report;
}

TEST_P(WrittenSeries, OpensInGdcm) {
  BLOCH_NEEDS_PROGRAM("gdcmconv");
  const tests::TemporaryFolder folder;
  write(folder.path());
  const std::string input = (folder / "derived" / "IM00001.dcm").string();
  EXPECT_EQ(std::system(("gdcmconv --raw '" + input + "' '" + (folder / "raw.dcm").string() + "'").c_str()), 0);
}

TEST_P(WrittenSeries, OpensInPydicom) {
  if (!tests::run_program("/usr/bin/python3 -c 'import pydicom, numpy'"))
    GTEST_SKIP() << "python3-pydicom is not installed";
  const tests::TemporaryFolder folder;
  write(folder.path());
  std::ofstream(folder / "read.py") << "import sys, pydicom\n"
                                       "d = pydicom.dcmread(sys.argv[1])\n"
                                       "assert d.pixel_array.shape == (18, 21)\n"
                                       "assert d.ImageType[0] == 'DERIVED' and d.StudyInstanceUID.is_valid\n"
                                       "assert float(d.PixelSpacing[0]) == 0.75\n";
  EXPECT_EQ(std::system(("/usr/bin/python3 '" + (folder / "read.py").string() + "' '" +
                         (folder / "derived" / "IM00001.dcm").string() + "'")
                            .c_str()),
            0);
}

INSTANTIATE_TEST_SUITE_P(EveryKind, WrittenSeries, testing::Values("MR", "CT", "map", "OT"),
                         [](const testing::TestParamInfo<const char*>& kind) {
                           return std::string(kind.param);
                         });

} // namespace
} // namespace bloch::imaging
