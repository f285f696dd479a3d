#include <chrono>
#include <cstring>
#include <memory>
#include <stdexcept>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "app/cli/command.h"
#include "app/cli/detail/kernel_report.h"
#include "app/cli/kernel_request.h"
#include "app/cli/npy_writer.h"
#include "app/cli/recipe_digests.h"
#include "core/base/text.h"
#include "core/base/version.h"
#include "core/parameters/recipe.h"
#include "quantum/kernels/alignment.h"
#include "quantum/kernels/nystroem.h"
#include "quantum/simulators/memory.h"

namespace bloch::app {
namespace {

using quantum::Matrix;

class KernelClock {
 public:
  /// Seconds since the last call.
  double lap() {
    const auto now = std::chrono::steady_clock::now();
    const double seconds = std::chrono::duration<double>(now - last_).count();
    last_ = now;
    return seconds;
  }

 private:
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

/// Everything read, and what is known of the kernels before the matrix is computed.
struct KernelWork {
  FeatureTable table, test;
  bool symmetric = true;
  std::vector<KernelTerm> terms;
  std::vector<Eigen::Index> sampled; ///< rows of the table that are diagnosed and tuned on
  nlohmann::ordered_json tuning;

  const Matrix& rows() const { return symmetric ? table.values : test.values; }
};

Result<void> read_tables(const KernelRequest& request, KernelWork& work) {
  BLOCH_TRY(table, read_feature_table(request.features, request.label));
  work.table = std::move(table);
  work.symmetric = request.test.empty();
  if (work.symmetric) return {};
  // The test table may have the label as well; it is left out of the features either way.
  auto test = read_feature_table(request.test, request.label);
  if (!test && test.error().kind == ErrorKind::invalid_parameter) test = read_feature_table(request.test);
  if (!test) return failure(std::move(test.error()));
  if (test->columns != work.table.columns)
    return failure(ErrorKind::malformed,
                   "the test table's columns differ from those of the features: expected " +
                       join(work.table.columns, ",") + ", found " + join(test->columns, ","));
  work.test = std::move(*test);
  return {};
}

std::vector<std::string> labels_of(const KernelWork& work) {
  std::vector<std::string> labels;
  if (!work.table.labels.empty())
    for (const Eigen::Index row : work.sampled)
      labels.push_back(work.table.labels[static_cast<std::size_t>(row)]);
  return labels;
}

/// Bandwidth, gamma and weights, each from the table alone.
Result<void> settle_terms(const Invocation& invocation, const KernelRequest& request, KernelWork& work) {
  const Matrix samples = work.table.values(work.sampled, Eigen::all);
  const std::vector<std::string> labels = labels_of(work);
  const Matrix target = labels.empty() ? Matrix() : quantum::label_kernel(labels);
  for (KernelTerm& term : work.terms) {
    // Exact kernels are tuned on: a device would spend its shots here as well.
    quantum::QuantumKernel exact = term.kernel;
    exact.shots = 0;
    if (request.tune_bandwidth && exact.map->uses_bandwidth) {
      const auto trials = quantum::try_bandwidths(exact, samples, target, invocation.threads);
      const quantum::BandwidthTrial best = quantum::best_trial(trials);
      nlohmann::ordered_json tried = nlohmann::ordered_json::array();
      for (const auto& trial : trials)
        tried.push_back({{"bandwidth", trial.bandwidth},
                         {"off_diagonal_mean", trial.off_diagonal_mean},
                         {"off_diagonal_deviation", trial.off_diagonal_deviation},
                         {"score", trial.score}});
      work.tuning.push_back({{"map", exact.map->name},
                             {"score", labels.empty() ? "spread" : "centred alignment"},
                             {"bandwidth", best.bandwidth},
                             {"tried", std::move(tried)}});
      term.kernel.options.bandwidth = exact.options.bandwidth = best.bandwidth;
      term.parameters.set("bandwidth", best.bandwidth);
    }
    if (exact.kind == quantum::KernelKind::projected && request.gamma == "auto")
      term.kernel.gamma = quantum::typical_gamma(exact, samples, invocation.threads);
  }
  if (work.terms.size() == 1) return {};
  BLOCH_TRY(given, given_weights(request, work.terms.size()));
  std::vector<double> weights = given;
  if (request.weights == "uniform")
    weights.assign(work.terms.size(), 1.0 / static_cast<double>(work.terms.size()));
  if (request.weights == "align") {
    if (labels.empty())
      return failure(
          ErrorKind::invalid_parameter,
          "weights by alignment need labels: name their column with --label, or give --weights uniform");
    std::vector<Matrix> grams;
    for (const KernelTerm& term : work.terms)
      grams.push_back(quantum::evaluate(term.kernel, samples, invocation.threads));
    weights = quantum::alignment_weights(grams, target);
  }
  for (std::size_t k = 0; k < weights.size(); ++k) work.terms[k].weight = weights[k];
  return {};
}

/// The weighted sum, block by block.
class KernelSum {
 public:
  KernelSum(const std::vector<KernelTerm>& terms, const Matrix& rows, const Matrix* columns, int threads) {
    for (const KernelTerm& term : terms) {
      if (columns)
        blocks_.emplace_back(term.kernel, rows, *columns, threads);
      else
        blocks_.emplace_back(term.kernel, rows, threads);
      weights_.push_back(term.weight);
    }
  }

