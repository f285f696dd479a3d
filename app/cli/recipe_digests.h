#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <utility>

#include "core/base/result.h"
#include "core/parameters/recipe.h"

namespace bloch::app {

/// The digest of a result, of BART's two files of the one that holds the samples. errors: those of
/// sha256_of_file
Result<std::string> output_digest(std::filesystem::path output);

/// Puts what a command read and what it wrote into its recipe, files side by side on the worker threads.
/// inputs: role and path, left out where there is no path; output: becomes the option output-sha256, empty
/// where its digest would say nothing. errors: those of describe_input and output_digest
Result<void> add_digests(Recipe& recipe, std::span<const std::pair<const char*, std::string>> inputs,
                         const std::filesystem::path& output);

} // namespace bloch::app
