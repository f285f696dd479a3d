#pragma once

#include <cstddef>
#include <cstdint>

#include "imaging/operators/aligned.h"

namespace bloch::imaging {

// Loops over complex samples, vectorised for the processor at hand. Lengths in samples; pointers need no
// alignment. Sums are made in pieces of 1024 samples in float and added up in double: the same bits for the
// same length.

/// out = a * b, sample by sample; out may be a or b.
void multiply(const Complex* a, const Complex* b, Complex* out, std::size_t count);
/// sum += a * b
void add_product(const Complex* a, const Complex* b, Complex* sum, std::size_t count);
/// sum += conj(a) * b
void add_conjugate_product(const Complex* a, const Complex* b, Complex* sum, std::size_t count);
/// Sets to zero where the flag is 0. flags: two bytes a sample, both 0 or both -1.
void keep_flagged(Complex* samples, const std::int8_t* flags, std::size_t count);
/// y += factor * x
void add_scaled(Complex* y, const Complex* x, float factor, std::size_t count);
/// y += factor * x with a complex factor.
void add_scaled_complex(Complex* y, const Complex* x, Complex factor, std::size_t count);
/// out = a * x + b * y; out may be x or y.
void combine(Complex* out, float a, const Complex* x, float b, const Complex* y, std::size_t count);
/// Real part of the inner product sum conj(a) * b.
double real_dot(const Complex* a, const Complex* b, std::size_t count);
/// sum += |z|^2
void add_squared_magnitudes(const Complex* samples, float* sum, std::size_t count);
/// Sum of |a - b|^2.
double squared_distance(const Complex* a, const Complex* b, std::size_t count);
/// z *= max(0, 1 - threshold / |z|); returns the sum of the magnitudes that remain.
double soft_threshold(Complex* samples, float threshold, std::size_t count);

/// A step against the gradient of |A x - y|^2 / 2. product, in: A^H A x of the image x; out: x less step times
/// (product less right), where right is A^H y. Returns Re<x, A^H A x - 2 right>.
double gradient_step(const Complex* image, const Complex* right, float step, Complex* product,
                     std::size_t count);

struct StepSums {
  double against = 0; ///< Re<z - next, next - image>
  double change = 0;  ///< |next - image|^2
  double size = 0;    ///< |next|^2

  StepSums& operator+=(const StepSums& other) {
    against += other.against;
    change += other.change;
    size += other.size;
    return *this;
  }
};
StepSums compare_step(const Complex* image, const Complex* last_image, const Complex* next, float beta,
                      std::size_t count);

} // namespace bloch::imaging
