#pragma once

#include <QString>

#include "app/desktop/opened_object.h"

namespace bloch::app {

/// What the object says as rich text in the colours of the theme: headings, "name value" lines, paragraphs, and
/// the images it names.
/// parts: with the names of its segments or regions
QString object_html(const OpenedObject& opened, bool parts = false);

/// "Doe^Jane · 1234 · 2026-11-29": whose it is and of which day.
QString object_heading(const OpenedObject& opened);

} // namespace bloch::app
