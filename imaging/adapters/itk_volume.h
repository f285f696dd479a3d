#pragma once

#include <array>
#include <span>

#include <itkImage.h>
#include <itkImportImageContainer.h>

namespace bloch::imaging {

/// Samples on a grid as an ITK image, without a copy; they must outlive it and are only read. Orientation is
/// left out: what is computed on such an image depends on spacing alone.
template <class T>
typename itk::Image<T, 3>::Pointer wrap_as_itk(std::span<const T> samples, const std::array<int, 3>& size,
                                               const std::array<double, 3>& spacing_mm = {1, 1, 1}) {
  using Image = itk::Image<T, 3>;
  auto image = Image::New();
  typename Image::SizeType extent;
  typename Image::SpacingType spacing;
  for (unsigned axis = 0; axis < 3; ++axis) {
    extent[axis] = static_cast<itk::SizeValueType>(size[axis]);
    spacing[axis] = spacing_mm[axis];
  }
  image->SetRegions(extent);
  image->SetSpacing(spacing);
  auto container = Image::PixelContainer::New();
  container->SetImportPointer(const_cast<T*>(samples.data()), samples.size(), false);
  image->SetPixelContainer(container);
  return image;
}

} // namespace bloch::imaging
