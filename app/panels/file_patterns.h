#pragma once

#include <string>

#include <QString>
#include <QStringList>

namespace bloch::app {

/// "*.nii.gz *.nii *.nrrd" of a list of formats, for a dialog of files to read or to write.
template <class Formats> QString file_patterns(const Formats& formats, bool to_write = false) {
  QStringList patterns;
  for (const auto& format : formats)
    if (format.write || !to_write)
      for (const std::string& ending : format.extensions) patterns << "*" + QString::fromStdString(ending);
  return patterns.join(' ');
}

} // namespace bloch::app
