#include <cmath>
#include <functional>
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "app/cli/command.h"
#include "app/cli/lists.h"
#include "core/base/text.h"

namespace bloch::app {
namespace {

nlohmann::ordered_json json_of(const Parameter& parameter) {
  nlohmann::ordered_json json{{"name", parameter.name},
                              {"kind", to_text(parameter.kind)},
                              {"default", to_text(parameter.default_value)}};
  if (!parameter.unit.empty()) json["unit"] = parameter.unit;
  if (std::isfinite(parameter.minimum)) json["minimum"] = parameter.minimum;
  if (std::isfinite(parameter.maximum)) json["maximum"] = parameter.maximum;
  if (!parameter.choices.empty()) json["choices"] = parameter.choices;
  json["help"] = parameter.help;
  return json;
}

std::string allowed(const Parameter& parameter) {
  if (!parameter.choices.empty()) return join(parameter.choices, " | ");
  std::string text = to_text(parameter.kind);
  const bool low = std::isfinite(parameter.minimum);
  const bool high = std::isfinite(parameter.maximum);
  if (low && high)
    text += " from " + to_text(parameter.minimum) + " to " + to_text(parameter.maximum);
  else if (low)
    text += " from " + to_text(parameter.minimum);
  return parameter.unit.empty() ? text : text + " " + parameter.unit;
}

void print(const Invocation& invocation, const ListEntry& entry) {
  invocation.say(entry.name + "  " + entry.summary);
  if (!entry.source.empty()) invocation.say("    source: " + entry.source);
  for (const Parameter& parameter : entry.parameters)
    invocation.say("    " + parameter.name + " = " + to_text(parameter.default_value) + "  (" +
                   allowed(parameter) + ")  " + parameter.help);
}

Result<void> run_list(const Invocation& invocation, const std::string& wanted) {
  if (wanted.empty()) {
    nlohmann::ordered_json json;
    for (const List& list : lists()) {
      invocation.say(list.name + "  " + list.summary);
      json[list.name] = list.summary;
    }
    invocation.set_json(json.dump(2));
    return {};
  }
  std::vector<std::string> names;
  for (const List& list : lists()) {
    names.push_back(list.name);
    if (list.name != wanted) continue;
    nlohmann::ordered_json json = nlohmann::ordered_json::array();
    for (const ListEntry& entry : list.entries()) {
      print(invocation, entry);
      nlohmann::ordered_json item{{"name", entry.name}, {"summary", entry.summary}, {"source", entry.source}};
      item["parameters"] = nlohmann::ordered_json::array();
      for (const Parameter& parameter : entry.parameters) item["parameters"].push_back(json_of(parameter));
      json.push_back(std::move(item));
    }
    invocation.set_json(json.dump(2));
    return {};
  }
  return failure(ErrorKind::invalid_parameter, "there is no list '" + wanted + "'" + suggestion(wanted, names));
}

CommandBody configure_list(CLI::App& app) {
  const auto wanted = std::make_shared<std::string>();
  app.add_option("list", *wanted, "which list; none: the names of all lists")->type_name("NAME");
  return [wanted](const Invocation& invocation) { return run_list(invocation, *wanted); };
}

} // namespace

Command list_command() {
  return {"list",
          "What the lists hold: reconstructions, masks, maps, formats, commands…, with their parameters.",
          "bloch-cli list reconstructions", configure_list};
}

} // namespace bloch::app
