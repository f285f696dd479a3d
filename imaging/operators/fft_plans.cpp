#include "imaging/operators/fft_plans.h"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <set>

#include "core/base/file.h"
#include "core/security/sha256.h"
#include "imaging/adapters/fftw_plan.h"
#include "imaging/operators/aligned.h"
#include "imaging/operators/fft.h"

namespace bloch::imaging {
namespace {

constexpr int shortest_measured = 65;     ///< below, planning costs more than it can win
constexpr double planning_limit_s = 0.25; ///< of one plan
constexpr double planning_budget_s = 0.6; ///< of a process; what is left over is planned by a later one

/// What is known about plans on this machine: FFTW's wisdom, and the plans for which its estimate proved as
/// good.
struct PlanBook {
  FftPlanning planning = FftPlanning::measure;
  bool loaded = false;
  double spent_s = 0; ///< on measuring
  std::set<std::string> estimated;
  std::set<std::string> texts; ///< of every plan made
};

PlanBook& plan_book() {
  static PlanBook book;
  return book;
}

std::filesystem::path plan_file() {
  std::ifstream processors("/proc/cpuinfo");
  std::string model = "any";
  for (std::string line; std::getline(processors, line);)
    if (line.starts_with("model name")) {
      model = line;
      break;
    }
  return cache_folder() / ("fft-plans-" + sha256_of(model).substr(0, 8) + ".txt");
}

/// First line: keys of estimated plans. The rest: FFTW's wisdom. A file that cannot be read is as good as none.
void load_plans(PlanBook& book) {
  book.loaded = true;
  const auto bytes = read_file(plan_file(), 8U << 20);
  if (!bytes) return;
  const std::string text(bytes->begin(), bytes->end());
  const auto end = text.find('\n');
  if (end == std::string::npos || !fftwf_import_wisdom_from_string(text.c_str() + end + 1)) return;
  for (std::size_t begin = 0; begin < end;) {
    const std::size_t space = std::min(text.find(' ', begin), end);
    if (space > begin) book.estimated.insert(text.substr(begin, space - begin));
    begin = space + 1;
  }
}

void save_plans(const PlanBook& book) {
  std::string text;
  for (const auto& key : book.estimated) text += key + " ";
  const std::unique_ptr<char, decltype(&std::free)> wisdom(fftwf_export_wisdom_to_string(), &std::free);
  if (!wisdom) return;
  // A cache that cannot be written only costs the next run its planning.
  (void)write_file(plan_file(), text + "\n" + wisdom.get());
}

double best_time_s(const FftwPlan& plan, ComplexBuffer& scratch) {
  double best = 1;
  for (int round = 0; round < 7; ++round) {
    std::fill(scratch.begin(), scratch.end(), Complex(1, -1));
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < 4; ++i) plan.run(scratch.data());
    best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  }
  return best;
}

} // namespace

void set_fft_planning(FftPlanning planning) {
  const std::lock_guard lock(fftw_planner_mutex());
  plan_book().planning = planning;
}

std::string fft_plan_hash() {
  const std::lock_guard lock(fftw_planner_mutex());
  std::string all;
  for (const auto& text : plan_book().texts) all += text + "\n";
  return all.empty() ? std::string() : sha256_of(all);
}

void note_fft_plan(const std::string& text) { plan_book().texts.insert(text); }

FftwPlan make_fftw_plan(int length, int batch, bool inverse) {
  PlanBook& book = plan_book();
  const auto noted = [&](FftwPlan plan) {
    book.texts.insert(plan.text());
    return plan;
  };
  const auto estimate = [&] { return FftwPlan(length, batch, batch, inverse, FFTW_ESTIMATE); };
  if (book.planning == FftPlanning::estimate || length < shortest_measured) return noted(estimate());
  if (!book.loaded) load_plans(book);
  const std::string key = std::to_string(length) + ":" + std::to_string(batch) + (inverse ? "i" : "f");
  if (book.estimated.contains(key)) return noted(estimate());
  if (FftwPlan known(length, batch, batch, inverse, FFTW_MEASURE | FFTW_WISDOM_ONLY); known)
    return noted(std::move(known));
  if (book.spent_s > planning_budget_s) return noted(estimate());
  const auto begin = std::chrono::steady_clock::now();
  fftwf_set_timelimit(planning_limit_s);
  FftwPlan measured(length, batch, batch, inverse, FFTW_MEASURE);
  book.spent_s += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  // Measuring on a busy machine can choose badly, and FFTW keeps what it chose: the estimate must really be
  // beaten.
  FftwPlan quick = estimate();
  ComplexBuffer scratch(static_cast<std::size_t>(length) * static_cast<std::size_t>(batch));
  const bool better = best_time_s(measured, scratch) < 0.95 * best_time_s(quick, scratch);
  if (!better) book.estimated.insert(key);
  save_plans(book);
  return noted(better ? std::move(measured) : std::move(quick));
}

} // namespace bloch::imaging
