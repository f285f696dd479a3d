#include <algorithm>
#include <cmath>
#include <complex>

#include <cblas.h>

#include "core/parameters/fields.h"
#include "imaging/operators/complex_math.h"
#include "imaging/parallel/parallel_for.h"
#include "imaging/recon/calibration.h"
#include "imaging/recon/coils.h"
#include "imaging/recon/data_exponent.h"
#include "imaging/recon/espirit_field.h"
#include "imaging/recon/espirit_rows.h"

// LAPACK's own name in OpenBLAS: the C interface would add three libraries to what every command loads.
extern "C" void cheevd_(const char* job, const char* triangle, const int* order, std::complex<float>* matrix,
                        const int* stride, float* values, std::complex<float>* work, const int* work_size,
                        float* real_work, const int* real_work_size, int* integer_work,
                        const int* integer_work_size, int* info);

namespace bloch::imaging {
namespace {

struct EspiritSettings {
  int calibration = 24;
  int kernel = 6;
  double threshold = 0.001;
  double crop = 0.8;
  int maps = 1;
};

const Fields<EspiritSettings>& espirit_fields() {
  static const Fields<EspiritSettings> fields =
      Fields<EspiritSettings>()
          .add("calibration", &EspiritSettings::calibration,
               {.label = "Calibration",
                .help = "largest side of the fully sampled centre that is used",
                .minimum = 4,
                .maximum = 96})
          .add("kernel", &EspiritSettings::kernel,
               {.label = "Kernel", .help = "side of a k-space patch", .minimum = 2, .maximum = 12})
          .add("threshold", &EspiritSettings::threshold,
               {.label = "Threshold",
                .help = "eigenvalues of the calibration matrix below this part of the largest are noise",
                .minimum = 0,
                .maximum = 1,
                .scale = ParameterScale::logarithmic})
          .add("crop", &EspiritSettings::crop,
               {.label = "Crop",
                .help = "maps are zero where the first eigenvalue is below this",
                .minimum = 0,
                .maximum = 1,
                .step = 0.05})
          .add(
              "maps", &EspiritSettings::maps,
              {.label = "Map sets",
               .help =
                   "2 also estimates a second set where one does not explain the data (a field of view smaller "
                   "than the body, motion); the iterative methods then make soft-SENSE of it",
               .minimum = 1,
               .maximum = 2});
  return fields;
}

std::size_t usize(int value) { return static_cast<std::size_t>(value); }

/// The patch shape: an axis of one sample has a patch of one.
std::array<int, 3> patch_of(const KSpaceSize& size, int kernel) {
  return {size.kx > 1 ? kernel : 1, size.ky > 1 ? kernel : 1, size.kz > 1 ? kernel : 1};
}

/// sum r r^H over all patches r of the calibration region; column-major upper triangle, and one column of slack
/// behind it: the cgemv kernels that cheevd calls in OpenBLAS 0.3.21 read up to a column past the matrix
/// (measured with guard pages for n = 2 to 450; they use nothing of what they read there).
std::vector<Complex> patch_covariance(const ComplexBuffer& samples, const std::array<int, 3>& region,
                                      const PatchSpace& space) {
  const auto [nx, ny, nz] = region;
  const auto [px, py, pz] = space.patch;
  const int positions = (nx - px + 1) * (ny - py + 1) * (nz - pz + 1);
  const auto n = usize(space.length);
  std::vector<Complex> covariance(n * (n + 1));
  const int chunk = 2048;
  one_blas_thread();
  std::vector<Complex> patches;
  for (int begin = 0; begin < positions; begin += chunk) {
    const int count = std::min(chunk, positions - begin);
    patches.resize(n * usize(count));
    for (int i = 0; i < count; ++i) {
      const int position = begin + i;
      const int x0 = position % (nx - px + 1);
      const int y0 = position / (nx - px + 1) % (ny - py + 1);
      const int z0 = position / ((nx - px + 1) * (ny - py + 1));
      Complex* out = patches.data() + usize(i) * n;
      for (int c = 0; c < space.coils; ++c)
        for (int z = 0; z < pz; ++z)
          for (int y = 0; y < py; ++y)
            out = std::copy_n(samples.data() + usize(((c * nz + z0 + z) * ny + y0 + y) * nx + x0), px, out);
    }
    cblas_cherk(CblasColMajor, CblasUpper, CblasNoTrans, space.length, count, 1, patches.data(), space.length,
                1, covariance.data(), space.length);
  }
  return covariance;
}

/// Eigenvalues, ascending, and the eigenvectors in place of the Hermitian matrix, whose upper triangle is read;
/// empty when it did not converge.
std::vector<float> eigenvectors_in_place(std::vector<Complex>& matrix, int n) {
  std::vector<float> values(usize(n));
  Complex work_wanted;
  float real_work_wanted = 0;
  int integer_work_wanted = 0;
  int info = 0;
  const int ask = -1;
  cheevd_("V", "U", &n, matrix.data(), &n, values.data(), &work_wanted, &ask, &real_work_wanted, &ask,
          &integer_work_wanted, &ask, &info);
  // The sizes come back as floats, rounded to 24 bits.
  // More than is asked for: with just that the eigenvectors are turned back one reflector at a time.
  constexpr int reflectors = 64;
  const int work_size =
      static_cast<int>(work_wanted.real() * 1.000001F) + reflectors * n + (reflectors + 1) * reflectors + 1;
  const int real_work_size = static_cast<int>(real_work_wanted * 1.000001F) + 1;
  std::vector<Complex> work(usize(work_size));
  std::vector<float> real_work(usize(real_work_size));
  std::vector<int> integer_work(usize(integer_work_wanted));
  cheevd_("V", "U", &n, matrix.data(), &n, values.data(), work.data(), &work_size, real_work.data(),
          &real_work_size, integer_work.data(), &integer_work_wanted, &info);
  if (info != 0) values.clear();
  return values;
}

/// Projector on the eigenvectors whose eigenvalues exceed threshold * largest; both triangles. Empty when there
/// is no signal. The covariance is as patch_covariance() gives it, slack included.
std::vector<Complex> signal_projector(std::vector<Complex> covariance, int n, double threshold) {
  one_blas_thread();
  const std::vector<float> values = eigenvectors_in_place(covariance, n);
  if (values.empty()) return {};
  const float largest = values.back();
  if (!(largest > 0)) return {};
  const auto first =
      std::upper_bound(values.begin(), values.end(), static_cast<float>(threshold) * largest) - values.begin();
  std::vector<Complex> projector(usize(n) * usize(n));
  const Complex* vectors = covariance.data() + static_cast<std::size_t>(first) * usize(n);
  cblas_cherk(CblasColMajor, CblasLower, CblasNoTrans, n, n - static_cast<int>(first), 1, vectors, n, 0,
              projector.data(), n);
  for (std::size_t column = 1; column < usize(n); ++column)
    for (std::size_t row = 0; row < column; ++row)
      projector[column * usize(n) + row] = std::conj(projector[row * usize(n) + column]);
  return projector;
}

/// The coil combination that sees most signal; maps are turned so that its phase is zero.
std::vector<Complex> principal_coil(const ComplexBuffer& samples, int coils) {
  const std::size_t count = samples.size() / usize(coils);
  std::vector<std::complex<double>> vector(usize(coils), 1.0);
  std::vector<std::complex<double>> covariance(usize(coils) * usize(coils));
  for (std::size_t a = 0; a < usize(coils); ++a)
    for (std::size_t b = 0; b < usize(coils); ++b)
      for (std::size_t i = 0; i < count; ++i)
        covariance[a * usize(coils) + b] += std::complex<double>(samples[a * count + i]) *
                                            std::conj(std::complex<double>(samples[b * count + i]));
  std::size_t brightest = 0;
  for (std::size_t a = 0; a < usize(coils); ++a)
    if (covariance[a * usize(coils) + a].real() > covariance[brightest * usize(coils) + brightest].real())
      brightest = a;
  for (std::size_t a = 0; a < usize(coils); ++a) vector[a] = covariance[a * usize(coils) + brightest];
  for (int step = 0; step < 50; ++step) {
    std::vector<std::complex<double>> next(usize(coils));
    double norm = 0;
    for (std::size_t a = 0; a < usize(coils); ++a) {
      for (std::size_t b = 0; b < usize(coils); ++b) next[a] += covariance[a * usize(coils) + b] * vector[b];
      norm += std::norm(next[a]);
    }
    if (norm <= 0) break;
    for (std::size_t a = 0; a < usize(coils); ++a) vector[a] = next[a] / std::sqrt(norm);
  }
  return {vector.begin(), vector.end()};
}

/// Unit vectors of a row of pixels, real and imaginary parts apart: [coil][stride].
struct RowVectors {
  AlignedVector<float> real, imaginary, value;

