#pragma once

#include <QString>
#include <QTextDocument>

#include "core/base/printable.h"

namespace bloch::app {

/// For tool tips of text from a file: Qt takes what looks like HTML for it, and reads the files that it names.
inline QString plain_tip(const QString& text) {
  return Qt::mightBeRichText(text) ? Qt::convertFromPlainText(text, Qt::WhiteSpaceNormal) : text;
}

/// For rows and lines: what a file says is one line, without control characters.
inline QString one_line(const QString& text) { return QString::fromStdString(printable(text.toStdString())); }

/// For buttons, check boxes and menus, where a single & underlines the next letter.
inline QString without_mnemonic(QString text) { return text.replace('&', "&&"); }

} // namespace bloch::app
