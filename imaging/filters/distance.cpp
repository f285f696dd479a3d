#include "imaging/filters/distance.h"

#include <algorithm>
#include <cmath>

#include <itkSignedMaurerDistanceMapImageFilter.h>

#include "imaging/adapters/itk_volume.h"

namespace bloch::imaging {

Result<std::vector<float>> depth_inside(std::span<const std::uint8_t> mask, const std::array<int, 3>& size,
                                        const std::array<double, 3>& spacing_mm) {
  std::vector<float> depth(mask.size(), 0);
  std::vector<std::uint8_t> outside(mask.size());
  std::transform(mask.begin(), mask.end(), outside.begin(),
                 [](std::uint8_t set) { return static_cast<std::uint8_t>(set == 0); });
  if (std::find(outside.begin(), outside.end(), 1) == outside.end()) return depth;
  try {
    using Filter = itk::SignedMaurerDistanceMapImageFilter<itk::Image<std::uint8_t, 3>, itk::Image<float, 3>>;
    const auto filter = Filter::New();
    filter->SetInput(wrap_as_itk(std::span<const std::uint8_t>(outside), size, spacing_mm));
    filter->SetSquaredDistance(false);
    filter->SetUseImageSpacing(true);
    filter->SetInsideIsPositive(false);
    filter->SetNumberOfWorkUnits(1);
    filter->Update();
    const float* distance = filter->GetOutput()->GetBufferPointer();
    for (std::size_t i = 0; i < mask.size(); ++i)
      if (mask[i]) depth[i] = std::max(0.0F, distance[i]);
  } catch (const itk::ExceptionObject& error) {
    return failure(ErrorKind::failed, std::string("distances cannot be found: ") + error.GetDescription());
  }
  return depth;
}

} // namespace bloch::imaging
