#include "app/panels/read_workspace.h"

#include "app/panels/geometry_panel.h"
#include "app/panels/measurements_panel.h"
#include "app/panels/object_panel.h"
#include "app/panels/planes_panel.h"
#include "app/panels/studies_panel.h"
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
    , planes_(new PlanesPanel(*views_, session.settings())) {
  right_->add_section(window_);
  right_->add_section(new ObjectPanel(session));
  right_->add_section(measurements_);
  right_->add_section(planes_);
  right_->add_section(new GeometryPanel(session));
  connect(measurements_, &MeasurementsPanel::selected, views_, &LinkedViews::select_measurement);
  connect(measurements_, &MeasurementsPanel::delete_requested, views_,
          &LinkedViews::delete_selected_measurement);
  connect(views_, &LinkedViews::measurement_selected, measurements_, &MeasurementsPanel::select);
  connect(views_, &LinkedViews::layout_changed, this, &Workspace::layout_changed);
}

QWidget* ReadWorkspace::left_panel() { return studies_; }

QWidget* ReadWorkspace::right_panel() { return right_; }

} // namespace bloch::app