  RowVectors(const std::vector<Complex>& start, std::size_t stride)
      : value(stride) {
    for (const Complex& entry : start) {
      real.insert(real.end(), stride, entry.real());
      imaginary.insert(imaginary.end(), stride, entry.imag());
    }
  }
};

/// Eigenvectors of some image rows, each row started from the one before.
class RowSolver {
 public:
  /// samples: where the maps are written, of whose extents `maps` tells.
  RowSolver(const MatrixField& field, const std::vector<Complex>& principal, double crop,
            const Sensitivities& maps, std::span<Complex> samples)
      : field_(field)
      , principal_(principal)
      , crop_(crop)
      , maps_(maps)
      , samples_(samples)
      , stride_(usize(maps.x) + 16)
      , real_(field.entries() * stride_)
      , imaginary_(real_.size()) {
    // The second set starts from coils with alternating signs, which no smooth first set resembles.
    std::vector<Complex> start = principal;
    for (int set = 0; set < maps.sets; ++set) {
      vectors_.emplace_back(start, stride_);
      for (std::size_t c = 1; c < start.size(); c += 2) start[c] = -start[c];
    }
  }

  void solve(int y, int z) {
    if (z != plane_) field_.plane(z, coefficients_);
    plane_ = z;
    field_.row(coefficients_, y, real_.data(), imaginary_.data(), stride_);
    for (std::size_t set = 0; set < vectors_.size(); ++set) {
      RowVectors& found = vectors_[set];
      dominant_eigenvectors({real_.data(), imaginary_.data(), stride_, maps_.coils}, found.real.data(),
                            found.imaginary.data(), found.value.data(), usize(maps_.x), set == 0 ? 40 : 100,
                            1e-4F);
      store(found, set, y, z);
      if (set + 1 < vectors_.size()) deflate(found);
      for (std::size_t x = 0; x < usize(maps_.x); ++x)
        if (found.value[x] < static_cast<float>(crop_)) restart(found, x);
    }
  }

