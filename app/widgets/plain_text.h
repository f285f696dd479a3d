#pragma once

#include <QString>
#include <QTextDocument>

namespace bloch::app {

/// For tool tips of text from a file: Qt takes what looks like HTML for it, and reads the files that it names.
inline QString plain_tip(const QString& text) {
  return Qt::mightBeRichText(text) ? Qt::convertFromPlainText(text, Qt::WhiteSpaceNormal) : text;
}

/// For buttons, check boxes and menus, where a single & underlines the next letter.
inline QString without_mnemonic(QString text) { return text.replace('&', "&&"); }

} // namespace bloch::app
