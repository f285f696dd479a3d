#include "app/desktop/saved_item.h"

#include "core/base/version.h"

namespace bloch::app {

Recipe recipe_of(const Item& item, const std::filesystem::path& output) {
  Recipe recipe = item.recipe.value_or(Recipe{});
  if (recipe.command.empty()) recipe.command = "convert";
  if (item.in_file_units) recipe.options["suv"] = "true";
  recipe.version = version();
  recipe.output = output.filename().string();
  return recipe;
}

imaging::DerivedSeries description_of(const Item& item) {
  imaging::DerivedSeries derived;
  derived.description = item.name;
  derived.inverse = is_inverse(item);
  derived.image_comments = "Research use only, not for diagnostic use.";
  switch (item.kind) {
  case ItemKind::series:
    derived.derivation_description = "Converted by Bloch " + std::string(version());
    break;
  case ItemKind::resampled:
    derived.derivation_description = "Resampled to a true grid by Bloch " + std::string(version());
    for (const Warning& warning : item.warnings)
      if (warning.kind == "resampled") derived.derivation_description += ": " + warning.message;
    derived.image_comments += " RESAMPLED.";
    break;
  case ItemKind::reconstruction:
    derived.derivation_description = "Reconstructed by Bloch " + std::string(version()) + ": " + item.method;
    break;
  case ItemKind::error_map:
    derived.derivation_description = "Error map by Bloch " + std::string(version()) + ": " + item.method;
    break;
  case ItemKind::anomaly_map:
    derived.derivation_description = "Anomaly map by Bloch " + std::string(version()) + ": " + item.method;
    derived.quantity = "{0:1}";
    break;
  case ItemKind::truth:
  case ItemKind::annotation:
    break;
  }
  for (const std::string& tag : item.tags)
    if (tag == "SIMULATED") derived.image_comments += " Simulated data.";
  if (item.series.value_unit == suv_unit) {
    derived.derivation_description += ", values in SUVbw";
    derived.quantity = suv_unit;
  }
  if (item.recipe) derived.derivation_description += " " + item.recipe->parameters;
  return derived;
}

} // namespace bloch::app
