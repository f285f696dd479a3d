#include "imaging/recon/simulate.h"

#include <cmath>
#include <numbers>
#include <random>

#include "core/base/contract.h"
#include "core/base/text.h"
#include "core/parameters/fields.h"
#include "imaging/operators/fft.h"
#include "imaging/parallel/parallel_for.h"
#include "imaging/recon/simulation_parts.h"

namespace bloch::imaging {
namespace {

const Fields<SimulationRequest>& simulation_fields() {
  static const Fields<SimulationRequest> fields =
      Fields<SimulationRequest>()
          .add("coils", &SimulationRequest::coils,
               {.label = "Coils", .help = "receive coils around the body", .minimum = 1, .maximum = 64})
          .add("noise", &SimulationRequest::noise,
               {.label = "Noise",
                .help = "standard deviation of the complex noise over the image's maximum",
                .minimum = 0,
                .maximum = 1,
                .step = 0.005})
          .add("phase", &SimulationRequest::phase,
               {.label = "Phase", .help = "of the image", .choices = {"none", "smooth"}})
          .add("seed", &SimulationRequest::seed,
               {.label = "Seed", .help = "of the noise", .minimum = 0, .maximum = 2147483647});
  return fields;
}

/// Position of a sample from -1 to 1.
double relative_place(int index, int extent) { return extent > 1 ? 2.0 * (index - extent / 2) / extent : 0; }

/// Standard normal numbers, two from two uniform ones (Box-Muller); std::normal_distribution differs between
/// libraries.
Complex normal_pair(std::mt19937_64& random) {
  const double u = (static_cast<double>(random() >> 11) + 1) / 9007199254740993.0;
  const double v = static_cast<double>(random() >> 11) / 9007199254740992.0;
  return Complex(std::polar(std::sqrt(-2 * std::log(u)), 2 * std::numbers::pi * v));
}

} // namespace

Sensitivities simulated_coils(std::array<int, 3> size, int coils) {
  const auto [nx, ny, nz] = size;
  const std::size_t pixels =
      static_cast<std::size_t>(nx) * static_cast<std::size_t>(ny) * static_cast<std::size_t>(nz);
  std::vector<Complex> maps(pixels * static_cast<std::size_t>(coils));
  std::vector<double> energy(pixels, 0.0);
  for (int c = 0; c < coils; ++c) {
    const double angle = 2 * std::numbers::pi * c / coils;
    const double cx = 1.25 * std::cos(angle);
    const double cy = 1.25 * std::sin(angle);
    const double cz = nz > 1 ? (c % 2 == 0 ? 0.5 : -0.5) : 0;
    std::size_t i = 0;
    for (int z = 0; z < nz; ++z)
      for (int y = 0; y < ny; ++y)
        for (int x = 0; x < nx; ++x, ++i) {
          const double dx = relative_place(x, nx) - cx;
          const double dy = relative_place(y, ny) - cy;
          const double dz = relative_place(z, nz) - cz;
          const double size_here = 1 / (dx * dx + dy * dy + dz * dz + 0.35);
          // The direction to the coil, turned so that it does not jump inside the field of view.
          const double phase =
              std::arg(std::complex<double>(dx, dy) * std::conj(std::complex<double>(-cx, -cy)));
          maps[static_cast<std::size_t>(c) * pixels + i] = Complex(std::polar(size_here, 0.5 * phase + angle));
          energy[i] += size_here * size_here;
        }
  }
  for (std::size_t i = 0; i < maps.size(); ++i) maps[i] /= static_cast<float>(std::sqrt(energy[i % pixels]));
  return {coils, nz, ny, nx, std::move(maps)};
}

ComplexBuffer with_smooth_phase(std::span<const float> image, std::array<int, 3> size) {
  ComplexBuffer result;
  result.reserve(image.size());
  std::size_t i = 0;
  for (int z = 0; z < size[2]; ++z)
    for (int y = 0; y < size[1]; ++y)
      for (int x = 0; x < size[0]; ++x, ++i) {
        const double u = relative_place(x, size[0]);
        const double v = relative_place(y, size[1]);
        const double w = relative_place(z, size[2]);
        const double phase = 0.8 * std::sin(1.7 * u + 0.3) + 0.9 * std::cos(2.1 * v) + 0.4 * u * v + 0.3 * w;
        result.push_back(image[i] * Complex(std::polar(1.0, phase)));
      }
  return result;
}

ComplexBuffer phased_image(const Volume& volume, int z, const SimulationRequest& request) {
  const std::vector<float> values = z < 0 ? to_float(volume) : slice_to_float(volume, z);
  const auto& size = volume.geometry().size;
  if (request.phase_map) {
    BLOCH_EXPECTS(request.phase_map->geometry().size == size);
    const std::vector<float> phase =
        z < 0 ? to_float(*request.phase_map) : slice_to_float(*request.phase_map, z);
    ComplexBuffer image;
    for (std::size_t i = 0; i < values.size(); ++i)
      image.push_back(values[i] * Complex(std::polar(1.0F, phase[i])));
    return image;
  }
  if (request.phase == "none") return {values.begin(), values.end()};
  return with_smooth_phase(values, {size[0], size[1], z < 0 ? size[2] : 1});
}

void add_coil_samples(std::span<const Complex> image, const Sensitivities& maps, double noise,
                      std::uint64_t seed, std::span<Complex> out) {
  const std::size_t pixels = image.size();
  BLOCH_EXPECTS(maps.samples.size() == out.size() &&
                out.size() == pixels * static_cast<std::size_t>(maps.coils));
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = maps.samples[i] * image[i % pixels];
  centred_fft(out, {maps.x, maps.y, maps.z}, {true, true, true}, false);
  std::mt19937_64 random(seed);
  const auto deviation = static_cast<float>(noise / std::numbers::sqrt2);
  if (noise > 0)
    for (Complex& sample : out) sample += deviation * normal_pair(random);
  // Exactly zero means not acquired; a measured zero does not exist.
  for (Complex& sample : out)
    if (sample == Complex()) sample = Complex(1e-30F);
}

const std::vector<Parameter>& simulation_parameters() { return simulation_fields().parameters(); }

Result<SimulationRequest> simulation_request(const ParameterSet& set) { return simulation_fields().from(set); }

Result<SimulationRequest> parse_simulation(std::string_view text) {
  if (trimmed(text).empty()) return SimulationRequest{};
  BLOCH_TRY(set, parse_settings(simulation_parameters(), split(text, ',')));
  return simulation_request(set);
}

std::string to_text(const SimulationRequest& request) {
  return std::to_string(request.coils) + " simulated coil" + (request.coils == 1 ? "" : "s") + ", " +
         (request.phase_map         ? "given"
          : request.phase == "none" ? "no"
                                    : request.phase) +
         " phase, noise " + bloch::to_text(request.noise) + ", seed " + std::to_string(request.seed);
}

KSpace simulate_kspace(const Volume& volume, int first, int last, const SimulationRequest& request) {
  const auto& geometry = volume.geometry();
  BLOCH_EXPECTS(first >= 0 && first <= last && last < geometry.size[2]);
  const KSpaceSize size{geometry.size[0], geometry.size[1], 1, request.coils, last - first + 1};
  const Sensitivities maps = simulated_coils({size.kx, size.ky, 1}, request.coils);
  const ValueRange range = value_range(volume);
  const double noise = request.noise * std::max(std::abs(range.maximum), std::abs(range.minimum));
  std::vector<Complex> samples(size.sample_count());
  parallel_for(0, static_cast<std::size_t>(size.slices), [&](std::size_t index) {
    const int z = first + static_cast<int>(index);
    const ComplexBuffer image = phased_image(volume, z, request);
    add_coil_samples(image, maps, noise, simulation_seed(request, z),
                     std::span(samples).subspan(index * size.samples_per_slice(), size.samples_per_slice()));
  });
  KSpace kspace(size, std::move(samples));
  VolumeGeometry part = geometry;
  part.size[2] = size.slices;
  part.origin = geometry.to_world({Eigen::Vector3d(0, 0, first)});
  kspace.geometry = part;
  kspace.simulated = to_text(request);
  return kspace;
}

} // namespace bloch::imaging
