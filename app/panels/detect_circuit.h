#pragma once

#include <string>
#include <vector>

#include <QWidget>

#include "app/widgets/section.h"
#include "core/parameters/parameter_set.h"

class QLabel;

namespace bloch::app {

/// One step of a circuit as it is drawn.
struct DrawnGate {
  QString text;            ///< "H", "P(x₀)"; empty for a controlled X
  std::vector<int> qubits; ///< controls first, then targets
  int controls = 0;
  bool depends_on_data = false;
};

/// One repetition of a feature map, with what its angles depend on; nothing for maps that cannot be drawn.
struct DrawnCircuit {
  std::vector<DrawnGate> gates;
  int qubits = 0;
  int repetitions = 1;
  int all_gates = 0; ///< of all repetitions
  int two_qubit_gates = 0;
};
DrawnCircuit drawn_circuit(const ParameterSet& settings);

/// The first qubits of a circuit, left to right, cut off at the right edge.
class CircuitPicture : public QWidget {
  Q_OBJECT

 public:
  explicit CircuitPicture(QWidget* parent = nullptr);
  void set_circuit(DrawnCircuit circuit);
  int shown_qubits() const;

 protected:
  void paintEvent(QPaintEvent*) override;

 private:
  double paint_gate(class QPainter& painter, const DrawnGate& gate, double left) const;
  double row_of(int qubit) const;

  DrawnCircuit circuit_;
};

/// The circuit of the chosen feature map.
class CircuitSection : public Section {
  Q_OBJECT

 public:
  explicit CircuitSection(QWidget* parent = nullptr);
  void show_settings(const ParameterSet& settings);

 private:
  CircuitPicture* picture_;
  QLabel* caption_;
};

} // namespace bloch::app
