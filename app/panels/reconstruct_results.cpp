#include "app/panels/reconstruct_results.h"

#include <algorithm>

#include <QFileDialog>
#include <QLabel>
#include <QVBoxLayout>

#include "app/panels/reconstruct_runner.h"
#include "app/theme/theme.h"
#include "app/widgets/buttons.h"
#include "app/widgets/line_chart.h"
#include "core/base/file.h"

namespace bloch::app {
namespace {

/// A method in as few letters as the head of a section has room for: "TV", "CG", "l1", "l1+TV".
QString short_label(const std::string& method) {
  const QString name = QString::fromStdString(method);
  if (name.size() <= 3) return name.toUpper();
  QStringList parts = QString::fromStdString(method_label(method)).split(QStringLiteral(" + "));
  for (QString& part : parts) part = part.section('-', 0, 0).left(12);
  return parts.join('+');
}

QString chart_legend(const std::vector<ChartSeries>& series, const QStringList& names) {
  QStringList parts;
  for (std::size_t i = 0; i < series.size(); ++i)
    parts << QStringLiteral("<span style='color:%1'>━</span> %2")
                 .arg(theme_colour(series[i].colour).name(), names[static_cast<int>(i)].toHtmlEscaped());
  return parts.join(QStringLiteral("&nbsp;&nbsp;"));
}

/// The points that no other beats in both time and quality, by time.
std::vector<QPointF> pareto_front(std::vector<QPointF> points) {
  std::sort(points.begin(), points.end(), [](const QPointF& a, const QPointF& b) { return a.x() < b.x(); });
  std::vector<QPointF> front;
  for (const auto& point : points)
    if (front.empty() || point.y() > front.back().y()) front.push_back(point);
  return front;
}

} // namespace

ReconstructResults::ReconstructResults(Session& session, const ReconstructRunner& runner, QWidget* parent)
    : SidePanel("reconstruct.results", session.settings(), 320, parent)
    , session_(session)
    , runner_(runner)
    , table_(new MetricsTable)
    , convergence_(new LineChart)
    , quality_(new LineChart)
    , legend_(make_label({}, "caption")) {
  auto* metrics = new Section("reconstruct.metrics_section", tr("Metrics"));
  metrics->set_flush();
  outdated_ = new TagLabel("OUTDATED", TagLabel::Kind::neutral);
  outdated_->setToolTip(tr("The settings at the left have changed since this run"));
  outdated_->setObjectName("reconstruct.metrics.outdated");
  simulated_ = new TagLabel("SIMULATED UNDER-SAMPLING", TagLabel::Kind::warning);
  simulated_->setToolTip(
      tr("The samples were left out afterwards: measured against the images they were made from"));
  metrics->add_tool(outdated_);
  metrics->add_tool(simulated_);
  outdated_->hide();
  simulated_->hide();
  metrics->content()->addWidget(table_);
  add_section(metrics);

  auto* convergence = new Section("reconstruct.convergence_section", tr("Convergence"));
  convergence->set_flush();
  legend_->setTextFormat(Qt::RichText);
  convergence->add_tool(legend_);
  convergence_->setObjectName("reconstruct.convergence");
  convergence_->setFixedHeight(218);
  convergence_->set_empty_text(tr("Error by iteration, once an iterative method has run."));
  convergence->content()->addWidget(convergence_);
  add_section(convergence);

  auto* quality = new Section("reconstruct.quality_section", tr("Quality against time"));
  quality->set_flush();
  quality->set_hint(tr("╌ Pareto front"));
  quality_->setObjectName("reconstruct.quality");
  quality_->setFixedHeight(218);
  quality_->set_axes({tr("Time, s"), 0.0, {}, false, 5}, {tr("SSIM"), {}, {}, false, 5});
  quality_->set_empty_text(tr("SSIM against seconds, once a method has run against a reference."));
  quality->content()->addWidget(quality_);
  add_section(quality);

  connect(table_, &MetricsTable::method_chosen, this, &ReconstructResults::method_chosen);
  connect(table_, &MetricsTable::csv_requested, this, &ReconstructResults::save_csv);
}

void ReconstructResults::show_run() {
  table_->model().set_rows(runner_.rows());
  simulated_->setVisible(runner_.request().retrospective());
  set_outdated(false);
  refresh_charts();
}

void ReconstructResults::show_row(int row) {
  if (row >= table_->model().rowCount()) return;
  table_->model().set_row(row, runner_.rows()[static_cast<std::size_t>(row)]);
  if (runner_.rows()[static_cast<std::size_t>(row)].state == JobState::done) refresh_charts();
}

void ReconstructResults::choose(const std::string& method) {
  selected_ = method;
  table_->choose(method);
  refresh_charts();
}

void ReconstructResults::set_outdated(bool on) { outdated_->setVisible(on && table_->model().rowCount() > 0); }

void ReconstructResults::refresh_charts() {
  refresh_convergence();
  refresh_quality();
}

void ReconstructResults::refresh_convergence() {
  std::vector<ChartSeries> lines;
  QStringList names;
  bool all_nrmse = true;
  for (const auto& row : runner_.rows()) {
    const Item* item = session_.document().find(row.item);
    if (!item || item->convergence.size() < 2) continue;
    ChartSeries line;
    line.name = QString::fromStdString(method_label(row.method));
    line.colour = QString::fromStdString(method_colour(row.method));
    line.end_marker = true;
    for (const auto& [x, y] : item->convergence) line.points.emplace_back(x, y);
    const auto is_nrmse = item->numbers.find("convergence_is_nrmse");
    all_nrmse = all_nrmse && is_nrmse != item->numbers.end() && is_nrmse->second > 0;
    names << short_label(row.method);
    lines.push_back(std::move(line));
  }
  // Objectives of different methods have different sizes: only a log axis can show them together.
  convergence_->set_axes({tr("Iteration"), 1.0, {}, false, 4},
                         {all_nrmse ? tr("NRMSE") : tr("Objective"), {}, {}, !all_nrmse, 4});
  legend_->setText(chart_legend(lines, names));
  convergence_->set_series(std::move(lines));
}

void ReconstructResults::refresh_quality() {
  std::vector<ChartSeries> clouds;
  std::vector<QPointF> points;
  double latest = 0;
  for (const auto& row : runner_.rows()) {
    const auto ssim = row.numbers.find("ssim");
    const auto seconds = row.numbers.find("seconds");
    if (ssim == row.numbers.end() || seconds == row.numbers.end()) continue;
    ChartSeries cloud;
    cloud.name = QString::fromStdString(method_label(row.method));
    cloud.colour = QString::fromStdString(method_colour(row.method));
    cloud.line = false;
    cloud.markers = true;
    cloud.labelled = true;
    cloud.highlighted = row.method == selected_;
    cloud.points = {QPointF(seconds->second, ssim->second)};
    points.push_back(cloud.points.front());
    latest = std::max(latest, seconds->second);
    clouds.push_back(std::move(cloud));
  }
  ChartSeries front;
  front.colour = "text-3";
  front.dashed = true;
  front.steps = true;
  front.points = pareto_front(points);
  if (!front.points.empty()) front.points.emplace_back(latest * 1.15, front.points.back().y());
  clouds.insert(clouds.begin(), std::move(front));
  if (points.empty()) clouds.clear();
  quality_->set_series(std::move(clouds));
}

void ReconstructResults::save_csv() {
  const QString path =
      QFileDialog::getSaveFileName(this, tr("Metrics as a table"), "metrics.csv", "CSV (*.csv)");
  if (path.isEmpty()) return;
  const auto written = write_file(path.toStdString(), table_->model().csv());
  if (!written)
    session_.show_message({Message::Kind::error, tr("The table was not saved."),
                           QString::fromStdString(written.error().message)});
}

} // namespace bloch::app
