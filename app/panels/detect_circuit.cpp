#include "app/panels/detect_circuit.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <QLabel>
#include <QPainter>
#include <QVBoxLayout>

#include "app/theme/theme.h"
#include "app/widgets/buttons.h"
#include "quantum/feature_maps/feature_map.h"

namespace bloch::app {
namespace {

constexpr int circuit_rows = 4;
constexpr double circuit_row_height = 27;

QString circuit_subscript(int number) {
  QString text = QString::number(number);
  for (QChar& digit : text) digit = QChar(0x2080 + digit.digitValue());
  return text;
}

std::string circuit_text(const ParameterSet& settings, const char* name, const std::string& standard) {
  const ParameterValue* value = settings.find(name);
  return value ? to_text(*value) : standard;
}

int circuit_number(const ParameterSet& settings, const char* name, int standard) {
  const ParameterValue* value = settings.find(name);
  const auto* number = value ? std::get_if<long long>(value) : nullptr;
  return number ? static_cast<int>(*number) : standard;
}

quantum::Entanglement circuit_entanglement(const std::string& name) {
  using quantum::Entanglement;
  if (name == "linear") return Entanglement::linear;
  if (name == "circular") return Entanglement::circular;
  return name == "pairs" ? Entanglement::pairs : Entanglement::full;
}

/// Which features move the angles of each step: found by moving them one at a time.
std::vector<std::vector<int>> moving_features(const quantum::FeatureMap& map,
                                              const std::vector<double>& features,
                                              const quantum::FeatureMapOptions& options,
                                              const quantum::Circuit& base) {
  std::vector<std::vector<int>> moved(base.operations().size());
  for (std::size_t k = 0; k < features.size(); ++k) {
    std::vector<double> other = features;
    other[k] += 0.1;
    const quantum::Circuit circuit = map.circuit(other, options);
    if (circuit.operations().size() != base.operations().size()) continue;
    for (std::size_t i = 0; i < moved.size(); ++i)
      if (circuit.operations()[i].parameters != base.operations()[i].parameters)
        moved[i].push_back(static_cast<int>(k));
  }
  return moved;
}

DrawnGate drawn_gate(const quantum::Operation& operation, const std::vector<int>& features) {
  DrawnGate gate;
  gate.qubits = operation.qubits;
  gate.controls = operation.controls + (operation.gate ? operation.gate->controls : 0);
  gate.controls = std::min(gate.controls, static_cast<int>(gate.qubits.size()) - 1);
  const QString name = operation.gate ? QString::fromUtf8(operation.gate->name.data(),
                                                          static_cast<int>(operation.gate->name.size()))
                                            .toUpper()
                                      : QStringLiteral("U");
  gate.depends_on_data = !features.empty();
  const QString bare =
      operation.gate && operation.gate->controls > 0 ? name.mid(operation.gate->controls) : name;
  if (bare == "X" && gate.controls > 0) return gate;
  gate.text = bare;
  if (features.empty()) return gate;
  QStringList names;
  for (const int k : features) names << QStringLiteral("x") + circuit_subscript(k);
  gate.text += "(" + (names.size() <= 2 ? names.join(',') : names.front() + "…") + ")";
  return gate;
}

} // namespace

DrawnCircuit drawn_circuit(const ParameterSet& settings) {
  DrawnCircuit drawn;
  const quantum::FeatureMap* map = quantum::find_feature_map(circuit_text(settings, "map", "zz"));
  if (!map || !map->circuit) return drawn;
  const int features = circuit_number(settings, "qubits", 8);
  quantum::FeatureMapOptions options;
  options.entanglement = circuit_entanglement(circuit_text(settings, "entanglement", "full"));
  options.reps = 1;
  std::vector<double> values;
  for (int k = 0; k < features; ++k) values.push_back(0.3 + 0.17 * k);
  try {
    const quantum::Circuit once = map->circuit(values, options);
    const auto moved = moving_features(*map, values, options, once);
    drawn.qubits = once.qubits();
    for (std::size_t i = 0; i < moved.size(); ++i)
      drawn.gates.push_back(drawn_gate(once.operations()[i], moved[i]));
    drawn.repetitions = map->uses_reps ? circuit_number(settings, "reps", 2) : 1;
    options.reps = drawn.repetitions;
    const quantum::Circuit whole = map->circuit(values, options);
    drawn.all_gates = static_cast<int>(whole.operations().size());
    for (const auto& operation : whole.operations())
      if (operation.qubits.size() == 2) ++drawn.two_qubit_gates;
  } catch (const std::invalid_argument&) {
    return {}; // Features that this map cannot take: the form says so when it runs.
  }
  return drawn;
}

CircuitPicture::CircuitPicture(QWidget* parent)
    : QWidget(parent) {
  setObjectName("detect.circuit");
  setFixedHeight(static_cast<int>(circuit_rows * circuit_row_height) + 4);
}

void CircuitPicture::set_circuit(DrawnCircuit circuit) {
  circuit_ = std::move(circuit);
  setFixedHeight(static_cast<int>(std::max(1, shown_qubits()) * circuit_row_height) + 4);
  update();
}

int CircuitPicture::shown_qubits() const { return std::min(circuit_rows, circuit_.qubits); }

double CircuitPicture::row_of(int qubit) const { return 2 + circuit_row_height * (qubit + 0.5); }

double CircuitPicture::paint_gate(QPainter& painter, const DrawnGate& gate, double left) const {
  const bool plain_x = gate.text.isEmpty();
  const double wide = plain_x ? 20 : painter.fontMetrics().horizontalAdvance(gate.text) + 12;
  const double centre = left + wide / 2;
  const int first_target = gate.controls;
  const int reach = shown_qubits();
  painter.setPen(QPen(theme_colour("text-2"), 1));
  const auto [low, high] = std::minmax_element(gate.qubits.begin(), gate.qubits.end());
  if (*low != *high)
    painter.drawLine(QPointF(centre, row_of(*low)), QPointF(centre, std::min(row_of(*high), double(height()))));
  for (int i = 0; i < static_cast<int>(gate.qubits.size()); ++i) {
    const int qubit = gate.qubits[static_cast<std::size_t>(i)];
    if (qubit >= reach) continue;
    const double row = row_of(qubit);
    if (i < first_target) {
      painter.setBrush(theme_colour("text-2"));
      painter.drawEllipse(QPointF(centre, row), 3, 3);
    } else if (plain_x) {
      painter.setBrush(theme_colour("surface"));
      painter.drawEllipse(QPointF(centre, row), 7, 7);
      painter.drawLine(QPointF(centre - 7, row), QPointF(centre + 7, row));
      painter.drawLine(QPointF(centre, row - 7), QPointF(centre, row + 7));
    } else {
      painter.save();
      painter.setPen(theme_colour(gate.depends_on_data ? "accent-line" : "line-strong"));
      painter.setBrush(theme_colour(gate.depends_on_data ? "accent-bg" : "raised"));
      const QRectF box(left, row - 10, wide, 20);
      painter.drawRoundedRect(box, 3, 3);
      painter.setPen(theme_colour(gate.depends_on_data ? "accent-text" : "text-1"));
      painter.drawText(box, Qt::AlignCenter, gate.text);
      painter.restore();
    }
  }
  return wide;
}

void CircuitPicture::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setFont(mono_font(11));
  const int rows = shown_qubits();
  const double left = 24;
  const double right = width() - (circuit_.repetitions > 1 ? 28 : 4);
  for (int qubit = 0; qubit < rows; ++qubit) {
    painter.setPen(theme_colour("text-2"));
    painter.drawText(QRectF(0, row_of(qubit) - 8, 20, 16), Qt::AlignLeft | Qt::AlignVCenter,
                     QStringLiteral("q%1").arg(qubit));
    painter.setPen(QPen(theme_colour("line-strong"), 1));
    painter.drawLine(QPointF(left, row_of(qubit)), QPointF(right, row_of(qubit)));
  }
  painter.save();
  painter.setClipRect(QRectF(left, 0, right - left, height()));
  std::vector<double> ends(static_cast<std::size_t>(std::max(0, circuit_.qubits)), left + 6);
  for (const DrawnGate& gate : circuit_.gates) {
    const auto [low, high] = std::minmax_element(gate.qubits.begin(), gate.qubits.end());
    if (*low >= rows) continue;
    double at = left;
    for (int qubit = *low; qubit <= *high; ++qubit) at = std::max(at, ends[static_cast<std::size_t>(qubit)]);
    // What begins beyond the edge holds back everything after it on its qubits.
    const double wide = at > right - 20 ? right : paint_gate(painter, gate, at);
    for (int qubit = *low; qubit <= *high; ++qubit) ends[static_cast<std::size_t>(qubit)] = at + wide + 6;
  }
  painter.restore();
  if (circuit_.repetitions <= 1 || rows == 0) return;
  painter.setPen(QPen(theme_colour("text-3"), 1));
  const double top = 4;
  const double bottom = height() - 4;
  for (const double x : {left + 1, right + 1}) {
    const double inward = x < width() / 2.0 ? 4 : -4;
    painter.drawPolyline(
        QPolygonF{QPointF(x + inward, top), QPointF(x, top), QPointF(x, bottom), QPointF(x + inward, bottom)});
  }
  painter.setPen(theme_colour("text-2"));
  painter.drawText(QRectF(right + 4, top - 2, 26, 14), Qt::AlignLeft | Qt::AlignVCenter,
                   QStringLiteral("×%1").arg(circuit_.repetitions));
}

CircuitSection::CircuitSection(QWidget* parent)
    : Section("detect.circuit_section", tr("Circuit"), parent)
    , picture_(new CircuitPicture)
    , caption_(make_label({}, "caption")) {
  content()->setSpacing(4);
  caption_->setWordWrap(true);
  content()->addWidget(picture_);
  content()->addWidget(caption_);
}

void CircuitSection::show_settings(const ParameterSet& settings) {
  DrawnCircuit circuit = drawn_circuit(settings);
  const std::string map = circuit_text(settings, "map", "zz");
  set_title(tr("Circuit · %1 map").arg(QString::fromStdString(map).toUpper()));
  set_hint(circuit.all_gates == 0
               ? QString()
               : tr("%1 gates · %2 two-qubit").arg(circuit.all_gates).arg(circuit.two_qubit_gates));
  const int qubits = circuit.qubits;
  picture_->set_circuit(std::move(circuit));
  caption_->setText(qubits == 0 ? tr("This map takes another number of qubits.")
                                : tr("x: principal components of the patch, as angles · %1 of %2 qubits shown")
                                      .arg(picture_->shown_qubits())
                                      .arg(qubits));
}

} // namespace bloch::app
