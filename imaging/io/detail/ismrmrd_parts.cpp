#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <set>

#include "imaging/io/detail/ismrmrd_plan.h"

namespace bloch::imaging::detail {
namespace {

constexpr std::size_t counter_count = 6;
constexpr std::array<const char*, counter_count> counter_names{"encoding", "slab", "contrast",
                                                               "phase",    "set",  "repetition"};
using Counters = std::array<int, counter_count>;

bool is_volume(const ISMRMRD::IsmrmrdHeader& header, const IsmrmrdHead& head) {
  return head.encoding_space_ref < header.encoding.size() &&
         header.encoding[head.encoding_space_ref].encodedSpace.matrixSize.z > 1;
}

Counters counters_of(const ISMRMRD::IsmrmrdHeader& header, const IsmrmrdHead& head) {
  // Slices of a 2D scan are one stack; those of a 3D scan are slabs of their own.
  const int slab = is_volume(header, head) ? head.idx.slice : 0;
  return {head.encoding_space_ref, slab, head.idx.contrast, head.idx.phase, head.idx.set, head.idx.repetition};
}

bool flagged(const IsmrmrdHead& head, ISMRMRD::ISMRMRD_AcquisitionFlags flag) {
  return (head.flags >> (static_cast<int>(flag) - 1)) & 1;
}

std::string number(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.3g", value);
  return text.data();
}

/// "partial Fourier along ky: 5/8" where the acquired lines lie off the centre.
void note_partial(IsmrmrdPlan& plan, const char* axis, int extent, int first, int last) {
  const int before = extent / 2 - first;
  const int after = last + 1 - (extent + 1) / 2;
  if (first > last || before < 0 || after < 0 || std::abs(before - after) <= std::max(2, extent / 16)) return;
  plan.notes.push_back(std::string("partial Fourier along ") + axis + ": lines " + std::to_string(first) +
                       " to " + std::to_string(last) + " of " + std::to_string(extent));
}

void note_lines(IsmrmrdPlan& plan) {
  std::array<int, 3> first{plan.encoded.kx, plan.encoded.ky, plan.encoded.kz};
  std::array<int, 3> last{-1, -1, -1};
  const auto take = [&](std::size_t axis, int from, int to) {
    first[axis] = std::min(first[axis], from);
    last[axis] = std::max(last[axis], to);
  };
  for (const IsmrmrdLine& line : plan.lines) {
    if (line.use == IsmrmrdLine::Use::skip) continue;
    take(0, line.first_kx, line.first_kx + line.samples - 1);
    take(1, line.ky, line.ky);
    take(2, line.kz, line.kz);
  }
  note_partial(plan, "kx", plan.encoded.kx, first[0], last[0]);
  note_partial(plan, "ky", plan.encoded.ky, first[1], last[1]);
  note_partial(plan, "kz", plan.encoded.kz, first[2], last[2]);
}

} // namespace

IsmrmrdKind kind_of(const IsmrmrdHead& head) {
  using namespace ISMRMRD;
  if (flagged(head, ISMRMRD_ACQ_IS_NOISE_MEASUREMENT)) return IsmrmrdKind::noise;
  for (const auto flag : {ISMRMRD_ACQ_IS_NAVIGATION_DATA, ISMRMRD_ACQ_IS_PHASECORR_DATA,
                          ISMRMRD_ACQ_IS_DUMMYSCAN_DATA, ISMRMRD_ACQ_IS_RTFEEDBACK_DATA,
                          ISMRMRD_ACQ_IS_HPFEEDBACK_DATA, ISMRMRD_ACQ_IS_SURFACECOILCORRECTIONSCAN_DATA})
    if (flagged(head, flag)) return IsmrmrdKind::other;
  return flagged(head, ISMRMRD_ACQ_IS_PARALLEL_CALIBRATION) ? IsmrmrdKind::calibration : IsmrmrdKind::image;
}

std::vector<IsmrmrdPart> scan_parts(const ISMRMRD::IsmrmrdHeader& header, std::span<const IsmrmrdHead> heads) {
  std::set<Counters> seen;
  for (const IsmrmrdHead& head : heads) {
    const IsmrmrdKind kind = kind_of(head);
    if (kind == IsmrmrdKind::image || kind == IsmrmrdKind::calibration) seen.insert(counters_of(header, head));
  }
  std::array<bool, counter_count> varies{};
  for (const Counters& counters : seen)
    for (std::size_t i = 0; i < counter_count; ++i) varies[i] = varies[i] || counters[i] != (*seen.begin())[i];
  std::vector<IsmrmrdPart> parts;
  for (const Counters& counters : seen) {
    IsmrmrdPart part;
    for (std::size_t i = 0; i < counter_count; ++i)
      if (varies[i]) part.emplace_back(counter_names[i], counters[i]);
    parts.push_back(std::move(part));
  }
  if (parts.empty()) parts.emplace_back();
  return parts;
}

bool belongs(const IsmrmrdPart& part, const ISMRMRD::IsmrmrdHeader& header, const IsmrmrdHead& head) {
  const Counters counters = counters_of(header, head);
  return std::all_of(part.begin(), part.end(), [&](const auto& wanted) {
    if (wanted.first == "average") return head.idx.average == wanted.second;
    for (std::size_t i = 0; i < counter_count; ++i)
      if (wanted.first == counter_names[i]) return counters[i] == wanted.second;
    return false;
  });
}

void note_scan(IsmrmrdPlan& plan, const ISMRMRD::Encoding& encoding, std::span<const IsmrmrdHead> heads) {
  if (encoding.parallelImaging) {
    const auto& factor = encoding.parallelImaging->accelerationFactor;
    std::string text = "header: acceleration " + std::to_string(factor.kspace_encoding_step_1) + " x " +
                       std::to_string(factor.kspace_encoding_step_2);
    if (encoding.parallelImaging->calibrationMode)
      text += ", " + *encoding.parallelImaging->calibrationMode + " calibration";
    plan.notes.push_back(text);
  }
  int averages = 0;
  std::size_t calibration = 0, both = 0;
  for (const IsmrmrdHead& head : heads) {
    averages = std::max(averages, head.idx.average + 1);
    if (kind_of(head) == IsmrmrdKind::calibration)
      ++calibration;
    else if (flagged(head, ISMRMRD::ISMRMRD_ACQ_IS_PARALLEL_CALIBRATION_AND_IMAGING))
      ++both;
  }
  if (calibration + both > 0)
    plan.notes.push_back(std::to_string(calibration) + " lines for calibration alone, " + std::to_string(both) +
                         " for calibration and image");
  if (averages > 1) plan.notes.push_back(std::to_string(averages) + " averages, averaged");
  if (plan.image_kx != plan.encoded.kx)
    plan.notes.push_back("readout oversampling of " +
                         number(static_cast<double>(plan.encoded.kx) / plan.image_kx) + " removed");
  note_lines(plan);
}

} // namespace bloch::imaging::detail
