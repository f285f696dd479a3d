#include "app/viewers/label_outline.h"

#include <vtkCellArray.h>
#include <vtkFlyingEdges2D.h>
#include <vtkImageData.h>
#include <vtkNew.h>
#include <vtkPoints.h>
#include <vtkPolyData.h>
#include <vtkStripper.h>

namespace bloch::app {

std::vector<QPolygonF> outlines_of(vtkImageData* mask, double device_pixel_ratio) {
  vtkNew<vtkFlyingEdges2D> edges;
  edges->SetInputData(mask);
  edges->SetValue(0, 0.5);
  edges->ComputeScalarsOff();
  vtkNew<vtkStripper> lines;
  lines->SetInputConnection(edges->GetOutputPort());
  lines->JoinContiguousSegmentsOn();
  lines->SetMaximumLength(100000);
  lines->Update();
  vtkPolyData* output = lines->GetOutput();
  std::vector<QPolygonF> outlines;
  if (!output->GetLines() || !output->GetPoints()) return outlines;
  vtkIdType count = 0;
  const vtkIdType* ids = nullptr;
  vtkCellArray* cells = output->GetLines();
  for (cells->InitTraversal(); cells->GetNextCell(count, ids) != 0;) {
    QPolygonF outline;
    for (vtkIdType i = 0; i < count; ++i) {
      double place[3];
      output->GetPoints()->GetPoint(ids[i], place);
      outline << QPointF((place[0] + 0.5) / device_pixel_ratio, (place[1] + 0.5) / device_pixel_ratio);
    }
    outlines.push_back(outline);
  }
  return outlines;
}

} // namespace bloch::app
