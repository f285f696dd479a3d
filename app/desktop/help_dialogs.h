#pragma once

class QWidget;

namespace bloch::app {

class Actions;

/// What the mouse does, and every action with a key. Not modal; one at a time.
void show_keys(QWidget* parent, const Actions& actions);

/// Version, licence, what it is built with, and that it is not for diagnosis.
void show_about(QWidget* parent);

} // namespace bloch::app
