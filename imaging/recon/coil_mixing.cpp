#include "imaging/recon/coil_mixing.h"

#include <algorithm>
#include <cmath>

#include <Eigen/Dense>
#include <cblas.h>

#include "core/base/contract.h"
#include "imaging/operators/aligned.h"
#include "imaging/parallel/parallel_for.h"

namespace bloch::imaging {
namespace {

/// sum over samples of s s^H of an array [coil][sample], in double precision.
Eigen::MatrixXcd gram_matrix(std::span<const Complex> samples, int coils) {
  const auto count = samples.size() / static_cast<std::size_t>(coils);
  one_blas_thread();
  constexpr std::size_t piece = 4096; // sums of single precision stay exact enough
  Eigen::MatrixXcd gram = Eigen::MatrixXcd::Zero(coils, coils);
  std::vector<Complex> part(static_cast<std::size_t>(coils) * static_cast<std::size_t>(coils));
  for (std::size_t first = 0; first < count; first += piece) {
    const auto length = static_cast<int>(std::min(piece, count - first));
    cblas_cherk(CblasRowMajor, CblasUpper, CblasNoTrans, coils, length, 1, samples.data() + first,
                static_cast<int>(count), 0, part.data(), coils);
    for (int i = 0; i < coils; ++i)
      for (int j = i; j < coils; ++j)
        gram(i, j) += std::complex<double>(part[static_cast<std::size_t>(i * coils + j)]);
  }
  for (int i = 0; i < coils; ++i)
    for (int j = 0; j < i; ++j) gram(i, j) = std::conj(gram(j, i));
  return gram;
}

/// [from][count] to [to][count].
void mix(std::span<const Complex> samples, const CoilMixing& mixing, std::span<Complex> out) {
  const auto count = static_cast<int>(samples.size() / static_cast<std::size_t>(mixing.from));
  const Complex one(1), zero(0);
  one_blas_thread();
  cblas_cgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, mixing.to, count, mixing.from, &one,
              mixing.weights.data(), mixing.from, samples.data(), count, &zero, out.data(), count);
}

} // namespace

Result<CoilMixing> coil_compression(const KSpace& kspace, double wanted) {
  const int coils = kspace.size().coils;
  if (!(wanted > 0) || wanted > coils || (wanted > 1 && wanted != std::floor(wanted)))
    return failure(ErrorKind::invalid_parameter,
                   "coils are compressed to 1 to " + std::to_string(coils) +
                       " whole coils, or to a share of the energy between 0 and 1 such as 0.99");
  Eigen::MatrixXcd gram = Eigen::MatrixXcd::Zero(coils, coils);
  for (int slice = 0; slice < kspace.size().slices; ++slice) gram += gram_matrix(kspace.slice(slice), coils);
  // Eigenvalues come smallest first.
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXcd> solver(gram);
  const Eigen::VectorXd energies = solver.eigenvalues().cwiseMax(0).reverse();
  const double total = energies.sum();
  CoilMixing mixing{coils, 0, {}, 0};
  double kept = 0;
  while (mixing.to < coils && (wanted >= 1 ? mixing.to < static_cast<int>(wanted) : kept < wanted * total))
    kept += energies[mixing.to++];
  mixing.to = std::max(mixing.to, 1);
  mixing.kept_energy = total > 0 ? std::min(1.0, kept / total) : 1;
  for (int i = 0; i < mixing.to; ++i)
    for (int j = 0; j < coils; ++j)
      mixing.weights.emplace_back(std::conj(solver.eigenvectors()(j, coils - 1 - i)));
  return mixing;
}

Result<CoilMixing> noise_whitening(std::span<const Complex> noise, int coils) {
  BLOCH_EXPECTS(coils > 0 && noise.size() % static_cast<std::size_t>(coils) == 0);
  const std::size_t count = noise.size() / static_cast<std::size_t>(coils);
  if (count < 2 * static_cast<std::size_t>(coils))
    return failure(ErrorKind::invalid_parameter,
                   "the noise scan has " + std::to_string(count) + " samples for " + std::to_string(coils) +
                       " coils; at least " + std::to_string(2 * coils) + " are needed");
  const Eigen::MatrixXcd covariance = gram_matrix(noise, coils) / static_cast<double>(count);
  const Eigen::LLT<Eigen::MatrixXcd> factor(covariance);
  const Eigen::VectorXd strength = covariance.diagonal().real();
  if (factor.info() != Eigen::Success || !(strength.minCoeff() > 1e-12 * strength.maxCoeff()))
    return failure(
        ErrorKind::invalid_parameter,
        "the noise scan has a coil without noise, or two coils with the same; leave --prewhiten out");
  const double mean = std::sqrt(strength.sum() / coils);
  const Eigen::MatrixXcd whitening =
      factor.matrixL().solve(Eigen::MatrixXcd(Eigen::MatrixXcd::Identity(coils, coils))) * mean;
  CoilMixing mixing{coils, coils, {}, 1};
  for (int i = 0; i < coils; ++i)
    for (int j = 0; j < coils; ++j) mixing.weights.emplace_back(whitening(i, j));
  return mixing;
}

KSpace mix_coils(const KSpace& kspace, const CoilMixing& mixing) {
  BLOCH_EXPECTS(kspace.size().coils == mixing.from);
  KSpaceSize size = kspace.size();
  size.coils = mixing.to;
  std::vector<Complex> samples(size.sample_count());
  for (int slice = 0; slice < size.slices; ++slice)
    mix(kspace.slice(slice), mixing,
        std::span(samples).subspan(static_cast<std::size_t>(slice) * size.samples_per_slice(),
                                   size.samples_per_slice()));
  KSpace mixed(size, std::move(samples));
  mixed.geometry = kspace.geometry;
  mixed.simulated = kspace.simulated;
  mixed.warnings = kspace.warnings;
  mixed.notes = kspace.notes;
  mixed.image_size = kspace.image_size;
  mixed.reference = kspace.reference;
  return mixed;
}

Sensitivities mix_coils(const Sensitivities& maps, const CoilMixing& mixing) {
  BLOCH_EXPECTS(maps.coils == mixing.from && maps.sets > 0);
  const std::size_t set_samples = maps.samples.size() / static_cast<std::size_t>(maps.sets);
  const std::size_t pixels = set_samples / static_cast<std::size_t>(maps.coils);
  const std::size_t mixed_samples = pixels * static_cast<std::size_t>(mixing.to);
  std::vector<Complex> mixed(mixed_samples * static_cast<std::size_t>(maps.sets));
  for (std::size_t set = 0; set < static_cast<std::size_t>(maps.sets); ++set) {
    mix(std::span<const Complex>(maps.samples).subspan(set * set_samples, set_samples), mixing,
        std::span(mixed).subspan(set * mixed_samples, mixed_samples));
  }
  return {mixing.to, maps.z, maps.y, maps.x, std::move(mixed), maps.sets};
}

} // namespace bloch::imaging
