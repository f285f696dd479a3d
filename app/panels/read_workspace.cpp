#include "app/panels/read_workspace.h"

#include <QStackedWidget>
#include <QTimer>

#include "app/panels/geometry_panel.h"
#include "app/panels/measurements_panel.h"
#include "app/panels/object_page.h"
#include "app/panels/object_panel.h"
#include "app/panels/planes_panel.h"
#include "app/panels/studies_panel.h"
#include "app/panels/volume_panel.h"
#include "app/panels/window_panel.h"
#include "app/widgets/side_panel.h"

namespace bloch::app {

ReadWorkspace::ReadWorkspace(Session& session, QObject* parent)
    : Workspace(parent)
    , views_(new LinkedViews(session))
    , studies_(new StudiesPanel(session))
    , right_(new SidePanel("read.right", session.settings()))
    , window_(new WindowPanel(session))
    , measurements_(new MeasurementsPanel(session))
    , planes_(new PlanesPanel(*views_, session.settings()))
    , page_(new ObjectPage)
    , centre_(new QStackedWidget) {
  centre_->addWidget(views_);
  centre_->addWidget(page_);
  right_->add_section(window_);
  auto* object = new ObjectPanel(session);
  right_->add_section(object);
  right_->add_section(measurements_);
  right_->add_section(planes_);
  right_->add_section(new VolumePanel(session, *views_));
  right_->add_section(new GeometryPanel(session));
  connect(measurements_, &MeasurementsPanel::selected, views_, &LinkedViews::select_measurement);
  connect(measurements_, &MeasurementsPanel::delete_requested, views_,
          &LinkedViews::delete_selected_measurement);
  connect(views_, &LinkedViews::measurement_selected, measurements_, &MeasurementsPanel::select);
  connect(object, &ObjectPanel::page_requested, this, [this] { show_page(centre_->currentWidget() != page_); });
  connect(object, &ObjectPanel::object_chosen, page_, &ObjectPage::set_object);
  connect(page_, &ObjectPage::close_requested, this, [this] { show_page(false); });
  connect(&session, &Session::object_opened, this, [this, &session](const OpenedObject& opened) {
    page_->set_object(opened);
    // Where there is no image to look at, there is something to read; its own job has not ended yet.
    QTimer::singleShot(0, this, [this, &session] {
      if (!session.document().active && session.jobs().idle()) show_page(true);
    });
  });
  connect(&session.document_model(), &DocumentModel::changed, this, [this, &session](const Document& before) {
    if (before.active != session.document().active) show_page(false);
  });
  connect(views_, &LinkedViews::layout_changed, this, &Workspace::layout_changed);
}

void ReadWorkspace::show_page(bool shown) {
  centre_->setCurrentWidget(shown ? static_cast<QWidget*>(page_) : views_);
  if (shown) page_->setFocus();
}

QWidget* ReadWorkspace::centre() { return centre_; }

QWidget* ReadWorkspace::left_panel() { return studies_; }

QWidget* ReadWorkspace::right_panel() { return right_; }

} // namespace bloch::app
