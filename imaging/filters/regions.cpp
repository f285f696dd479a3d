#include "imaging/filters/regions.h"

#include <itkConnectedComponentImageFilter.h>
#include <itkRelabelComponentImageFilter.h>

#include "imaging/adapters/itk_volume.h"

namespace bloch::imaging {

Result<Regions> connected_regions(std::span<const std::uint8_t> mask, const std::array<int, 3>& size,
                                  bool corners_touch) {
  using Labels = itk::Image<std::uint32_t, 3>;
  try {
    const auto image = wrap_as_itk(mask, size);
    const auto connect = itk::ConnectedComponentImageFilter<itk::Image<std::uint8_t, 3>, Labels>::New();
    connect->SetInput(image);
    connect->SetFullyConnected(corners_touch);
    connect->SetNumberOfWorkUnits(1);
    const auto relabel = itk::RelabelComponentImageFilter<Labels, Labels>::New();
    relabel->SetInput(connect->GetOutput());
    relabel->SetNumberOfWorkUnits(1);
    relabel->Update();
    Regions regions;
    const std::uint32_t* first = relabel->GetOutput()->GetBufferPointer();
    regions.labels.assign(first, first + mask.size());
    for (const auto voxels : relabel->GetSizeOfObjectsInPixels()) regions.sizes.push_back(voxels);
    return regions;
  } catch (const itk::ExceptionObject& error) {
    return failure(ErrorKind::failed, std::string("regions cannot be found: ") + error.GetDescription());
  }
}

} // namespace bloch::imaging
