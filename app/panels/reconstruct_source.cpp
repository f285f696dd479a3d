#include "app/panels/reconstruct_source.h"

#include <algorithm>

#include <QCheckBox>
#include <QComboBox>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QMimeData>
#include <QToolButton>
#include <QVBoxLayout>

#include "app/panels/reconstruct_preview.h"
#include "app/widgets/buttons.h"
#include "app/widgets/parameter_form.h"
#include "core/base/text.h"
#include "imaging/io/kspace_file.h"

namespace bloch::app {
namespace {

constexpr int source_label_width = 72;

std::vector<std::filesystem::path> dropped_kspace(const QMimeData* data) {
  std::vector<std::filesystem::path> paths;
  for (const QUrl& url : data->urls()) {
    const std::filesystem::path path = url.toLocalFile().toStdString();
    if (!path.empty() && imaging::kspace_format_of(path)) paths.push_back(path);
  }
  return paths;
}

QString kspace_filter() {
  QStringList endings;
  for (const auto& format : imaging::kspace_formats())
    for (const auto& ending : format.extensions) endings << "*" + QString::fromStdString(ending);
  return QStringLiteral("Raw k-space (%1)").arg(endings.join(' '));
}

} // namespace

ReconstructSource::ReconstructSource(Session& session, QWidget* parent)
    : Section("reconstruct.source_section", tr("Source"), parent)
    , session_(session)
    , source_(new QComboBox)
    , slices_(new QComboBox)
    , one_coil_(new QCheckBox(tr("No coil axis: one coil")))
    , facts_(make_label({}, "caption", "reconstruct.source.facts"))
    , picture_(new PixelPicture("reconstruct.source.kspace", 62))
    , simulation_(new ParameterForm("reconstruct.simulate", imaging::simulation_parameters(),
                                    ParameterForm::Look{source_label_width, {}}))
    , simulated_(new TagLabel("SIMULATED", TagLabel::Kind::warning))
    , edit_simulation_(nullptr) {
  setAcceptDrops(true);
  simulated_->setObjectName("reconstruct.source.simulated");
  simulated_->setToolTip(tr("K-space is made from the loaded images: the numbers say how well an image comes "
                            "back, not how a scan would go."));
  auto* open = make_small_button("reconstruct.source.open", "folder-open",
                                 tr("Choose a raw k-space file (.h5, .cfl, .npy, .mat)"));
  auto* edit =
      make_small_button("reconstruct.source.edit", "pencil", tr("Coils, phase and noise of the simulation"));
  edit->setCheckable(true);
  edit_simulation_ = edit;
  add_tool(simulated_);
  add_tool(edit);
  add_tool(open);
  source_->setObjectName("reconstruct.source");
  source_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  source_->setMinimumContentsLength(8);
  slices_->setObjectName("reconstruct.slices");
  slices_->setToolTip(tr("Every slice is reconstructed on its own; fewer are sooner done"));
  one_coil_->setObjectName("reconstruct.source.one-coil");
  one_coil_->setToolTip(tr("The file does not name its axes. Unchecked: three dimensions are the coils of one "
                           "slice. Checked: they are a volume, kz x ky x kx, of a single coil."));
  one_coil_->hide();
  facts_->setWordWrap(true);
  facts_->setMinimumWidth(1); // wraps, and never widens the panel
  auto* row = new QHBoxLayout;
  row->setSpacing(10);
  row->addWidget(picture_, 0, Qt::AlignTop);
  row->addWidget(facts_, 1);
  simulation_->hide();
  content()->addLayout(make_row(tr("Source"), source_, source_label_width));
  content()->addLayout(row);
  content()->addWidget(one_coil_);
  content()->addWidget(simulation_);
  content()->addLayout(make_row(tr("Slices"), slices_, source_label_width));

  connect(edit, &QToolButton::toggled, simulation_, &QWidget::setVisible);
  connect(open, &QToolButton::clicked, this, &ReconstructSource::ask_for_file);
  connect(source_, &QComboBox::currentIndexChanged, this, &ReconstructSource::source_changed);
  connect(slices_, &QComboBox::currentIndexChanged, this, [this] {
    refresh_text();
    emit changed();
  });
  connect(one_coil_, &QCheckBox::clicked, this, &ReconstructSource::choose_coil_axis);
  connect(simulation_, &ParameterForm::changed, this, [this] {
    refresh_text();
    emit changed();
  });
  connect(&session_.document_model(), &DocumentModel::changed, this, [this](const Document& before) {
    const Document& now = session_.document();
    if (now.items.size() != before.items.size()) refresh_sources();
    if (now.active == before.active || !now.active) return;
    const Item* item = now.active_item();
    if (item && item->kind == ItemKind::series) choose_series(item->id);
  });
  refresh_sources();
  if (const Item* item = session_.document().active_item(); item && item->kind == ItemKind::series)
    choose_series(item->id);
}

bool ReconstructSource::is_raw() const { return source_->currentData().toString() == "raw"; }

const ReconstructSource::RawFile* ReconstructSource::raw_file() const {
  if (!is_raw()) return nullptr;
  return &raw_files_.at(static_cast<std::size_t>(source_->currentIndex()) - shown_series_.size());
}

void ReconstructSource::fill(ReconstructRequest& request) const {
  const int index = source_->currentIndex();
  if (index < 0) return;
  if (is_raw()) {
    const RawFile& raw = *raw_file();
    request.kspace = raw.kspace;
    request.file = raw.path;
    request.coil_axis = raw.coil_axis;
    request.slices = raw.kspace->size().slices;
  } else {
    request.series = session_.document().share(shown_series_.at(static_cast<std::size_t>(index)));
    request.slices = request.series && request.series->volume ? request.series->volume->geometry().size[2] : 0;
  }
  if (auto simulation = imaging::simulation_request(simulation_->values())) request.simulation = *simulation;
  const int wanted = slices_->currentData().toInt();
  const int count = wanted <= 0 ? request.slices : std::min(wanted, request.slices);
  request.first_slice = (request.slices - count) / 2;
  request.last_slice = request.first_slice + count - 1;
}

Result<void> ReconstructSource::check() const {
  if (source_->currentIndex() < 0)
    return failure(ErrorKind::invalid_parameter, "Open a series, or choose a raw k-space file.");
  return simulation_->check();
}

void ReconstructSource::choose_series(ItemId id) {
  const auto found = std::find(shown_series_.begin(), shown_series_.end(), id);
  if (found != shown_series_.end()) source_->setCurrentIndex(static_cast<int>(found - shown_series_.begin()));
}

void ReconstructSource::choose_slices(int count) {
  const int index = slices_->findData(count);
  if (index >= 0) slices_->setCurrentIndex(index);
}

void ReconstructSource::refresh_sources() {
  const QString kept = source_->currentText();
  const QSignalBlocker quiet(source_);
  source_->clear();
  shown_series_.clear();
  for (const auto& item : session_.document().items) {
    if (item->kind != ItemKind::series || !item->volume) continue;
    shown_series_.push_back(item->id);
    source_->addItem(QString::fromStdString(item->name), "series");
  }
  for (const auto& raw : raw_files_)
    source_->addItem(QString::fromStdString(raw.path.filename().string()), "raw");
  const int index = source_->findText(kept);
  source_->setCurrentIndex(index >= 0 ? index : source_->count() > 0 ? 0 : -1);
  source_changed();
}

void ReconstructSource::refresh_coil_axis() {
  const RawFile* raw = raw_file();
  const bool one_coil = raw && raw->coil_axis == imaging::CoilAxis::none;
  // Only where it makes a difference: three dimensions without names.
  const KSpaceSize size = raw ? raw->kspace->size() : KSpaceSize{};
  const bool unnamed = raw && !imaging::names_axes(raw->path);
  one_coil_->setVisible(one_coil || (unnamed && size.coils > 1 && size.kz == 1 && size.slices == 1));
  one_coil_->setChecked(one_coil);
}

void ReconstructSource::choose_coil_axis(bool one_coil) {
  const RawFile* raw = raw_file();
  if (!raw) return;
  const std::filesystem::path path = raw->path;
  refresh_coil_axis(); // says how it is read until it has been read anew
  open_file(path, one_coil ? imaging::CoilAxis::none : imaging::CoilAxis::automatic);
}

void ReconstructSource::source_changed() {
  refresh_coil_axis();
  refresh_slices();
  refresh_text();
  emit changed();
}

void ReconstructSource::refresh_slices() {
  ReconstructRequest request;
  fill(request);
  const int kept = slices_->currentData().toInt();
  const QSignalBlocker quiet(slices_);
  slices_->clear();
  slices_->addItem(request.slices == 1 ? tr("The one slice") : tr("Whole stack · %1").arg(request.slices), 0);
  for (const int count : {48, 24, 12, 4, 1})
    if (count < request.slices)
      slices_->addItem(count == 1 ? tr("Middle slice") : tr("Middle %1 slices").arg(count), count);
  const int index = slices_->findData(kept);
  slices_->setCurrentIndex(std::max(0, index));
  slices_->setEnabled(request.slices > 1);
}

void ReconstructSource::refresh_text() {
  ReconstructRequest request;
  fill(request);
  const bool retrospective = request.retrospective();
  const bool simulated = retrospective || (request.kspace && !request.kspace->simulated.empty());
  simulated_->setVisible(simulated);
  edit_simulation_->setVisible(retrospective);
  if (!retrospective)
    simulation_->hide();
  else
    simulation_->setVisible(static_cast<QToolButton*>(edit_simulation_)->isChecked());
  picture_->setVisible(request.has_source());
  const QChar times(0x00d7);
  if (retrospective && request.series->volume) {
    const auto& geometry = request.series->volume->geometry();
    facts_->setText(tr("Retrospective, %1 simulated coils\n%2 %3 %4 · %5\nnoise SD %6 · seed %7")
                        .arg(request.simulation.coils)
                        .arg(geometry.size[0])
                        .arg(times)
                        .arg(geometry.size[1])
                        .arg(QString::fromLatin1(plane_name(geometry)).toLower())
                        .arg(QString::fromStdString(bloch::to_text(request.simulation.noise)))
                        .arg(request.simulation.seed));
  } else if (request.kspace) {
    const KSpaceSize& size = request.kspace->size();
    const QString grid = size.kz > 1 ? tr("%1 %4 %2 %4 %3").arg(size.kx).arg(size.ky).arg(size.kz).arg(times)
                                     : tr("%1 %3 %2").arg(size.kx).arg(size.ky).arg(times);
    facts_->setText(tr("%1, %2\n%3 · %4\n%5")
                        .arg(simulated ? tr("Simulated raw data") : tr("Measured raw data"))
                        .arg(size.coils == 1 ? tr("1 coil") : tr("%1 coils").arg(size.coils))
                        .arg(grid, size.slices == 1 ? tr("1 slice") : tr("%1 slices").arg(size.slices),
                             QString::fromStdString(simulated ? request.kspace->simulated
                                                              : request.file.extension().string())));
  } else {
    facts_->setText(tr(
        "Open a series, or choose or drop a raw k-space file: ISMRMRD .h5, BART .cfl, .npy or MATLAB .mat."));
  }
}

void ReconstructSource::show_kspace(const QImage& image) { picture_->set_image(image); }

void ReconstructSource::ask_for_file() {
  const QString path = QFileDialog::getOpenFileName(
      this, tr("Raw k-space"), QString::fromStdString(session_.settings().last_folder), kspace_filter());
  if (!path.isEmpty()) open_file(path.toStdString());
}

void ReconstructSource::open_file(const std::filesystem::path& path, imaging::CoilAxis coil_axis) {
  const QString name = QString::fromStdString(path.filename().string());
  // Errors are said here and not left to the job list: they name the file and what to do.
  using Read = Result<std::shared_ptr<const KSpace>>;
  session_.jobs().run<Read>(
      tr("Reading %1").arg(name), this,
      [path, coil_axis](const Progress& progress) -> Result<Read> {
        auto kspace = imaging::read_kspace(path, progress, coil_axis);
        if (!kspace && kspace.error().kind == ErrorKind::cancelled) return failure(kspace.error());
        if (!kspace) return Read(failure(kspace.error()));
        return Read(std::make_shared<const KSpace>(std::move(*kspace)));
      },
      [this, path, coil_axis, name](Read read) {
        if (!read) {
          session_.show_message({Message::Kind::error, tr("%1 could not be read as raw k-space.").arg(name),
                                 QString::fromStdString(read.error().message)});
          return;
        }
        take({path, *read, coil_axis});
        for (const auto& warning : (*read)->warnings)
          session_.show_message({Message::Kind::warning, name + ": " + QString::fromStdString(warning), {}});
      });
}

void ReconstructSource::take(RawFile file) {
  const auto known = std::find_if(raw_files_.begin(), raw_files_.end(),
                                  [&](const RawFile& other) { return other.path == file.path; });
  const auto place = static_cast<std::size_t>(known - raw_files_.begin());
  if (known == raw_files_.end())
    raw_files_.push_back(std::move(file));
  else
    *known = std::move(file);
  refresh_sources();
  const int index = static_cast<int>(shown_series_.size() + place);
  if (source_->currentIndex() != index) source_->setCurrentIndex(index);
}

void ReconstructSource::dragEnterEvent(QDragEnterEvent* event) {
  if (!dropped_kspace(event->mimeData()).empty()) event->acceptProposedAction();
}

void ReconstructSource::dropEvent(QDropEvent* event) {
  for (const auto& path : dropped_kspace(event->mimeData())) open_file(path);
  event->acceptProposedAction();
}

} // namespace bloch::app