 private:
  Complex entry(const RowVectors& found, std::size_t c, std::size_t x) const {
    return {found.real[c * stride_ + x], found.imaginary[c * stride_ + x]};
  }

  void store(const RowVectors& found, std::size_t set, int y, int z) {
    const std::size_t pixels = usize(maps_.x) * usize(maps_.y) * usize(maps_.z);
    Complex* out = samples_.data() + set * usize(maps_.coils) * pixels +
                   (usize(z) * usize(maps_.y) + usize(y)) * usize(maps_.x);
    for (std::size_t x = 0; x < usize(maps_.x); ++x) {
      if (found.value[x] < static_cast<float>(crop_)) continue;
      Complex along{};
      for (std::size_t c = 0; c < usize(maps_.coils); ++c)
        along += std::conj(principal_[c]) * entry(found, c, x);
      const float length = std::abs(along);
      const Complex turn = length > 0 ? std::conj(along) / length : Complex(1);
      for (std::size_t c = 0; c < usize(maps_.coils); ++c) out[c * pixels + x] = entry(found, c, x) * turn;
    }
  }

  /// G - value v v^H: the next eigenvector becomes the dominant one.
  void deflate(const RowVectors& found) {
    for (std::size_t c = 0, index = 0; c < usize(maps_.coils); ++c)
      for (std::size_t e = 0; e <= c; ++e, ++index)
        for (std::size_t x = 0; x < usize(maps_.x); ++x) {
          const Complex product = entry(found, c, x) * std::conj(entry(found, e, x)) * found.value[x];
          real_[index * stride_ + x] -= product.real();
          imaginary_[index * stride_ + x] -= product.imag();
        }
  }

