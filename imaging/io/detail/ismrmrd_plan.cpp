#include "imaging/io/detail/ismrmrd_plan.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "imaging/io/detail/file_name.h"

namespace bloch::imaging::detail {
namespace {

IsmrmrdLine::Use use_of(const IsmrmrdHead& head) {
  switch (kind_of(head)) {
  case IsmrmrdKind::image:
    return IsmrmrdLine::Use::image;
  case IsmrmrdKind::calibration:
    return IsmrmrdLine::Use::calibration;
  default:
    return IsmrmrdLine::Use::skip;
  }
}

Result<void> check_head(const IsmrmrdHead& head, const std::filesystem::path& path) {
  if ((head.flags >> (ISMRMRD::ISMRMRD_ACQ_IS_REVERSE - 1)) & 1)
    return refused(path, "has lines read backwards (EPI); only plain Cartesian lines are read");
  return {};
}

class LinePlacer {
 public:
  LinePlacer(const ISMRMRD::Encoding& encoding, IsmrmrdPlan& plan, const std::filesystem::path& path)
      : plan_(plan)
      , path_(path)
      , centre_ky_(plan.encoded.ky / 2)
      , centre_kz_(plan.encoded.kz / 2) {
    const auto& limits = encoding.encodingLimits;
    if (limits.kspace_encoding_step_1) centre_ky_ = limits.kspace_encoding_step_1->center;
    if (limits.kspace_encoding_step_2 && plan.encoded.kz > 1)
      centre_kz_ = limits.kspace_encoding_step_2->center;
  }

  Result<IsmrmrdLine> place(const IsmrmrdHead& head, bool wanted) {
    IsmrmrdLine line;
    line.use = wanted ? use_of(head) : IsmrmrdLine::Use::skip;
    if (line.use == IsmrmrdLine::Use::skip) return line;
    BLOCH_CHECK(check_head(head, path_));
    if (head.active_channels != plan_.encoded.coils)
      return broken(path_, "the number of coils changes between acquisitions");
    line.samples = head.number_of_samples - head.discard_pre - head.discard_post;
    line.first_sample = head.discard_pre;
    int centre = head.center_sample - head.discard_pre;
    if (head.center_sample == 0 && line.samples == plan_.encoded.kx) {
      centre = plan_.encoded.kx / 2;
      no_centre_ = true;
    }
    line.first_kx = plan_.encoded.kx / 2 - centre;
    line.ky = head.idx.kspace_encode_step_1 - centre_ky_ + plan_.encoded.ky / 2;
    line.kz = plan_.encoded.kz > 1 ? head.idx.kspace_encode_step_2 - centre_kz_ + plan_.encoded.kz / 2 : 0;
    line.slice = plan_.encoded.kz > 1 ? 0 : head.idx.slice;
    if (line.samples < 1 || line.first_kx < 0 || line.first_kx + line.samples > plan_.encoded.kx ||
        line.ky < 0 || line.ky >= plan_.encoded.ky || line.kz < 0 || line.kz >= plan_.encoded.kz)
      return broken(path_, "an acquisition lies outside the encoded matrix");
    return line;
  }

  bool no_centre() const { return no_centre_; }

