#pragma once

namespace bloch::imaging {

/// While one lives, what libjxl says on standard error in this thread is dropped: its source lines mean nothing
/// to a user, who is told that the frame is damaged. What other threads and libraries write stays, and so does
/// why libjxl ends the program, if it does.
class QuietLibjxl {
 public:
  QuietLibjxl();
  ~QuietLibjxl();
  QuietLibjxl(const QuietLibjxl&) = delete;
  QuietLibjxl& operator=(const QuietLibjxl&) = delete;
};

} // namespace bloch::imaging
