#include "imaging/parallel/parallel_for.h"

#include <memory>
#include <mutex>
#include <thread>

#include <cblas.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include "core/base/contract.h"

namespace bloch::imaging {
namespace {

std::mutex arena_mutex;
std::shared_ptr<tbb::task_arena> current_arena;

std::shared_ptr<tbb::task_arena> arena() {
  const std::lock_guard lock(arena_mutex);
  if (!current_arena) current_arena = std::make_shared<tbb::task_arena>();
  return current_arena;
}

} // namespace

void set_thread_count(int threads) {
  BLOCH_EXPECTS(threads >= 0);
  const int count = threads > 0 ? threads : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  const std::lock_guard lock(arena_mutex);
  current_arena = std::make_shared<tbb::task_arena>(count);
}

void one_blas_thread() {
  thread_local const bool told = [] {
    openblas_set_num_threads(1);
    return true;
  }();
  static_cast<void>(told);
}

int thread_count() { return arena()->max_concurrency(); }

void parallel_for(std::size_t begin, std::size_t end, const std::function<void(std::size_t)>& body) {
  arena()->execute([&] {
    tbb::parallel_for(
        tbb::blocked_range<std::size_t>(begin, end, 1),
        [&](const tbb::blocked_range<std::size_t>& range) {
          for (std::size_t i = range.begin(); i != range.end(); ++i) body(i);
        },
        tbb::simple_partitioner());
  });
}

} // namespace bloch::imaging
