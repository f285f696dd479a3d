#pragma once

#include <cstdlib>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include <fftw3.h>

namespace bloch::imaging {

/// FFTW's planner is not thread-safe; everything that plans or touches wisdom holds this.
inline std::mutex& fftw_planner_mutex() {
  static std::mutex mutex;
  return mutex;
}

/// One in-place batch of one-dimensional transforms, owned; runs on any 64-byte aligned buffer, from many
/// threads at once.
///
/// length:  samples of one transform
/// stride:  between samples of one transform
/// batch:   transforms, their first samples next to each other for stride > 1
class FftwPlan {
 public:
  FftwPlan() = default;
  /// Contract: the planner mutex is held. `flags` are FFTW's; an empty plan where FFTW_WISDOM_ONLY finds none.
  FftwPlan(int length, int stride, int batch, bool inverse, unsigned flags) {
    const std::size_t count =
        static_cast<std::size_t>(length) * static_cast<std::size_t>(stride > batch ? stride : batch);
    std::unique_ptr<fftwf_complex, decltype(&fftwf_free)> scratch(
        static_cast<fftwf_complex*>(fftwf_malloc(count * sizeof(fftwf_complex))), &fftwf_free);
    plan_ = fftwf_plan_many_dft(1, &length, batch, scratch.get(), nullptr, stride, stride == 1 ? length : 1,
                                scratch.get(), nullptr, stride, stride == 1 ? length : 1,
                                inverse ? FFTW_BACKWARD : FFTW_FORWARD, flags);
  }
  FftwPlan(FftwPlan&& other) noexcept
      : plan_(std::exchange(other.plan_, nullptr)) {}
  FftwPlan& operator=(FftwPlan&& other) noexcept {
    std::swap(plan_, other.plan_);
    return *this;
  }
  FftwPlan(const FftwPlan&) = delete;
  FftwPlan& operator=(const FftwPlan&) = delete;
  ~FftwPlan() {
    if (plan_) fftwf_destroy_plan(plan_);
  }

  explicit operator bool() const { return plan_ != nullptr; }

  template <class Sample> void run(Sample* data) const {
    static_assert(sizeof(Sample) == sizeof(fftwf_complex));
    auto* values = reinterpret_cast<fftwf_complex*>(data);
    fftwf_execute_dft(plan_, values, values);
  }

  /// FFTW's own text of the plan: the same text computes the same bits.
  std::string text() const {
    std::unique_ptr<char, decltype(&std::free)> owned(fftwf_sprint_plan(plan_), &std::free);
    return owned ? std::string(owned.get()) : std::string();
  }

 private:
  fftwf_plan plan_ = nullptr;
};

} // namespace bloch::imaging
