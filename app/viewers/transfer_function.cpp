#include "app/viewers/transfer_function.h"

#include <algorithm>

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include "app/theme/theme_colours.h"
#include "core/base/contract.h"

namespace bloch::app {
namespace {

Result<TransferFunction> read_transfer_function(const QJsonObject& entry) {
  TransferFunction function;
  function.name = entry["name"].toString().toStdString();
  function.label = entry["label"].toString();
  function.modality = entry["modality"].toString().toStdString();
  function.by_window = entry["scale"].toString() == "window";
  function.shade = entry["shade"].toBool(true);
  function.ambient = entry["ambient"].toDouble(function.ambient);
  function.diffuse = entry["diffuse"].toDouble(function.diffuse);
  function.specular = entry["specular"].toDouble(function.specular);
  function.specular_power = entry["specular_power"].toDouble(function.specular_power);
  for (const QJsonValue point : entry["opacity"].toArray())
    function.opacity.emplace_back(point[0].toDouble(), point[1].toDouble());
  for (const QJsonValue point : entry["colour"].toArray())
    function.colour.emplace_back(point[0].toDouble(), QColor(point[1].toString()));
  if (function.name.empty() || function.opacity.size() < 2 || function.colour.size() < 2)
    return failure(ErrorKind::malformed,
                   "a transfer function needs a name and two points of opacity and colour");
  for (const auto& [place, colour] : function.colour)
    if (!colour.isValid())
      return failure(ErrorKind::malformed, "transfer function " + function.name + " has a colour that is none");
  return function;
}

} // namespace

double TransferFunction::value_of(double place, const WindowLevel& window, bool inverse) const {
  return by_window ? window.level + (inverse ? 0.5 - place : place - 0.5) * window.width : place;
}

Result<std::vector<TransferFunction>> read_transfer_functions(const QByteArray& json) {
  const QJsonArray entries = QJsonDocument::fromJson(json).object()["presets"].toArray();
  if (entries.isEmpty()) return failure(ErrorKind::malformed, "the file holds no transfer functions");
  std::vector<TransferFunction> functions;
  for (const QJsonValue entry : entries) {
    BLOCH_TRY(function, read_transfer_function(entry.toObject()));
    functions.push_back(std::move(function));
  }
  return functions;
}

const std::vector<TransferFunction>& transfer_functions() {
  static const std::vector<TransferFunction> functions = [] {
    load_resources();
    QFile file(":/bloch/presets/transfer_functions.json");
    BLOCH_EXPECTS(file.open(QIODevice::ReadOnly));
    auto read = read_transfer_functions(file.readAll());
    BLOCH_EXPECTS(read.has_value());
    return std::move(*read);
  }();
  return functions;
}

const TransferFunction& transfer_function(const std::string& name) {
  const auto& all = transfer_functions();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const TransferFunction& one) { return one.name == name; });
  return found == all.end() ? all.front() : *found;
}

} // namespace bloch::app
