#include <QApplication>

#include <gtest/gtest.h>

#include "app/bridge/vtk_widget.h"

int main(int argc, char** argv) {
  bloch::app::VtkWidget::prepare_application();
  QApplication application(argc, argv);
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
