#pragma once

#include <optional>

#include <QString>
#include <QStringList>

#include "app/viewers/slice_scene.h"
#include "core/session/document.h"

namespace bloch::app {

// What the corners, the status line and the panels say of an item, in one place so that they agree.

/// "Sample^Anna", "SAMPLE-0001 · F · 034Y"; empty for an image file.
QStringList patient_lines(const Item& item);
/// "Sample Hospital", "MR · T1 MPRAGE · Se 3", "2024-01-15 10:42".
QStringList series_lines(const Item& item);
/// "192 × 256 × 256".
QString size_text(const VolumeGeometry& geometry);
/// The item's tags (RECON, SIMULATED, MAP, LOSSY), the warning ones outlined so.
std::vector<Tag> scene_tags(const Item& item);

/// Where its images lie in the patient is known.
bool lies_in_patient(const Item& item);
/// How large its pixels are is known.
bool is_scaled(const Item& item);
/// What lengths on it are told in.
ImageScale image_scale(const Item& item);
/// Values that are no data; nothing where they were calculated anew, as a reconstruction's are.
std::optional<ValueRange> padding_of(const Item& item);
/// " HU", " Gy", " mm²/s" behind a value; empty where it is not known.
QString unit_text(const Item& item);

/// "20240115" -> "2024-01-15"; what is no date stays as it is.
QString date_text(const std::string& dicom_date);
/// "L 11.9 P 22.4 S 37.3"
QString point_text(const WorldPoint& point);
/// A number with a real minus and thin spaces between thousands.
QString number_text(double value, int decimals = 0);
/// Digits that suit the window: none for hundreds, three for 0.05.
int value_decimals(double window_width);

} // namespace bloch::app
