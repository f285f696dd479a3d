#include "app/bridge/vtk_volume.h"

#include <algorithm>
#include <map>
#include <span>
#include <variant>

#include <vtkCommand.h>
#include <vtkFloatArray.h>
#include <vtkImageData.h>
#include <vtkMatrix4x4.h>
#include <vtkNew.h>
#include <vtkPointData.h>
#include <vtkShortArray.h>
#include <vtkUnsignedCharArray.h>
#include <vtkUnsignedShortArray.h>
#include <vtkWeakPointer.h>

namespace bloch::app {
namespace {

/// Holds the samples for as long as VTK's array lives.
class SampleKeeper : public vtkCommand {
 public:
  static SampleKeeper* New() { return new SampleKeeper; }
  void Execute(vtkObject*, unsigned long, void*) override { samples.reset(); }
  std::shared_ptr<const void> samples;
};

vtkSmartPointer<vtkDataArray> new_array(const std::int16_t*) { return vtkSmartPointer<vtkShortArray>::New(); }
vtkSmartPointer<vtkDataArray> new_array(const float*) { return vtkSmartPointer<vtkFloatArray>::New(); }
vtkSmartPointer<vtkDataArray> new_array(const std::uint8_t*) {
  return vtkSmartPointer<vtkUnsignedCharArray>::New();
}
vtkSmartPointer<vtkDataArray> new_array(const std::uint16_t*) {
  return vtkSmartPointer<vtkUnsignedShortArray>::New();
}

template <class T>
vtkSmartPointer<vtkImageData> wrap(const VolumeGeometry& geometry, const std::shared_ptr<const T>& samples) {
  vtkSmartPointer<vtkDataArray> array = new_array(samples.get());
  array->SetNumberOfComponents(1);
  // save = 1: VTK never frees it; it takes no const pointer, yet nothing here writes.
  array->SetVoidArray(const_cast<T*>(samples.get()), static_cast<vtkIdType>(geometry.voxel_count()), 1);
  vtkNew<SampleKeeper> keeper;
  keeper->samples = samples;
  array->AddObserver(vtkCommand::DeleteEvent, keeper);
  auto image = vtkSmartPointer<vtkImageData>::New();
  image->SetDimensions(geometry.size.data());
  image->SetSpacing(geometry.spacing_mm.x(), geometry.spacing_mm.y(), geometry.spacing_mm.z());
  image->GetPointData()->SetScalars(array);
  return image;
}

/// One image for each grid that somebody still shows. The samples' address alone is no key: two grids may share
/// samples.
template <class Grid> class ImageCache {
 public:
  template <class Make>
  vtkSmartPointer<vtkImageData> find_or_make(const std::shared_ptr<const Grid>& grid, Make&& make) {
    std::erase_if(entries_,
                  [](const auto& entry) { return entry.second.grid.expired() || !entry.second.image; });
    if (const auto found = entries_.find(grid.get()); found != entries_.end())
      return found->second.image.GetPointer();
    const vtkSmartPointer<vtkImageData> image = make();
    entries_[grid.get()] = {grid, image.GetPointer()};
    return image;
  }

 private:
  struct Entry {
    std::weak_ptr<const Grid> grid;
    vtkWeakPointer<vtkImageData> image;
  };
  std::map<const Grid*, Entry> entries_;
};

} // namespace

vtkSmartPointer<vtkImageData> vtk_image(const std::shared_ptr<const Volume>& volume) {
  static ImageCache<Volume> cache;
  return cache.find_or_make(volume, [&] {
    return std::visit([&](const auto& samples) { return wrap(volume->geometry(), samples); },
                      volume->shared_samples());
  });
}

vtkSmartPointer<vtkImageData> vtk_mask(const std::shared_ptr<const LabelMap>& label) {
  static ImageCache<LabelMap> cache;
  return cache.find_or_make(label, [&] {
    const bool zero_and_one = label->visit([](auto samples) {
      return std::all_of(samples.begin(), samples.end(), [](auto value) { return value <= 1; });
    });
    if (zero_and_one)
      return std::visit([&](const auto& samples) { return wrap(label->geometry(), samples); },
                        label->shared_samples());
    auto mask = std::make_shared<std::vector<std::uint8_t>>(label->voxel_count());
    label->visit([&](auto samples) {
      std::transform(samples.begin(), samples.end(), mask->begin(),
                     [](auto value) { return value != 0 ? 1 : 0; });
    });
    return wrap(label->geometry(), std::shared_ptr<const std::uint8_t>(mask, mask->data()));
  });
}

vtkSmartPointer<vtkMatrix4x4> image_to_patient(const VolumeGeometry& geometry) {
  auto matrix = vtkSmartPointer<vtkMatrix4x4>::New();
  for (int row = 0; row < 3; ++row) {
    for (int column = 0; column < 3; ++column) matrix->SetElement(row, column, geometry.direction(row, column));
    matrix->SetElement(row, 3, geometry.origin.mm[row]);
  }
  return matrix;
}

} // namespace bloch::app
