#include "app/theme/theme_colours.h"

#include <QFile>
#include <QHash>
#include <QJsonDocument>
#include <QJsonObject>

#include "core/base/contract.h"

// The macro declares a function, so it cannot stand inside a namespace.
static void init_bloch_resources() { Q_INIT_RESOURCE(bloch); }

namespace bloch::app {
namespace {

struct ThemeColours {
  QString name;
  QHash<QString, QColor> colours;
};

ThemeColours& theme_in_force() {
  static ThemeColours theme;
  return theme;
}

const ThemeColours& loaded_theme() {
  if (theme_in_force().colours.isEmpty()) BLOCH_EXPECTS(load_theme_colours("dark"));
  return theme_in_force();
}

} // namespace

void load_resources() { init_bloch_resources(); }

bool load_theme_colours(const QString& name) {
  load_resources();
  QFile file(":/bloch/themes/" + name + ".json");
  if (!file.open(QIODevice::ReadOnly)) return false;
  const QJsonObject root = QJsonDocument::fromJson(file.readAll()).object();
  ThemeColours theme;
  theme.name = name;
  const QJsonObject colours = root["colours"].toObject();
  for (auto entry = colours.begin(); entry != colours.end(); ++entry)
    theme.colours.insert(entry.key(), QColor(entry.value().toString()));
  if (theme.colours.isEmpty()) return false;
  theme_in_force() = theme;
  return true;
}

QString theme_name() { return loaded_theme().name; }

QColor theme_colour(const QString& token) {
  const auto found = loaded_theme().colours.constFind(token);
  BLOCH_EXPECTS(found != loaded_theme().colours.constEnd());
  return *found;
}

QStringList theme_tokens() { return loaded_theme().colours.keys(); }

} // namespace bloch::app
