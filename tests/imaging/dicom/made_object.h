#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "imaging/dicom/scan.h"
#include "imaging/dicom/write_objects.h"
#include "tests/support/temporary_folder.h"

namespace bloch::imaging {

/// 21 x 22 = 462 bits a frame: frames begin inside bytes.
inline VolumeGeometry odd_grid() {
  VolumeGeometry geometry;
  geometry.size = {21, 22, 5};
  geometry.spacing_mm = {0.5, 0.75, 2};
  geometry.origin.mm = {-20.5, 30.25, 7};
  const double c = std::cos(0.3);
  const double s = std::sin(0.3);
  geometry.direction << 1, 0, 0, 0, c, -s, 0, s, c;
  return geometry;
}

/// Label 2 in slices 1 and 2, label 5 in slice 2 and 3.
inline LabelMap odd_labels() {
  const VolumeGeometry geometry = odd_grid();
  std::vector<std::uint8_t> labels(geometry.voxel_count());
  const std::size_t slice = 21 * 22;
  for (std::size_t i = 0; i < slice; ++i) {
    if (i * i % 7 < 3) labels[slice + i] = 2;
    if (i % 5 == 0) labels[2 * slice + i] = 2;
    if (i % 5 == 1) labels[2 * slice + i] = 5;
    if (i % 11 < 4) labels[3 * slice + i] = 5;
  }
  return {geometry, std::move(labels)};
}

inline Volume odd_volume() {
  const VolumeGeometry geometry = odd_grid();
  std::vector<float> samples(geometry.voxel_count());
  for (std::size_t i = 0; i < samples.size(); ++i)
    samples[i] = static_cast<float>(std::sin(0.01 * static_cast<double>(i)) * 1e-3);
  return {geometry, std::move(samples)};
}

/// Probabilities above 0 in slices 1 and 2.
inline Volume odd_chances() {
  const VolumeGeometry geometry = odd_grid();
  std::vector<float> samples(geometry.voxel_count());
  const std::size_t slice = 21 * 22;
  for (std::size_t i = 0; i < slice; ++i) {
    samples[slice + i] = static_cast<float>(i) / static_cast<float>(slice - 1);
    if (i % 5 == 0) samples[2 * slice + i] = 0.25F;
  }
  return {geometry, std::move(samples)};
}

/// Whole numbers from 0 to 250.
inline Volume odd_bytes() {
  const VolumeGeometry geometry = odd_grid();
  std::vector<std::int16_t> samples(geometry.voxel_count());
  for (std::size_t i = 0; i < samples.size(); ++i) samples[i] = static_cast<std::int16_t>(i * 7 % 251);
  return {geometry, std::move(samples)};
}

inline RgbVolume odd_colours() {
  const VolumeGeometry geometry = odd_grid();
  std::vector<std::array<std::uint8_t, 3>> samples(geometry.voxel_count());
  for (std::size_t i = 0; i < samples.size(); ++i)
    samples[i] = {static_cast<std::uint8_t>(i), static_cast<std::uint8_t>(i / 5),
                  static_cast<std::uint8_t>(i * 3)};
  return {geometry, std::move(samples)};
}

/// An MR series that everything is made from.
class WriteObjects : public testing::Test {
 protected:
  void SetUp() override {
    PatientInfo patient;
    patient.name = "Yamada^Tarou=山田^太郎";
    patient.id = "P1";
    patient.birth_date = "19700102";
    patient.sex = "M";
    StudyInfo study;
    study.uid = new_uid();
    study.date = "20260102";
    study.time = "101112";
    SeriesInfo series;
    series.modality = "MR";
    series.number = 2;
    series.description = "T1";
    series.field_strength_t = 3;
    ASSERT_TRUE(write_original_series(folder_ / "source", odd_volume(), patient, study, series));
    const std::filesystem::path paths[] = {folder_ / "source"};
    auto index = scan(paths);
    ASSERT_TRUE(index);
    index_ = *index;
  }

  SeriesPlace source() const { return all_series(index_).front(); }
  std::filesystem::path file() const { return folder_ / "made" / "made.dcm"; }

  Result<void> write(const std::string& kind, const SeriesPlace& place) const {
    std::filesystem::create_directories(folder_ / "made");
    DerivedSeries derived;
    derived.description = "T1 derived";
    derived.quantity = kind == "map" ? "mm2/s" : "";
    Segment lesion;
    lesion.number = 2;
    lesion.name = "Läsion";
    lesion.type = "Lesion";
    lesion.category = "Morphologically Abnormal Structure";
    lesion.algorithm = "SEMIAUTOMATIC brush";
    lesion.colour = {230, 159, 0};
    const Segment segments[] = {lesion};
    if (kind == "seg") return write_segmentation(file(), odd_labels(), segments, place, derived);
    const Volume chances[] = {odd_chances()};
    if (kind == "fractional")
      return write_fractional_segmentation(file(), chances, segments, FractionKind::probability, place,
                                           derived);
    if (kind == "map") return write_parametric_map(file(), odd_volume(), place, derived);
    if (kind == "enhanced_ct") return write_enhanced_ct(file(), odd_volume(), place, derived);
    if (kind == "capture_word") return write_multi_frame_capture(file(), odd_volume(), place, derived);
    if (kind == "capture_byte") return write_multi_frame_capture(file(), odd_bytes(), place, derived);
    if (kind == "capture_colour")
      return write_multi_frame_capture(file(), odd_colours(), *all_series(index_).front().series, place,
                                       derived);
    return write_enhanced_mr(file(), odd_volume(), place, derived);
  }

  StudyIndex made() const {
    const std::filesystem::path paths[] = {file()};
    auto index = scan(paths);
    EXPECT_TRUE(index && index->rejected.empty());
    return *index;
  }

  tests::TemporaryFolder folder_;
  StudyIndex index_;
};

} // namespace bloch::imaging