  /// What was found in the background is no start for the body.
  void restart(RowVectors& found, std::size_t x) const {
    for (std::size_t c = 0; c < usize(maps_.coils); ++c) {
      float& real = found.real[c * stride_ + x];
      float& imaginary = found.imaginary[c * stride_ + x];
      real = 0.7F * real + 0.3F * principal_[c].real();
      imaginary = 0.7F * imaginary + 0.3F * principal_[c].imag();
    }
  }

  const MatrixField& field_;
  const std::vector<Complex>& principal_;
  double crop_;
  const Sensitivities& maps_;
  std::span<Complex> samples_;
  std::size_t stride_;
  int plane_ = -1;
  ComplexBuffer coefficients_; ///< of the plane at hand
  AlignedVector<float> real_, imaginary_;
  std::vector<RowVectors> vectors_; ///< of each set
};

} // namespace

const std::vector<Parameter>& coil_parameters() { return espirit_fields().parameters(); }

Result<Sensitivities> espirit(const ReconstructionInput& input, const ParameterSet& parameters,
                              const Progress& progress) {
  BLOCH_TRY(settings, espirit_fields().from(parameters));
  if (const int exponent = extreme_exponent(input.samples); exponent != 0) { // maps have no scale
    const std::vector<Complex> scaled = times_power_of_two(input.samples, -exponent);
    ReconstructionInput ordinary = input;
    ordinary.samples = scaled;
    return espirit(ordinary, parameters, progress);
  }
  const PatchSpace space(patch_of(input.size, settings.kernel), input.size.coils);
  // Fewer lines than two kernels give maps that follow the data anywhere; BART takes them all the same.
  const std::array<int, 3> enough{2 * space.patch[0], 2 * space.patch[1], 2 * space.patch[2]};
  const CalibrationRegion region =
      extend_calibration(input, find_calibration(input, settings.calibration), settings.calibration, enough);
  for (std::size_t axis = 0; axis < 3; ++axis)
    if (region.size[axis] < space.patch[axis])
      return failure(ErrorKind::invalid_parameter,
                     "the fully sampled centre of k-space is " + std::to_string(region.size[0]) + " x " +
                         std::to_string(region.size[1]) +
                         (input.size.kz > 1 ? " x " + std::to_string(region.size[2]) : "") +
                         ", too small for a kernel of " + std::to_string(settings.kernel) +
                         "; acquire more calibration lines or give coil maps with --coils");
  const ComplexBuffer samples = cut_region(input, region);
  auto projector =
      signal_projector(patch_covariance(samples, region.size, space), space.length, settings.threshold);
  Sensitivities maps{input.size.coils, input.size.kz, input.size.ky, input.size.kx, {}, settings.maps};
  std::vector<Complex> found(input.size.samples_per_slice() * usize(settings.maps));
  if (projector.empty()) {
    maps.samples = std::move(found);
    return maps;
  }
  progress.report(0.4);
  const MatrixField field(projector, space, input.size);
  const std::vector<Complex> principal = principal_coil(samples, input.size.coils);
  // Pieces of a fixed number of rows, so that the bits do not depend on the threads; of a volume whole planes.
  const int rows_at_once = maps.z > 1 ? maps.y : 32;
  const int rows = maps.y * maps.z;
  parallel_for(0, usize((rows + rows_at_once - 1) / rows_at_once), [&](std::size_t piece) {
    if (progress.cancelled()) return;
    RowSolver solver(field, principal, settings.crop, maps, found);
    const int first = static_cast<int>(piece) * rows_at_once;
    for (int row = first; row < std::min(rows, first + rows_at_once); ++row)
      solver.solve(row % maps.y, row / maps.y);
  });
  if (progress.cancelled()) return failure(ErrorKind::cancelled, "the calibration was cancelled");
  progress.report(1);
  maps.samples = std::move(found);
  return maps;
}

} // namespace bloch::imaging
