// Reading in a process of its own: what it says, and what becomes of one that crashes or does not come to an
// end.
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <numeric>
#include <stdexcept>

#include <sys/mman.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "imaging/io/detail/read_apart.h"

namespace bloch::imaging::detail {
namespace {

Result<void> take_nothing(ApartSource&) { return {}; }

std::string refusal_of(const std::function<Result<void>(ApartSink&)>& read,
                       const std::function<Result<void>(ApartSource&)>& take = take_nothing) {
  const auto done = read_apart("/nowhere/scan.h5", 0, read, take);
  return done ? "" : done.error().message;
}

TEST(ReadApart, brings_values_texts_and_long_lists_over_in_order) {
  std::vector<double> many(1 << 20);
  std::iota(many.begin(), many.end(), 0.5);
  std::vector<std::string> texts;
  std::vector<double> read;
  const auto done = read_apart(
      "scan.h5", many.size() * sizeof(double),
      [&](ApartSink& sink) -> Result<void> {
        for (int k = 0; k < 3000; ++k) sink.put(std::to_string(k));
        sink.put(many);
        sink.put(std::string());
        sink.put(7);
        return {};
      },
      [&](ApartSource& source) -> Result<void> {
        for (int k = 0; k < 3000; ++k) {
          BLOCH_TRY(text, source.get_text(10));
          texts.push_back(text);
        }
        BLOCH_TRY(values, source.get_values<double>(1 << 20));
        read = values;
        BLOCH_TRY(empty, source.get_text(0));
        BLOCH_TRY(seven, source.get<int>());
        EXPECT_TRUE(empty.empty());
        EXPECT_EQ(seven, 7);
        return {};
      });
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(read, many);
  EXPECT_EQ(texts[2999], "2999");
}

TEST(ReadApart, hands_on_what_either_side_refuses) {
  EXPECT_EQ(
      refusal_of([](ApartSink&) -> Result<void> { return failure(ErrorKind::unsupported, "not this one"); }),
      "not this one");
  const auto kind = read_apart(
      "scan.h5", 0, [](ApartSink&) -> Result<void> { return failure(ErrorKind::unsupported, "not this one"); },
      [](ApartSource& source) -> Result<void> {
        BLOCH_TRY(number, source.get<int>());
        return number == 0 ? Result<void>() : failure(ErrorKind::failed, "");
      });
  EXPECT_EQ(kind.error().kind, ErrorKind::unsupported);
  // A reader that has enough ends the process, however much it would still say.
  EXPECT_EQ(refusal_of(
                [](ApartSink& sink) -> Result<void> {
                  for (;;) sink.put(1);
                },
                [](ApartSource&) -> Result<void> { return failure(ErrorKind::cancelled, "enough"); }),
            "enough");
  EXPECT_NE(refusal_of(
                [](ApartSink& sink) -> Result<void> {
                  sink.put(std::string(100, 'a'));
                  return {};
                },
                [](ApartSource& source) -> Result<void> {
                  BLOCH_TRY(text, source.get_text(99));
                  return text.empty() ? Result<void>() : failure(ErrorKind::failed, "");
                })
                .find("claims more"),
            std::string::npos);
}

TEST(ReadApart, outlives_a_process_that_crashes_and_one_that_does_not_come_to_an_end) {
  for (const auto& crash : {+[](ApartSink&) -> Result<void> { std::abort(); },
                            +[](ApartSink&) -> Result<void> {
                              std::raise(SIGSEGV);
                              return {};
                            },
                            +[](ApartSink&) -> Result<void> { std::_Exit(3); },
                            +[](ApartSink&) -> Result<void> { throw std::runtime_error("x"); }})
    EXPECT_NE(refusal_of(crash).find("'scan.h5' is broken: the library that reads it fails on it"),
              std::string::npos);
  EXPECT_NE(refusal_of([](ApartSink&) -> Result<void> {
              for (std::atomic<int> k = 0;; ++k) {
              }
            }).find("does not come to an end"),
            std::string::npos);
}

TEST(ReadApart, starts_again_where_the_process_sleeps_before_its_first_word) {
  auto* tries = static_cast<std::atomic<int>*>(
      ::mmap(nullptr, sizeof(std::atomic<int>), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  ASSERT_NE(tries, MAP_FAILED);
  int got = 0;
  const auto done = read_apart(
      "scan.h5", 0,
      [tries](ApartSink& sink) -> Result<void> {
        while (tries->load() == 0) {
          ++*tries;
          ::pause();
        }
        sink.put(42);
        return {};
      },
      [&](ApartSource& source) -> Result<void> {
        BLOCH_TRY(value, source.get<int>());
        got = value;
        return {};
      });
  EXPECT_TRUE(done);
  EXPECT_EQ(got, 42);
  EXPECT_EQ(tries->load(), 1);
  ::munmap(tries, sizeof *tries);
}

TEST(ReadApart, bounds_the_memory_of_the_process) {
  const auto done = read_apart(
      "scan.h5", 1000,
      [](ApartSink&) -> Result<void> {
        std::vector<char> large(std::size_t{3} << 30);
        return large.empty() ? Result<void>() : failure(ErrorKind::failed, "it got the memory");
      },
      take_nothing);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().message.find("it got"), std::string::npos) << done.error().message;
}

} // namespace
} // namespace bloch::imaging::detail
