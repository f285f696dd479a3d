#include "app/viewers/measurement_shape.h"

#include <gtest/gtest.h>

namespace bloch::app {
namespace {

TEST(MeasurementLabel, OnADopplerSpectrumTellsTimeVelocityAndAcceleration) {
  UltrasoundRegion spectrum{
      .last = {99, 99}, .format = 3, .content = 3, .units = {4, 7}, .delta = {0.002, -0.5}};
  spectrum.at_first = {-0.2, 25.0};
  const ImageScale scale{.regions = {spectrum}, .files = {0}};
  VolumeGeometry geometry;
  geometry.size = {100, 100, 1};
  const Volume volume(geometry, std::vector<float>(geometry.voxel_count(), 7));
  Measurement measurement;
  measurement.points = {{Eigen::Vector3d(10, 60, 0)}, {Eigen::Vector3d(60, 20, 0)}};
  EXPECT_EQ(measurement_label(measurement, volume, scale),
            (QStringList{"0.1 s", "20 cm/s", QString("200 cm/s%1").arg(QChar(0xB2))}));
  measurement.kind = MeasurementKind::probe;
  const QString minus(QChar(0x2212));
  measurement.points.resize(1);
  EXPECT_EQ(measurement_label(measurement, volume, scale).mid(1),
            (QStringList{minus + "0.18 s", minus + "5 cm/s"}));
}

} // namespace
} // namespace bloch::app
