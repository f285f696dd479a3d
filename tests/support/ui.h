#pragma once

#include <stdexcept>

#include <QApplication>
#include <QEventLoop>
#include <QTest>
#include <QTimer>
#include <QWidget>

#include "tests/support/mouse.h"

namespace bloch::app {

/// Longer than anything here takes on a loaded machine: a guard against waiting for ever, not a measure.
inline constexpr int patience_limit_ms = 60000;

/// A widget by the only thing tests know of it.
template <class Widget> Widget& find_ui(QWidget& root, const QString& object_name) {
  auto* found = root.findChild<Widget*>(object_name);
  if (!found) throw std::runtime_error("there is no " + object_name.toStdString());
  return *found;
}

/// Runs events until the condition holds, looking whenever the signal comes. False when it never did.
template <class Sender, class Signal, class Condition>
bool wait_until(Sender& sender, Signal signal, Condition condition) {
  if (condition()) return true;
  QEventLoop loop;
  QTimer guard;
  guard.setSingleShot(true);
  QObject::connect(&guard, &QTimer::timeout, &loop, &QEventLoop::quit);
  // Looked at once the signal's other listeners have heard it too.
  QObject::connect(
      &sender, signal, &loop,
      [&] {
        if (condition()) loop.quit();
      },
      Qt::QueuedConnection);
  guard.start(patience_limit_ms);
  loop.exec();
  return condition();
}

/// A key as the window system would send it: shortcuts see it first.
inline void press_key(QWidget& widget, Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier) {
  QTest::keyClick(&widget, key, modifiers);
}

} // namespace bloch::app
