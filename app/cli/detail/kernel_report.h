#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "app/cli/kernel_request.h"

namespace bloch::app {

/// At most so many rows are diagnosed; eigenvalues take the cube of it.
inline constexpr Eigen::Index most_diagnosed_rows = 1500;

/// What a Gram matrix says of itself (spread, rank, shots), beside the Gaussian kernel of the same samples
/// (geometric difference) and the labels (alignment).
///
/// labels: of the samples; empty, none. throws: std::invalid_argument
nlohmann::ordered_json describe_gram(const KernelRequest& request, const quantum::Matrix& gram,
                                     const quantum::Matrix& samples, const std::vector<std::string>& labels);

/// The kernels of the sum, with weights, gammas and how each is computed.
nlohmann::ordered_json describe_terms(const std::vector<KernelTerm>& terms, int features);

} // namespace bloch::app
