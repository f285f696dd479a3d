#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

#include "core/base/text.h"
#include "imaging/dicom/detail/object_info.h"
#include "imaging/dicom/detail/object_lines.h"

namespace bloch::imaging {
namespace {

constexpr int deepest = 64; ///< of a content tree; what lies deeper is left out

bool all_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) { return c >= '0' && c <= '9'; });
}

/// "114243.273+0100" as "11:42:43 +01:00".
std::string spoken_time(const std::string& time) {
  const auto sign = std::min(time.find_first_of("+-"), time.size());
  std::string clock = time.substr(0, sign);
  std::string offset = time.substr(sign);
  if (offset.size() == 5 && all_digits(offset.substr(1))) offset.insert(3, ":");
  if (clock.size() >= 4 && all_digits(clock.substr(0, 4)))
    clock = clock.substr(0, 2) + ":" + clock.substr(2, 2) + (clock.size() >= 6 ? ":" + clock.substr(4, 2) : "");
  return clock + (clock.empty() || offset.empty() ? "" : " ") + offset;
}

/// "20200102114243" as "2020-01-02 11:42:43"; less than a whole date as it is.
std::string spoken_date_time(const std::string& text) {
  if (text.size() <= 8 || !all_digits(text.substr(0, 8))) return spoken_date(text);
  return spoken_date(text.substr(0, 8)) + " " + spoken_time(text.substr(8));
}

