#pragma once

#include <memory>
#include <optional>
#include <vector>

#include <QString>
#include <QStringList>

#include "core/data/dicom_object.h"
#include "core/data/presentation_state.h"
#include "core/data/segmentation.h"
#include "core/data/structure_set.h"
#include "core/jobs/progress.h"
#include "core/session/document.h"
#include "imaging/dicom/objects.h"

namespace bloch::app {

/// An image that an object points at.
struct MarkedImage {
  QString name; ///< "Image 61 of T1 MPRAGE"
  std::string series_uid;
  WorldPoint centre;
};

/// A DICOM object that is no image series, as the window shows it.
struct OpenedObject {
  ObjectInfo info;
  PatientInfo patient;                    ///< without studies
  std::vector<imaging::ObjectLine> lines; ///< what it says
  std::vector<MarkedImage> marks; ///< of a key object selection or presentation state, when they are few
  QStringList about;              ///< the images it names, a series each
  QString problem;                ///< why it cannot lie over its images; empty: it can
  std::shared_ptr<const Segmentation> segmentation;          ///< nullptr: it is none
  std::vector<std::shared_ptr<const Volume>> segment_layers; ///< its layers, to be drawn
  std::shared_ptr<const StructureSet> structures;            ///< nullptr: it is none
  std::shared_ptr<const PresentationState> presentation;     ///< nullptr: it is none
};

/// The overlay planes of a series' volume, as an object that lies over it.
OpenedObject open_overlays(const SeriesInfo& series, int volume, const Progress& progress);

/// A volume of a series as the background reads it.
struct LoadedSeries {
  Item item;
  std::optional<OpenedObject> overlays; ///< of files that carry overlay planes
};

} // namespace bloch::app
