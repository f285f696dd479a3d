#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace bloch {

/// Bytes of a whole file. Errors: not_found, malformed (larger than limit), failed.
Result<std::vector<std::uint8_t>> read_file(const std::filesystem::path& path,
                                            std::uintmax_t limit = UINTMAX_MAX);

/// Writes beside the target and renames, so that a reader never sees half a file and a failure leaves the old
/// one.
Result<void> write_file(const std::filesystem::path& path, std::span<const std::uint8_t> bytes);
Result<void> write_file(const std::filesystem::path& path, std::string_view text);
/// Several pieces one behind the other.
Result<void> write_file(const std::filesystem::path& path,
                        std::span<const std::span<const std::uint8_t>> pieces);

/// The same for a library that insists on writing a file by itself: it gets a name beside the target with the
/// same ending.
Result<void> write_beside(const std::filesystem::path& path,
                          const std::function<Result<void>(const std::filesystem::path& beside)>& write);

/// A folder that appears whole or not at all: filled beside the target, then renamed. An existing target must
/// be empty.
Result<void> write_folder(const std::filesystem::path& folder,
                          const std::function<Result<void>(const std::filesystem::path& beside)>& fill);

/// "No space left on device" and the like, as a sentence that says what to do.
Error file_error(const std::filesystem::path& path, int error_number, bool writing);

/// FILE#NAME is one array of a file that holds several. The file itself: the path as it is, unless only what
/// stands before its last # is there.
std::filesystem::path file_of(const std::filesystem::path& path);
/// The NAME behind that #; empty where the path is a file's own.
std::string part_of(const std::filesystem::path& path);

/// Where Bloch keeps what can be made again (FFT wisdom, thumbnails, digests): $XDG_CACHE_HOME/bloch.
std::filesystem::path cache_folder();
/// Where settings live: $XDG_CONFIG_HOME/bloch.
std::filesystem::path configuration_folder();

} // namespace bloch
