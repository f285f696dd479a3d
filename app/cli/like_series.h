#pragma once

#include <string>

#include "app/cli/command.h"
#include "imaging/open/open.h"

namespace bloch::app {

/// A series that supplies patient and geometry (--like): PATH, or PATH#UID. errors: those of opening it
Result<imaging::OpenedImage> open_like_series(const std::string& like, const Progress& progress = {});

/// The same without its pixels.
Result<imaging::ChosenSeries> choose_like_series(const std::string& like, const Progress& progress = {});

/// Says so when what is written under the patient of `like` was another's. Image files name no patient, and a
/// name or an ID alone may have been taken away.
void warn_of_another_patient(const Invocation& invocation, const PatientInfo& own, const PatientInfo& like);

} // namespace bloch::app
