#include "imaging/learning/normal_patches.h"

#include <random>

#include "imaging/radiomics/symmetry_plane.h"

namespace bloch::imaging {
namespace {

/// The first `wanted` of a random permutation (Fisher and Yates), by a generator whose numbers are the same
/// everywhere.
void draw(std::vector<std::size_t>& places, std::size_t wanted, int seed) {
  std::mt19937_64 random(static_cast<std::uint64_t>(seed));
  wanted = std::min(wanted, places.size());
  for (std::size_t i = 0; i < wanted; ++i) {
    const std::size_t other = i + static_cast<std::size_t>(random() % (places.size() - i));
    std::swap(places[i], places[other]);
  }
  places.resize(wanted);
}

std::vector<std::size_t> places_inside(const FeatureVolume& volume) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < volume.mask.size(); ++i)
    if (volume.mask[i]) places.push_back(i);
  return places;
}

Result<std::vector<std::size_t>> places_in_box(const FeatureVolume& volume, const NormalRegion& box) {
  for (std::size_t axis = 0; axis < 3; ++axis)
    if (box.first[axis] < 0 || box.last[axis] < box.first[axis] || box.last[axis] >= volume.source.size[axis])
      return failure(ErrorKind::invalid_parameter, "the box of normal tissue reaches outside the image; its "
                                                   "voxel numbers must lie from 0 to the image's size less 1");
  std::vector<std::size_t> places;
  for (const std::size_t place : places_inside(volume)) {
    const Eigen::Vector3d voxel = volume.source_voxel(place).index;
    bool inside = true;
    for (int axis = 0; axis < 3; ++axis) {
      const auto a = static_cast<std::size_t>(axis);
      inside = inside && voxel[axis] >= box.first[a] && voxel[axis] <= box.last[a];
    }
    if (inside) places.push_back(place);
  }
  if (places.empty())
    return failure(
        ErrorKind::invalid_parameter,
        "the box of normal tissue holds no voxel of the mask; draw it inside what is to be looked at");
  return places;
}

/// Voxel of the mask nearest to the mirror image, where it lies inside.
std::optional<std::size_t> mirror_place(const FeatureVolume& volume, const SymmetryPlane& plane,
                                        std::size_t place) {
  const WorldPoint point = volume.source.to_world(volume.source_voxel(place));
  const Eigen::Vector3d voxel = volume.source.to_voxel(plane.mirrored(point)).index;
  std::array<int, 3> at{};
  for (int axis = 0; axis < 3; ++axis) {
    const auto a = static_cast<std::size_t>(axis);
    at[a] = static_cast<int>(std::lround(voxel[axis])) - volume.first[a];
    if (at[a] < 0 || at[a] >= volume.size[a]) return std::nullopt;
  }
  const std::size_t other = volume.offset(at[0], at[1], at[2]);
  return volume.mask[other] ? std::optional(other) : std::nullopt;
}

/// Of each patch and its mirror image the one nearer to the middle of them all, by the largest principal
/// components at unit variance.
Result<SampleMatrix> more_typical(const SampleMatrix& one, const SampleMatrix& other) {
  SampleMatrix both(one.rows() + other.rows(), one.cols());
  both << one, other;
  BLOCH_TRY(scaling, fit_angle_scaling(both, static_cast<int>(std::min<Eigen::Index>(4, one.cols()))));
  const SampleMatrix components = scaling.components(both);
  const Eigen::RowVectorXd variance = components.array().square().colwise().mean();
  SampleMatrix result = one;
  for (Eigen::Index i = 0; i < one.rows(); ++i) {
    const double here = (components.row(i).array().square() / variance.array()).sum();
    const double there = (components.row(one.rows() + i).array().square() / variance.array()).sum();
    if (there < here) result.row(i) = other.row(i);
  }
  return result;
}

Result<SampleMatrix> draw_mirrored(const PatchFeatures& features, std::size_t wanted, int seed,
                                   NormalPatches& patches, const Progress& progress) {
  const FeatureVolume& volume = features.volume();
  const SymmetryPlane plane = find_symmetry_plane(volume);
  if (plane.correlation < 0.3)
    patches.warnings.push_back("the two sides of the image hardly resemble each other, so the mirrored side "
                               "tells little; give a box of normal tissue instead");
  std::vector<std::size_t> places = places_inside(volume);
  draw(places, 2 * wanted, seed);
  std::vector<std::size_t> here, there;
  for (const std::size_t place : places) {
    if (here.size() == wanted) break;
    if (const auto other = mirror_place(volume, plane, place)) {
      here.push_back(place);
      there.push_back(*other);
    }
  }
  if (here.size() < 2) return SampleMatrix(0, static_cast<Eigen::Index>(features.names().size()));
  BLOCH_TRY(one, compute_features(features, here, progress.child(0, 0.5)));
  BLOCH_TRY(other, compute_features(features, there, progress.child(0.5, 1)));
  return more_typical(one, other);
}

} // namespace

Result<NormalPatches> draw_normal_patches(const Volume& volume, const NormalRegion& normal,
                                          const std::optional<LabelMap>& mask, const AnomalySettings& settings,
                                          const std::string& families, std::size_t wanted,
                                          const Progress& progress) {
  NormalPatches patches;
  const bool elsewhere = normal.kind == NormalRegion::Kind::other;
  BLOCH_EXPECTS(!elsewhere || normal.other);
  const Volume& source = elsewhere ? *normal.other : volume;
  BLOCH_TRY(bytes, resolve_mask(source, elsewhere ? std::optional<LabelMap>{} : mask, patches.warnings));
  BLOCH_TRY(feature_volume, make_feature_volume(source, bytes, settings.patch_mm, contrast_of(settings)));
  BLOCH_TRY(chosen, find_feature_families(families));
  BLOCH_TRY(features, PatchFeatures::make(feature_volume, chosen, progress.child(0, 0.4)));
  patches.feature_names = features.names();
  if (normal.kind == NormalRegion::Kind::mirror) {
    BLOCH_TRY(mirrored, draw_mirrored(features, wanted, settings.seed, patches, progress.child(0.4, 1)));
    patches.features = std::move(mirrored);
    return patches;
  }
  std::vector<std::size_t> places;
  if (normal.kind == NormalRegion::Kind::box) {
    BLOCH_TRY(boxed, places_in_box(feature_volume, normal));
    places = std::move(boxed);
  } else {
    places = places_inside(feature_volume);
  }
  draw(places, wanted, settings.seed);
  BLOCH_TRY(values, compute_features(features, places, progress.child(0.4, 1)));
  patches.features = std::move(values);
  return patches;
}

} // namespace bloch::imaging
