#pragma once

#include <string>
#include <string_view>

namespace bloch {

enum class LineEnds { removed, kept };

/// Text of headers and file names as a terminal or one row of a list may show it: tabs and line ends become
/// spaces, every other control character (C0, DEL, C1) and every byte that is not UTF-8 the sign U+FFFD. Other
/// text stays as it is.
std::string printable(std::string_view text, LineEnds line_ends = LineEnds::removed);

} // namespace bloch
