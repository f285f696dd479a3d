#include "imaging/phantom/head_anatomy.h"

#include <algorithm>
#include <cmath>

namespace bloch::imaging {
namespace {

using Point = Eigen::Vector3d;

// T1-like brightness, near what Colin 27 shows.
constexpr double air = 2, csf = 42, grey = 112, white = 164, nuclei = 134, bone = 18, marrow = 95, fat = 205,
                 muscle = 88;

/// About the distance to the surface of an ellipsoid in mm, positive inside (exact for spheres).
double inside_ellipsoid(const Point& point, const Point& centre, const Point& radii) {
  const Point q = (point - centre).cwiseQuotient(radii);
  const double length = q.norm();
  if (length < 1e-6) return radii.minCoeff();
  return (1 - length) * length / q.cwiseQuotient(radii).norm();
}

/// 0 outside to 1 inside over a millimetre: the partial volume of a voxel at the border.
double soft(double inside_mm) { return std::clamp(inside_mm + 0.5, 0.0, 1.0); }

double mix(double value, double tissue, double part) { return value + (tissue - value) * part; }

Point mirrored(const Point& point) { return {std::abs(point[0]), point[1], point[2]}; }

double inside_head(const Point& p) {
  const double skull_cap = inside_ellipsoid(p, {0, -18, 4}, {80, 103, 90});
  const double face = inside_ellipsoid(p, {0, 40, -52}, {54, 58, 62});
  const double neck = std::min(inside_ellipsoid({p[0], p[1], 0}, {0, -32, 0}, {58, 62, 1e4}), -p[2] - 20);
  return std::max({skull_cap, face, neck});
}

double inside_cerebrum(const Point& p) {
  const Point m = mirrored(p);
  const double hemispheres = inside_ellipsoid(p, {0, -19, 12}, {67, 86, 66});
  const double above_base = p[2] + 12 + 0.0022 * (m[1] + 10) * (m[1] + 10);
  const double temporal = inside_ellipsoid(m, {42, -12, -16}, {24, 44, 24});
  return std::max(std::min(hemispheres, above_base), std::min(temporal, hemispheres + 4));
}

double inside_cerebellum(const Point& p) { return inside_ellipsoid(mirrored(p), {20, -62, -34}, {36, 34, 24}); }

double inside_stem(const Point& p) {
  const Point along(p[0], p[1] + 26 + 0.18 * (p[2] + 20), 0);
  const double width = 12 + 3 * std::exp(-0.01 * (p[2] + 26) * (p[2] + 26));
  return std::min(inside_ellipsoid(along, Point::Zero(), {width, width * 0.9, 1e4}), 4 - p[2]);
}

/// White arch that joins the hemispheres under the fissure.
double inside_callosum(const Point& p) {
  const double outer = inside_ellipsoid({0, p[1], p[2]}, {0, -10, 4}, {1e4, 42, 25});
  const double inner = inside_ellipsoid({0, p[1], p[2]}, {0, -10, 2}, {1e4, 35, 19});
  return std::min({outer, -inner, p[2] - 4});
}

} // namespace

HeadAnatomy::HeadAnatomy(std::uint32_t seed)
    : warp_(seed * 7 + 1, 46)
    , folds_(seed * 7 + 2, 23)
    , fine_folds_(seed * 7 + 3, 13)
    , texture_(seed * 7 + 4, 7)
    , grain_(seed * 7 + 5, 2.2)
    , shading_(seed * 7 + 6, 190) {}

double HeadAnatomy::cortex(double value, const Point& point, double depth) const {
  // Sheets where the noise changes sign are sulci: walls of grey matter with CSF between, shallower the deeper
  // they reach.
  const double pattern = folds_(point) + 0.45 * fine_folds_(point);
  const double reach = std::clamp(1 - depth / 26, 0.0, 1.0);
  const double fissure = point[2] > -2 ? std::abs(point[0]) : 40.0;
  const double to_sulcus = std::min(std::abs(pattern) * 13, fissure);
  const double callosum = inside_callosum(point);

  value = mix(value, white, soft(depth));
  const double ribbon = std::max(3.2 - depth, reach > 0 ? 3.3 * std::min(1.0, 1.6 * reach) - to_sulcus : -1.0);
  value = mix(value, grey, soft(std::min(ribbon, depth)));
  value = mix(value, csf, soft(1.5 * reach - 0.5 - to_sulcus) * soft(depth));
  value = mix(value, white + 8, soft(callosum) * soft(24 - std::abs(point[0])));
  return value;
}

double HeadAnatomy::deep_structures(double value, const Point& point) const {
  const Point m = mirrored(point);
  const double thalamus = inside_ellipsoid(m, {11, -19, 7}, {8.5, 13, 9});
  const double putamen = inside_ellipsoid(m, {26, 3, 1}, {5.5, 16, 11});
  const double pallidum = inside_ellipsoid(m, {19, -3, 0}, {4, 9, 7});
  const double caudate = inside_ellipsoid(m, {14, 12, 10}, {5, 11, 10});
  for (const double nucleus : {thalamus, putamen, caudate}) value = mix(value, nuclei, soft(nucleus));
  value = mix(value, nuclei + 12, soft(pallidum));

  const double body =
      inside_ellipsoid({m[0], m[1], m[2] - 0.004 * (m[1] + 10) * (m[1] + 10) * -1}, {9, -6, 19}, {5.5, 29, 6});
  const double front_horn = inside_ellipsoid(m, {10, 22, 12}, {4.5, 12, 8});
  const double back_horn = inside_ellipsoid({m[0] - 0.25 * (-m[1] - 44), m[1], m[2]}, {20, -48, 9}, {5, 17, 7});
  const double third = inside_ellipsoid(point, {0, -12, 2}, {1.8, 13, 9});
  const double fourth = inside_ellipsoid(point, {0, -47, -32}, {6, 5, 8});
  for (const double ventricle : {body, front_horn, back_horn, third, fourth})
    value = mix(value, csf - 6, soft(ventricle));
  return value;
}

double HeadAnatomy::face(double value, const Point& point) const {
  const Point m = mirrored(point);
  const double globe = inside_ellipsoid(m, {32, 68, -30}, {12, 12, 12});
  const double lens = inside_ellipsoid(m, {32, 78, -30}, {4, 2.5, 4});
  const double nasal = inside_ellipsoid(m, {7, 66, -46}, {6, 28, 24});
  const double sinus = inside_ellipsoid(m, {30, 56, -56}, {13, 16, 14});
  value = mix(value, csf - 10, soft(globe));
  value = mix(value, muscle, soft(lens));
  for (const double cavity : {nasal, sinus}) value = mix(value, air, soft(cavity));
  return value;
}

HeadAnatomy::Sample HeadAnatomy::at(const Point& place) const {
  const double head = inside_head(place);
  if (head < -1) return {};
  const Point bent = place + 2.5 * warp_(place) * Point(1, 0.8, 0.6);

  const double scalp_fat = soft(head - 1.2) * (1 - soft(head - 6.5));
  double value = mix(air, muscle, soft(head));
  value = mix(value, fat, scalp_fat * 0.85);
  const double vault = inside_ellipsoid(bent, {0, -19, 8}, {74.5, 94, 75});
  const double base = std::min(inside_ellipsoid(bent, {0, -26, -18}, {66, 66, 40}),
                               inside_ellipsoid(place, {0, -18, 4}, {74, 97, 84}));
  const double skull = std::max(vault, base);
  value = mix(value, bone, soft(skull));
  value = mix(value, marrow, soft(1.3 - std::abs(skull - 3.2)) * soft(place[2] + 10));
  const double cerebrum = inside_cerebrum(bent);
  const double cerebellum = std::min(inside_cerebellum(bent), skull - 5);
  const double stem = inside_stem(bent);
  // Fluid around the brain; what is left of the skull's base is soft tissue behind a rim of bone.
  const double around = std::max({cerebrum, cerebellum, stem}) + 4;
  value = mix(value, csf, soft(std::min(skull - 5.5, around)));
  value = mix(value, muscle - 14 + 30 * folds_(place), soft(std::min(skull - 5.5, -around - 2)));
  value = face(value, place);
  if (stem > -1) value = mix(value, white - 10, soft(stem));
  if (cerebellum > -1) {
    // Folia run parallel to the surface from below.
    const double folia = std::abs(std::sin(0.9 * (bent[2] + 0.35 * bent[1]) + 2 * folds_(bent)));
    value = mix(value, mix(grey, csf, 0.35 * soft(0.28 - folia) * soft(9 - cerebellum)), soft(cerebellum));
    value = mix(value, white - 6,
                soft(inside_ellipsoid(mirrored(bent), {17, -60, -33}, {17, 15, 8}) + 3 * fine_folds_(bent)));
  }
  if (cerebrum > -1) value = deep_structures(cortex(value, bent, cerebrum), bent);

  const double shade = 1 + 0.07 * shading_(place);
  const double speckle = 1 + 0.035 * texture_(place) + 0.05 * grain_(place);
  return {std::max(0.0, value * shade * speckle), std::max({cerebrum, cerebellum, stem}) > 0};
}

} // namespace bloch::imaging
