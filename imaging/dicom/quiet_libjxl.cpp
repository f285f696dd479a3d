// Debian builds libjxl 0.7 without NDEBUG: its JXL_FAILURE and JXL_RETURN_IF_ERROR print. jxl::Debug is hidden
// and has no switch; the one thing of it that can be reached is what it prints by, the C library's checked
// vfprintf.
#include "imaging/dicom/detail/quiet_libjxl.h"

#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <initializer_list>

#include <dlfcn.h>

namespace bloch::imaging {
namespace {

/// How many QuietLibjxl live in this thread.
thread_local int quiet_depth = 0;

bool tells_why_it_ends(const char* format) {
  for (const char* kind : {"JXL_ABORT", "JXL_ASSERT", "JXL_CHECK", "JXL_DASSERT"})
    if (std::strstr(format, kind)) return true;
  return false;
}

} // namespace

QuietLibjxl::QuietLibjxl() { ++quiet_depth; }
QuietLibjxl::~QuietLibjxl() { --quiet_depth; }

} // namespace bloch::imaging

/// Stands in the program before the C library's own, to which everything goes that is not dropped.
extern "C" __attribute__((visibility("default"))) int
__vfprintf_chk(std::FILE* stream, int flag, const char* format, std::va_list values); // NOLINT

int __vfprintf_chk(std::FILE* stream, int flag, const char* format, std::va_list values) { // NOLINT
  using Print = int (*)(std::FILE*, int, const char*, std::va_list);
  static const auto print = reinterpret_cast<Print>(dlsym(RTLD_NEXT, "__vfprintf_chk"));
  if (bloch::imaging::quiet_depth > 0 && stream == stderr && !bloch::imaging::tells_why_it_ends(format))
    return 0;
  return print(stream, flag, format, values);
}
