#include "app/cli/terminal_progress.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <mutex>
#include <string>
#include <thread>

#include <unistd.h>

#include "core/base/printable.h"

namespace bloch::app {
namespace {

volatile std::sig_atomic_t interrupted = 0;

extern "C" void note_interrupt(int) {
  interrupted = 1;
  std::signal(SIGINT, SIG_DFL); // a second Ctrl+C ends the program at once
}

using Clock = std::chrono::steady_clock;

} // namespace

struct TerminalProgress::State {
  std::mutex mutex;
  std::condition_variable stop;
  bool drawing = false;
  bool stopped = false;
  bool drawn = false;
  Clock::time_point begun = Clock::now();
  Clock::time_point last{};
  std::thread watcher;

  void draw(double fraction, const std::string& stage) {
    const std::lock_guard lock(mutex);
    const auto now = Clock::now();
    if (!drawing || stopped || now - begun < std::chrono::milliseconds(400) ||
        now - last < std::chrono::milliseconds(100))
      return;
    last = now;
    drawn = true;
    constexpr int width = 30;
    const int filled = static_cast<int>(fraction * width);
    const double elapsed = std::chrono::duration<double>(now - begun).count();
    const double left = fraction > 0.01 ? elapsed * (1 - fraction) / fraction : 0;
    std::fprintf(stderr, "\r\033[K[%s%s] %3.0f %%  %.0f s left  %s",
                 std::string(static_cast<std::size_t>(filled), '=').c_str(),
                 std::string(static_cast<std::size_t>(width - filled), ' ').c_str(), fraction * 100, left,
                 printable(stage).c_str());
    std::fflush(stderr);
  }
};

TerminalProgress::TerminalProgress(bool quiet)
    : state_(std::make_shared<State>()) {
  state_->drawing = !quiet && ::isatty(STDERR_FILENO) == 1;
  progress_ =
      Progress([state = state_](double fraction, const std::string& stage) { state->draw(fraction, stage); });
  interrupted = 0;
  std::signal(SIGINT, note_interrupt);
  state_->watcher = std::thread([state = state_.get(), progress = progress_] {
    std::unique_lock lock(state->mutex);
    while (!state->stopped) {
      state->stop.wait_for(lock, std::chrono::milliseconds(50));
      if (interrupted) progress.cancel();
    }
  });
}

TerminalProgress::~TerminalProgress() { finish(); }

void TerminalProgress::finish() {
  {
    const std::lock_guard lock(state_->mutex);
    if (state_->stopped) return;
    state_->stopped = true;
    if (state_->drawn) std::fprintf(stderr, "\r\033[K");
  }
  state_->stop.notify_all();
  state_->watcher.join();
  std::signal(SIGINT, SIG_DFL);
}

} // namespace bloch::app