 private:
  IsmrmrdPlan& plan_;
  const std::filesystem::path& path_;
  int centre_ky_, centre_kz_;
  bool no_centre_ = false;
};

/// How many of the encoded samples the image is wide: all of them, unless the field of view is cut. The
/// scanner's image may have been interpolated to a larger matrix, so only its field of view counts.
int image_extent(int encoded, int image, float encoded_fov, float image_fov) {
  constexpr float most_oversampling = 8; // beyond it the fields of view are hardly in one unit
  if (image < 1 || !(encoded_fov > 0) || !(image_fov > 0) || encoded_fov > most_oversampling * image_fov)
    return encoded;
  const float expected = static_cast<float>(encoded) * image_fov / encoded_fov;
  if (expected > static_cast<float>(encoded - 1)) return encoded;
  if (std::abs(expected - static_cast<float>(image)) < 1) return image;
  return std::max(1, static_cast<int>(std::lround(expected)));
}

/// What the image leaves of the encoded field of view.
void set_image_size(IsmrmrdPlan& plan, const ISMRMRD::Encoding& encoding) {
  const auto& from = encoding.encodedSpace;
  const auto& to = encoding.reconSpace;
  plan.image_kx = image_extent(plan.encoded.kx, to.matrixSize.x, from.fieldOfView_mm.x, to.fieldOfView_mm.x);
  if (plan.encoded.kx == 2 * to.matrixSize.x) plan.image_kx = to.matrixSize.x;
  if (plan.image_kx == plan.encoded.kx && plan.encoded.kx != to.matrixSize.x)
    plan.warnings.push_back(
        "the readout is kept on its measured grid: the header does not say that its field of "
        "view is cut down to the image's");
  const int y = image_extent(plan.encoded.ky, to.matrixSize.y, from.fieldOfView_mm.y, to.fieldOfView_mm.y);
  const int z = image_extent(plan.encoded.kz, to.matrixSize.z, from.fieldOfView_mm.z, to.fieldOfView_mm.z);
  if (y != plan.encoded.ky || z != plan.encoded.kz)
    plan.image_size = {plan.image_kx, y, std::max(z, plan.encoded.slices)};
}

Result<void> set_grid(IsmrmrdPlan& plan, const ISMRMRD::Encoding& encoding,
                      std::span<const IsmrmrdHead* const> lines, std::uint64_t file_bytes,
                      const std::filesystem::path& path) {
  if (lines.empty()) return broken(path, "it holds no image data (noise, navigators or dummies alone)");
  const auto& matrix = encoding.encodedSpace.matrixSize;
  int slices = 1;
  if (matrix.z <= 1)
    for (const IsmrmrdHead* head : lines) slices = std::max(slices, head->idx.slice + 1);
  const std::array<long long, 5> extents{matrix.x, matrix.y, matrix.z, lines.front()->active_channels, slices};
  // Under-sampling makes the grid larger than the file, but not without bound: 8 bytes a sample, 64 times
  // under-sampled.
  const std::uint64_t most = std::max<std::uint64_t>(std::uint64_t{1} << 23, file_bytes * 8);
  BLOCH_CHECK(checked_count(path, extents, most));
  plan.encoded = {matrix.x, matrix.y, matrix.z, lines.front()->active_channels, slices};
  set_image_size(plan, encoding);
  return {};
}

/// The encoding of the lines, when it is one that is read.
Result<const ISMRMRD::Encoding*> encoding_of(const ISMRMRD::IsmrmrdHeader& header,
                                             std::span<const IsmrmrdHead* const> lines,
                                             const std::filesystem::path& path) {
  const std::size_t index = lines.empty() ? 0 : lines.front()->encoding_space_ref;
  if (index >= header.encoding.size())
    return broken(path, "an acquisition names an encoding that its header does not describe");
  if (header.encoding[index].trajectory != ISMRMRD::TrajectoryType::CARTESIAN)
    return refused(
        path, "is not Cartesian (radial, spiral, EPI or another trajectory); only Cartesian scans are read");
  return &header.encoding[index];
}

Result<void> check_one_part(const ISMRMRD::IsmrmrdHeader& header, std::span<const IsmrmrdHead> chosen,
                            const std::filesystem::path& path) {
  const auto parts = scan_parts(header, chosen);
  if (parts.size() < 2) return {};
  std::string names;
  for (const auto& [name, value] : parts.front()) names += (names.empty() ? "" : ", ") + name;
  return refused(path, "holds " + std::to_string(parts.size()) + " scans that differ in " + names +
                           "; choose one, as in --select " + parts.front().front().first + "=" +
                           std::to_string(parts.front().front().second));
}

} // namespace

Result<IsmrmrdPlan> plan_scan(const ISMRMRD::IsmrmrdHeader& header, std::span<const IsmrmrdHead> heads,
                              const IsmrmrdPart& part, std::uint64_t file_bytes,
                              const std::filesystem::path& path) {
  IsmrmrdPlan plan;
  std::vector<const IsmrmrdHead*> lines;
  std::vector<IsmrmrdHead> chosen;
  for (const IsmrmrdHead& head : heads)
    if (use_of(head) != IsmrmrdLine::Use::skip && belongs(part, header, head)) {
      lines.push_back(&head);
      chosen.push_back(head);
    }
  if (lines.empty() && !part.empty())
    return failure(ErrorKind::invalid_parameter,
                   quoted(path) + " holds no lines of the part that was asked for");
  BLOCH_CHECK(check_one_part(header, chosen, path));
  BLOCH_TRY(encoding, encoding_of(header, lines, path));
  BLOCH_CHECK(set_grid(plan, *encoding, lines, file_bytes, path));
  LinePlacer placer(*encoding, plan, path);
  plan.lines.reserve(heads.size());
  for (const IsmrmrdHead& head : heads) {
    BLOCH_TRY(line, placer.place(head, belongs(part, header, head)));
    plan.lines.push_back(line);
  }
  if (placer.no_centre())
    plan.warnings.push_back("the acquisitions name no centre sample: the middle of each line is taken");
  place_scan(plan, *encoding, heads);
  note_scan(plan, *encoding, chosen);
  return plan;
}

} // namespace bloch::imaging::detail
