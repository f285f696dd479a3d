#include "app/theme/theme.h"

#include <algorithm>

#include <QApplication>
#include <QFile>
#include <QPalette>
#include <QProxyStyle>
#include <QRegularExpression>
#include <QStyleFactory>
#include <QTemporaryDir>

#include "app/theme/icons.h"

namespace bloch::app {
namespace {

/// What a style sheet cannot say: a click on a slider's groove goes there.
class BlochStyle final : public QProxyStyle {
 public:
  BlochStyle()
      : QProxyStyle(QStyleFactory::create("Fusion")) {}

  int styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                QStyleHintReturn* data) const override {
    switch (hint) {
    case SH_Slider_AbsoluteSetButtons:
      return Qt::LeftButton;
    case SH_ToolTip_WakeUpDelay:
      return 400;
    case SH_EtchDisabledText:
      return 0;
    case SH_DitherDisabledText:
      return 0;
    case SH_ComboBox_Popup:
      return 0;
    default:
      return QProxyStyle::styleHint(hint, option, widget, data);
    }
  }
  int pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const override {
    if (metric == PM_SmallIconSize || metric == PM_ButtonIconSize) return 15;
    if (metric == PM_ToolBarIconSize) return 18;
    return QProxyStyle::pixelMetric(metric, option, widget);
  }
};

/// Style sheets take pictures from files only, so the recoloured ones are written where the program may throw
/// them away.
QString icon_file(const QString& name, const QColor& colour) {
  static QTemporaryDir folder;
  const QString path = folder.filePath(name + "-" + colour.name().mid(1) + ".svg");
  if (QFile file(path); !file.exists() && file.open(QIODevice::WriteOnly))
    file.write(recoloured_svg(name, colour, 2.0));
  return path;
}

QColor sheet_colour(const QString& token) {
  static const QStringList signals_with_tints = {"ok", "warn", "error"};
  if (token == "disabled") return disabled_colour();
  if (token == "handle") return theme_colour(theme_name() == "dark" ? "text-1" : "accent");
  if (token == "accent-hover") return theme_colour("accent").lighter(theme_name() == "dark" ? 110 : 115);
  for (const QString& signal : signals_with_tints) {
    if (token == signal + "-bg") return tinted(theme_colour(signal), 0.13);
    if (token == signal + "-line") return tinted(theme_colour(signal), 0.45);
  }
  return theme_colour(token);
}

QString style_sheet() {
  QFile file(":/bloch/themes/bloch.qss");
  if (!file.open(QIODevice::ReadOnly)) return {};
  const QString source = QString::fromUtf8(file.readAll());
  static const QRegularExpression pattern(R"(@icon\(([a-z0-9-]+), ([a-z0-9-]+)\)|@([a-z][a-z0-9-]*))");
  QString sheet;
  qsizetype position = 0;
  for (auto match = pattern.globalMatch(source); match.hasNext();) {
    const QRegularExpressionMatch hit = match.next();
    sheet += source.mid(position, hit.capturedStart() - position);
    if (hit.captured(3).isEmpty())
      sheet += "url(" + icon_file(hit.captured(1), sheet_colour(hit.captured(2))) + ")";
    else
      sheet += sheet_colour(hit.captured(3)).name();
    position = hit.capturedEnd();
  }
  return sheet + source.mid(position);
}

QPalette palette_of_theme() {
  QPalette palette;
  const auto set = [&](QPalette::ColorRole role, const char* token) {
    palette.setColor(role, theme_colour(token));
  };
  set(QPalette::Window, "surface");
  set(QPalette::WindowText, "text-1");
  set(QPalette::Base, "well");
  set(QPalette::AlternateBase, "surface");
  set(QPalette::Text, "text-1");
  set(QPalette::PlaceholderText, "text-3");
  set(QPalette::Button, "raised");
  set(QPalette::ButtonText, "text-1");
  set(QPalette::BrightText, "text-1");
  set(QPalette::Highlight, "accent");
  set(QPalette::HighlightedText, "on-accent");
  set(QPalette::ToolTipBase, "raised");
  set(QPalette::ToolTipText, "text-1");
  set(QPalette::Link, "accent-text");
  set(QPalette::Light, "hover");
  set(QPalette::Midlight, "raised");
  set(QPalette::Mid, "line-strong");
  set(QPalette::Dark, "line");
  set(QPalette::Shadow, "viewer");
  for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
    palette.setColor(QPalette::Disabled, role, disabled_colour());
  return palette;
}

} // namespace

bool apply_theme(QApplication& application, const QString& name) {
  if (!load_theme_colours(name)) return false;
  if (application.property("bloch_style").isNull()) {
    application.setStyle(new BlochStyle);
    application.setProperty("bloch_style", true);
  }
  application.setPalette(palette_of_theme());
  application.setFont(ui_font());
  application.setStyleSheet(style_sheet());
  return true;
}

QFont ui_font(int pixel_size, QFont::Weight weight) {
  QFont font;
  font.setFamilies({"Inter", "Noto Sans", "DejaVu Sans"});
  font.setPixelSize(pixel_size);
  font.setWeight(weight);
  return font;
}

QFont mono_font(int pixel_size, QFont::Weight weight) {
  QFont font;
  font.setFamilies({"JetBrains Mono", "DejaVu Sans Mono"});
  font.setPixelSize(pixel_size);
  font.setWeight(weight);
  return font;
}

QColor tinted(const QColor& colour, double share) {
  const QColor ground = theme_colour("surface");
  const auto mix = [share](int front, int back) {
    return static_cast<int>(back + share * (front - back) + 0.5);
  };
  return {mix(colour.red(), ground.red()), mix(colour.green(), ground.green()),
          mix(colour.blue(), ground.blue())};
}

QColor disabled_colour() { return tinted(theme_colour("text-3"), 0.55); }

} // namespace bloch::app
