#pragma once

#include <QLabel>

namespace bloch::app {

/// A chip of capitals: RECON, SIMULATED, MAP, HEALTHY.
class TagLabel : public QLabel {
  Q_OBJECT

 public:
  enum class Kind { neutral, accent, warning, ok, error };

  explicit TagLabel(const QString& text, Kind kind = Kind::neutral, QWidget* parent = nullptr);

  void set_tag(const QString& text, Kind kind);
  Kind kind() const { return kind_; }

 private:
  Kind kind_ = Kind::neutral;
};

/// How a tag of an item (Item::tags) is shown: what warns of lost or made-up data is a warning.
TagLabel::Kind tag_kind(const QString& tag);

} // namespace bloch::app