/// "lower case" of "LOWER_CASE", beginning with a capital.
std::string spoken_word(const std::string& word) {
  std::string text = lower_case(word);
  std::replace(text.begin(), text.end(), '_', ' ');
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

class ReportReader {
 public:
  explicit ReportReader(DcmItem& dataset)
      : dataset_(dataset) {}

  std::vector<ObjectLine> read() {
    read_heading();
    read_content(dataset_, 0);
    return std::move(lines_);
  }

 private:
  std::string text(DcmItem& item, const DcmTagKey& tag) const { return DicomText(item, dataset_)(tag); }

  void add(int depth, const std::string& name, const std::string& value) {
    if (!name.empty() || !value.empty()) lines_.push_back({depth, name, std::string(trimmed(value))});
  }

  void add_value(const char* name, const std::string& value) {
    if (!value.empty()) add(0, name, value);
  }

  void read_heading() {
    add(0, code_meaning(dataset_, DCM_ConceptNameCodeSequence, dataset_), {});
    const std::string patient = spoken_name(text(dataset_, DCM_PatientName));
    const std::string id = text(dataset_, DCM_PatientID);
    add_value("Patient", patient + (id.empty() || id == patient ? "" : patient.empty() ? id : ", " + id));
    if (const std::string date = text(dataset_, DCM_ContentDate); !date.empty())
      add_value("Date", spoken_date(date) + " " + spoken_time(text(dataset_, DCM_ContentTime)));
    add_value("Referring physician", spoken_name(text(dataset_, DCM_ReferringPhysicianName)));
    std::string status = spoken_word(raw_value(dataset_, DCM_CompletionFlag));
    for (const DcmTagKey& tag : {DCM_VerificationFlag, DCM_PreliminaryFlag})
      if (const std::string flag = lower_case(raw_value(dataset_, tag)); !flag.empty())
        status += (status.empty() ? "" : ", ") + flag;
    add_value("Status", status);
    add_value("Remark", text(dataset_, DCM_CompletionFlagDescription));
    for (DcmItem* observer : items_of(dataset_, DCM_VerifyingObserverSequence)) {
      std::string who = spoken_name(text(*observer, DCM_VerifyingObserverName));
      if (const std::string where = text(*observer, DCM_VerifyingOrganization); !where.empty())
        who += ", " + where;
      if (const std::string time = raw_value(*observer, DCM_VerificationDateTime); !time.empty())
        who += ", " + spoken_date_time(time);
      add_value("Verified by", who);
    }
  }

  void read_content(DcmItem& parent, int depth) {
    if (depth > deepest) return;
    if (is_paragraph(parent)) return read_paragraph(parent, depth);
    int images = 0;
    const auto end_images = [&] {
      if (images > 0) add(depth, {}, fmt::format("{} {}", images, images == 1 ? "image" : "images"));
      images = 0;
    };
    for (DcmItem* item : items_of(parent, DCM_ContentSequence)) {
      const std::string name = concept_of(*item);
      const std::string type = raw_value(*item, DCM_ValueType);
      const bool plain_image = type == "IMAGE" && name.empty() && !first_item(*item, DCM_ContentSequence);
      if (plain_image) {
        ++images;
        continue;
      }
      end_images();
      if (type.empty()) continue; // refers to another item of the tree
      const std::size_t before = lines_.size();
      add(depth, name, value_of(*item, type));
      read_content(*item, lines_.size() == before ? depth : depth + 1);
    }
    end_images();
  }

  std::string concept_of(DcmItem& item) const {
    return code_meaning(item, DCM_ConceptNameCodeSequence, dataset_);
  }

  /// Sentences of which some words are coded. Findings and measurements, too, are often said to be continuous:
  /// what has a name of its own, or says something about the container, is none.
  bool is_paragraph(DcmItem& parent) const {
    if (raw_value(parent, DCM_ContinuityOfContent) != "CONTINUOUS") return false;
    const std::vector<DcmItem*> items = items_of(parent, DCM_ContentSequence);
    int texts = 0;
    for (DcmItem* item : items) {
      const std::string type = raw_value(*item, DCM_ValueType);
      const std::string name = concept_of(*item);
      if (type == "UIDREF" || first_item(*item, DCM_ContentSequence)) return false;
      if (raw_value(*item, DCM_RelationshipType) != "CONTAINS") return false;
      if (name != concept_of(*items.front()) || (type == "NUM" && !name.empty())) return false;
      texts += type == "TEXT" ? 1 : 0;
    }
    return texts > 1;
  }

  void read_paragraph(DcmItem& parent, int depth) {
    std::string words;
    for (DcmItem* item : items_of(parent, DCM_ContentSequence)) {
      const std::string value = value_of(*item, raw_value(*item, DCM_ValueType));
      if (value.empty()) continue;
      const bool joins = words.empty() || std::string_view(".,;:)\n").find(value[0]) != std::string_view::npos;
      words += (joins ? "" : " ") + value;
    }
    add(depth, concept_of(*first_item(parent, DCM_ContentSequence)), words); // the name that all share
  }

  std::string value_of(DcmItem& item, const std::string& type) const {
    if (type == "TEXT") return text(item, DCM_TextValue);
    if (type == "CODE") return code_meaning(item, DCM_ConceptCodeSequence, dataset_);
    if (type == "NUM") return number_of(item);
    if (type == "PNAME") return spoken_name(text(item, DCM_PersonName));
    if (type == "DATE") return spoken_date(raw_value(item, DCM_Date));
    if (type == "TIME") return spoken_time(raw_value(item, DCM_Time));
    if (type == "DATETIME") return spoken_date_time(raw_value(item, DCM_DateTime));
    if (type == "UIDREF") return raw_value(item, DCM_UID);
    if (type == "SCOORD" || type == "SCOORD3D")
      return spoken_word(raw_value(item, DCM_GraphicType)) + " on an image";
    if (type == "TCOORD") return spoken_word(raw_value(item, DCM_TemporalRangeType)) + " in time";
    if (type == "IMAGE" || type == "COMPOSITE" || type == "WAVEFORM") {
      DcmItem* referenced = first_item(item, DCM_ReferencedSOPSequence);
      return referenced ? sop_class_name(raw_value(*referenced, DCM_ReferencedSOPClassUID)) : "another object";
    }
    return {};
  }

  /// "1.5 cm"; why there is none when it was not measured.
  std::string number_of(DcmItem& item) const {
    DcmItem* measured = first_item(item, DCM_MeasuredValueSequence);
    if (!measured) {
      const std::string reason = code_meaning(item, DCM_NumericValueQualifierCodeSequence, dataset_);
      return reason.empty() ? "not measured" : reason;
    }
    std::string number = raw_value(*measured, DCM_NumericValue);
    DcmItem* unit = first_item(*measured, DCM_MeasurementUnitsCodeSequence);
    if (!unit) return number;
    const bool ucum = raw_value(*unit, DCM_CodingSchemeDesignator) == "UCUM";
    std::string code = ucum ? raw_value(*unit, DCM_CodeValue) : std::string();
    if (code == "1") return number;
    // "{counts}" says less than its meaning, and the codes of other schemes say nothing.
    if (code.empty() || code.find('{') != std::string::npos) code = text(*unit, DCM_CodeMeaning);
    return code.empty() ? number : number + " " + code;
  }

  DcmItem& dataset_;
  std::vector<ObjectLine> lines_;
};

} // namespace

std::string spoken_date(const std::string& date) {
  const bool digits = date.size() == 8 && all_digits(date);
  return digits ? date.substr(0, 4) + "-" + date.substr(4, 2) + "-" + date.substr(6) : date;
}

std::string spoken_name(const std::string& person) {
  const std::vector<std::string> groups = split(person, '=');
  const std::vector<std::string> parts = split(groups.empty() ? person : groups.front(), '^');
  std::string name;
  for (const std::size_t place :
       std::array<std::size_t, 5>{3, 1, 2, 0, 4}) // prefix, given, middle, family, suffix
    if (place < parts.size() && !trimmed(parts[place]).empty())
      name += (name.empty() ? "" : " ") + std::string(trimmed(parts[place]));
  return name.empty() ? person : name;
}

std::vector<ObjectLine> report_lines(DcmItem& dataset) { return ReportReader(dataset).read(); }

} // namespace bloch::imaging
