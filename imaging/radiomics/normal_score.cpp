#include "imaging/radiomics/normal_score.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/base/contract.h"

namespace bloch::imaging {
namespace {

/// Ratio of two polynomials of degree 7, coefficients from the constant up.
double ratio(double x, const std::array<double, 8>& above, const std::array<double, 8>& below) {
  double top = 0, bottom = 0;
  for (std::size_t i = 8; i-- > 0;) {
    top = top * x + above[i];
    bottom = bottom * x + below[i];
  }
  return top / bottom;
}

constexpr std::array<double, 8> middle_above{
    3.3871328727963666080e0,  1.3314166789178437745e+2, 1.9715909503065514427e+3, 1.3731693765509461125e+4,
    4.5921953931549871457e+4, 6.7265770927008700853e+4, 3.3430575583588128105e+4, 2.5090809287301226727e+3};
constexpr std::array<double, 8> middle_below{1.0,
                                             4.2313330701600911252e+1,
                                             6.8718700749205790830e+2,
                                             5.3941960214247511077e+3,
                                             2.1213794301586595867e+4,
                                             3.9307895800092710610e+4,
                                             2.8729085735721942674e+4,
                                             5.2264952788528545610e+3};
constexpr std::array<double, 8> tail_above{
    1.42343711074968357734e0, 4.63033784615654529590e0,  5.76949722146069140550e0,  3.64784832476320460504e0,
    1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4};
constexpr std::array<double, 8> tail_below{1.0,
                                           2.05319162663775882187e0,
                                           1.67638483018380384940e0,
                                           6.89767334985100004550e-1,
                                           1.48103976427480074590e-1,
                                           1.51986665636164571966e-2,
                                           5.47593808499534494600e-4,
                                           1.05075007164441684324e-9};
constexpr std::array<double, 8> far_above{
    6.65790464350110377720e0,  5.46378491116411436990e0,  1.78482653991729133580e0,  2.96560571828504891230e-1,
    2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7};
constexpr std::array<double, 8> far_below{1.0,
                                          5.99832206555887937690e-1,
                                          1.36929880922735805310e-1,
                                          1.48753612908506148525e-2,
                                          7.86869131145613259100e-4,
                                          1.84631831751005468180e-5,
                                          1.42151175831644588870e-7,
                                          2.04426310338993978564e-15};

} // namespace

double normal_quantile(double probability) {
  BLOCH_EXPECTS(probability > 0 && probability < 1);
  const double from_middle = probability - 0.5;
  if (std::abs(from_middle) <= 0.425)
    return from_middle * ratio(0.180625 - from_middle * from_middle, middle_above, middle_below);
  const double depth = std::sqrt(-std::log(from_middle < 0 ? probability : 1 - probability));
  const double value =
      depth <= 5 ? ratio(depth - 1.6, tail_above, tail_below) : ratio(depth - 5, far_above, far_below);
  return from_middle < 0 ? -value : value;
}

std::vector<float> normal_scores(std::span<const float> values) {
  std::vector<float> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end());
  const double count = static_cast<double>(values.size());
  std::vector<float> scores(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto [first, last] = std::equal_range(sorted.begin(), sorted.end(), values[i]);
    const double rank =
        (static_cast<double>(first - sorted.begin()) + static_cast<double>(last - sorted.begin())) / 2;
    scores[i] = static_cast<float>(normal_quantile(rank / count));
  }
  return scores;
}

} // namespace bloch::imaging
