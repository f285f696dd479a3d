#pragma once

#include <memory>

#include <vtkSmartPointer.h>

#include "core/data/label_map.h"
#include "core/data/volume.h"

class vtkImageData;
class vtkMatrix4x4;

namespace bloch::app {

/// The volume as VTK's image without a copy: spacing only, origin 0, identity direction (VTK 9.1's mappers
/// disagree about the rest; where it lies goes into SetResliceAxes or a prop's UserMatrix). Read only.
///
/// One image a volume, shared by everyone who asks while anyone holds it. GUI thread only.
vtkSmartPointer<vtkImageData> vtk_image(const std::shared_ptr<const Volume>& volume);

/// The same for a mask, as 0 and 1: wrapped when its labels are 0 and 1, else a copy.
vtkSmartPointer<vtkImageData> vtk_mask(const std::shared_ptr<const LabelMap>& label);

/// From the image's millimetres (index times spacing) to the patient's: direction and origin.
vtkSmartPointer<vtkMatrix4x4> image_to_patient(const VolumeGeometry& geometry);

} // namespace bloch::app
