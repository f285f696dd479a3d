#pragma once

#include <QApplication>
#include <QMouseEvent>
#include <QWheelEvent>
#include <QWidget>

namespace bloch::app {

/// One mouse event at a widget position, as the window system would send it.
inline void send_mouse(QWidget& widget, QEvent::Type type, const QPointF& position, Qt::MouseButton button,
                       Qt::MouseButtons buttons, Qt::KeyboardModifiers modifiers = Qt::NoModifier) {
  QMouseEvent event(type, position, widget.mapToGlobal(position), button, buttons, modifiers);
  QApplication::sendEvent(&widget, &event);
}

inline void click(QWidget& widget, const QPointF& position, Qt::KeyboardModifiers modifiers = Qt::NoModifier) {
  send_mouse(widget, QEvent::MouseButtonPress, position, Qt::LeftButton, Qt::LeftButton, modifiers);
  send_mouse(widget, QEvent::MouseButtonRelease, position, Qt::LeftButton, Qt::NoButton, modifiers);
}

/// Moves without a button.
inline void hover(QWidget& widget, const QPointF& position, Qt::KeyboardModifiers modifiers = Qt::NoModifier) {
  send_mouse(widget, QEvent::MouseMove, position, Qt::NoButton, Qt::NoButton, modifiers);
}

/// Press, ten moves along the line, release.
inline void drag(QWidget& widget, Qt::MouseButton button, const QPointF& from, const QPointF& to,
                 Qt::KeyboardModifiers modifiers = Qt::NoModifier) {
  send_mouse(widget, QEvent::MouseButtonPress, from, button, button, modifiers);
  for (int step = 1; step <= 10; ++step)
    send_mouse(widget, QEvent::MouseMove, from + (to - from) * step / 10, Qt::NoButton, button, modifiers);
  send_mouse(widget, QEvent::MouseButtonRelease, to, button, Qt::NoButton, modifiers);
}

/// Turns the wheel by eighths of a degree; 120 is a notch away from the hand.
inline void turn_wheel(QWidget& widget, const QPointF& position, int eighths,
                       Qt::KeyboardModifiers modifiers = Qt::NoModifier) {
  QWheelEvent event(position, widget.mapToGlobal(position), {}, {0, eighths}, Qt::NoButton, modifiers,
                    Qt::NoScrollPhase, false);
  QApplication::sendEvent(&widget, &event);
}

} // namespace bloch::app