  Matrix block(Eigen::Index first_row, Eigen::Index rows, Eigen::Index first_column,
               Eigen::Index columns) const {
    Matrix sum = weights_[0] * blocks_[0].block(first_row, rows, first_column, columns);
    for (std::size_t k = 1; k < blocks_.size(); ++k)
      sum += weights_[k] * blocks_[k].block(first_row, rows, first_column, columns);
    return sum;
  }
  Matrix whole() const { return block(0, blocks_[0].rows(), 0, blocks_[0].columns()); }
  Eigen::Index rows() const { return blocks_[0].rows(); }
  Eigen::Index columns() const { return blocks_[0].columns(); }
  bool symmetric() const { return blocks_[0].symmetric(); }

 private:
  std::vector<quantum::KernelBlocks> blocks_;
  std::vector<double> weights_;
};

Result<void> write_matrix(const std::string& path, const Matrix& matrix) {
  const auto* bytes = reinterpret_cast<const std::byte*>(matrix.data());
  return write_npy(path, "<f8",
                   {static_cast<std::size_t>(matrix.rows()), static_cast<std::size_t>(matrix.cols())},
                   static_cast<std::size_t>(matrix.size()) * sizeof(double),
                   [&](std::size_t offset, std::span<std::byte> piece) {
                     std::memcpy(piece.data(), bytes + offset, piece.size());
                   });
}

/// Each tile is computed once; of a symmetric matrix those below the diagonal are written above it as well.
Result<void> write_in_tiles(const Invocation& invocation, const KernelSum& sum, Eigen::Index side,
                            const std::string& path) {
  const auto rows = static_cast<std::size_t>(sum.rows()), columns = static_cast<std::size_t>(sum.columns());
  return write_npy_tiles(path, rows, columns, [&](const PutTile& put) -> Result<void> {
    for (Eigen::Index row = 0; row < sum.rows(); row += side) {
      const Eigen::Index height = std::min(side, sum.rows() - row);
      const Eigen::Index end = sum.symmetric() ? row + 1 : sum.columns();
      for (Eigen::Index column = 0; column < end; column += side) {
        if (invocation.progress.cancelled()) return failure(ErrorKind::cancelled, "stopped before the end");
        const Eigen::Index width = std::min(side, sum.columns() - column);
        const Matrix tile = sum.block(row, height, column, width);
        BLOCH_CHECK(put(static_cast<std::size_t>(row), static_cast<std::size_t>(column),
                        static_cast<std::size_t>(height), static_cast<std::size_t>(width), tile.data()));
        if (!sum.symmetric() || row == column) continue;
        const Matrix mirrored = tile.transpose();
        BLOCH_CHECK(put(static_cast<std::size_t>(column), static_cast<std::size_t>(row),
                        static_cast<std::size_t>(width), static_cast<std::size_t>(height), mirrored.data()));
      }
      const double done = static_cast<double>(row + height) / static_cast<double>(sum.rows());
      invocation.progress.report(sum.symmetric() ? done * done : done);
    }
    return {};
  });
}

/// Rows of a tile; 0, the matrix fits memory as a whole.
Eigen::Index tile_side(const KernelRequest& request, Eigen::Index rows, Eigen::Index columns) {
  constexpr Eigen::Index streamed_side = 2048;
  constexpr double copies = 4; // the result, single-precision overlaps, and what the system needs
  if (request.block_rows > 0) return request.block_rows;
  const double bytes = copies * sizeof(double) * static_cast<double>(rows) * static_cast<double>(columns);
  return bytes > static_cast<double>(quantum::available_memory()) ? streamed_side : 0;
}

/// Writes the matrix, or Nystroem features; returns what the JSON says of it.
Result<nlohmann::ordered_json> compute_kernel(const Invocation& invocation, const KernelRequest& request,
                                              const KernelWork& work) {
  const int threads = invocation.threads;
  if (request.landmarks > 0) {
    const auto chosen = quantum::choose_landmarks(work.table.values.rows(), request.landmarks, request.seed);
    const Matrix landmarks = work.table.values(chosen, Eigen::all);
    const auto map = quantum::nystroem_map(KernelSum(work.terms, landmarks, nullptr, threads).whole());
    const KernelSum sum(work.terms, work.rows(), &landmarks, threads);
    BLOCH_CHECK(write_matrix(request.out, quantum::nystroem_features(map, sum.whole())));
    return nlohmann::ordered_json{
        {"rows", sum.rows()}, {"columns", map.rank}, {"nystroem", {{"landmarks", chosen}, {"rank", map.rank}}}};
  }
  const KernelSum sum(work.terms, work.rows(), work.symmetric ? nullptr : &work.table.values, threads);
  const Eigen::Index side = tile_side(request, sum.rows(), sum.columns());
  if (side > 0)
    BLOCH_CHECK(write_in_tiles(invocation, sum, side, request.out));
  else
    BLOCH_CHECK(write_matrix(request.out, sum.whole()));
  nlohmann::ordered_json json{{"rows", sum.rows()}, {"columns", sum.columns()}};
  if (side > 0) json["block_rows"] = side;
  return json;
}

/// A classifier learns nothing of a kernel that has concentrated (Thanasilp, arXiv:2208.11060).
void warn_of_concentration(const Invocation& invocation, const KernelWork& work, double mean) {
  const quantum::QuantumKernel& kernel = work.terms[0].kernel;
  if (mean >= 0.01) return;
  std::string advice = "the map has no bandwidth that could spread it";
  if (kernel.map->uses_bandwidth) {
    quantum::QuantumKernel exact = kernel;
    exact.shots = 0;
    const std::vector<Eigen::Index> few(
        work.sampled.begin(), work.sampled.begin() + std::min<std::ptrdiff_t>(60, std::ssize(work.sampled)));
    const auto trials =
        quantum::try_bandwidths(exact, work.table.values(few, Eigen::all), {}, invocation.threads);
    advice = "try --set bandwidth=" + to_text(quantum::best_trial(trials).bandwidth) + ", or --tune-bandwidth";
  }
  invocation.warn("the kernel is close to the identity (mean off the diagonal " + to_text(mean) + "); " +
                  advice);
}

Result<void> write_kernel_recipe(const KernelRequest& request, const KernelWork& work, int threads) {
  Recipe recipe;
  recipe.command = "kernel";
  recipe.algorithm = request.map;
  recipe.parameters = to_json(work.terms[0].parameters);
  recipe.options = recipe_options(request);
  const std::pair<const char*, std::string> files[] = {{"features", request.features}, {"test", request.test}};
  BLOCH_CHECK(add_digests(recipe, files, request.out));
  if (work.terms.size() > 1) { // as they were settled: replay need not tune again
    std::vector<std::string> weights, with;
    for (const KernelTerm& term : work.terms) weights.push_back(to_text(term.weight));
    for (std::size_t k = 1; k < work.terms.size(); ++k) {
      std::string text = work.terms[k].kernel.map->name;
      for (const auto& [name, value] : work.terms[k].parameters.values())
        text += ":" + name + "=" + to_text(value);
      with.push_back(text);
    }
    recipe.options["weights"] = join(weights, ",");
    recipe.options["with"] = join(with, ";");
  }
  recipe.seed = request.seed;
  recipe.threads = threads;
  recipe.version = version();
  recipe.output = std::filesystem::path(request.out).filename().string();
  return write_recipe(recipe, request.out);
}

Result<nlohmann::ordered_json> run_kernel_work(const Invocation& invocation, const KernelRequest& request,
                                               KernelWork& work, KernelClock& clock) {
  const int features = static_cast<int>(work.table.values.cols());
  const Eigen::Index rows = work.table.values.rows();
  work.sampled = quantum::choose_landmarks(rows, std::min(rows, most_diagnosed_rows), 0);
  BLOCH_CHECK(settle_terms(invocation, request, work));
  const double tune_seconds = clock.lap();
  BLOCH_TRY(computed, compute_kernel(invocation, request, work));
  const double kernel_seconds = clock.lap();
  nlohmann::ordered_json json = computed;
  json["qubits"] = work.terms[0].kernel.map->qubits(features);
  json["map"] = work.terms[0].kernel.map->name;
  json["parameters"] = nlohmann::ordered_json::parse(to_json(work.terms[0].parameters));
  json["kernel"] = {{"kind", request.kind}, {"shots", request.shots}, {"seed", request.seed}};
  if (request.kind == "projected") json["kernel"]["order"] = request.order;
  if (!request.depolarising.empty())
    json["kernel"]["depolarising"] = {request.depolarising.front(), request.depolarising.back()};
  json["terms"] = describe_terms(work.terms, features);
  if (!work.tuning.is_null()) json["tuning"] = work.tuning;
  if (work.symmetric) {
    const Matrix samples = work.table.values(work.sampled, Eigen::all);
    const Matrix gram = KernelSum(work.terms, samples, nullptr, invocation.threads).whole();
    json["diagnostics"] = describe_gram(request, gram, samples, labels_of(work));
    if (!json["diagnostics"].is_null())
      warn_of_concentration(invocation, work, json["diagnostics"]["off_diagonal_mean"].get<double>());
  }
  json["seconds"] = {{"tune", tune_seconds}, {"kernel", kernel_seconds}, {"diagnose", clock.lap()}};
  return json;
}

Result<void> run_kernel(const Invocation& invocation, const KernelRequest& request) {
  KernelClock clock, whole;
  KernelWork work;
  BLOCH_TRY(terms, kernel_terms(request));
  work.terms = std::move(terms);
  BLOCH_CHECK(read_tables(request, work));
  const double read_seconds = clock.lap();
  nlohmann::ordered_json json;
  try {
    BLOCH_TRY(done, run_kernel_work(invocation, request, work, clock));
    json = std::move(done);
  } catch (const std::invalid_argument& error) {
    return failure(ErrorKind::failed, error.what());
  }
  BLOCH_CHECK(write_kernel_recipe(request, work, invocation.threads));
  json["seconds"]["read"] = read_seconds;
  json["seconds"]["total"] = whole.lap();
  invocation.say(std::to_string(json["rows"].get<Eigen::Index>()) + " x " +
                 std::to_string(json["columns"].get<Eigen::Index>()) + " kernel of " +
                 std::to_string(json["qubits"].get<int>()) + " qubits in " + request.out);
  invocation.set_json(json.dump(2));
  return {};
}

CommandBody configure_kernel(CLI::App& app) {
  const auto request = std::make_shared<KernelRequest>();
  add_kernel_options(app, *request);
  return [request](const Invocation& invocation) { return run_kernel(invocation, *request); };
}

} // namespace

Command kernel_command() {
  return {"kernel", "Kernel of a quantum feature map over a table of features: fidelity or projected.",
          "bloch-cli kernel features.csv --map zz --set reps=2 --set bandwidth=0.5 --out gram.npy",
          configure_kernel};
}

} // namespace bloch::app
