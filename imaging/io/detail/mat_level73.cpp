// MATLAB's -v7.3: HDF5 behind a head of 512 bytes; each variable a data set at the root, its class in an
// attribute.
#include <algorithm>
#include <array>

#include "core/base/file.h"
#include "imaging/io/detail/byte_source.h"
#include "imaging/io/detail/file_name.h"
#include "imaging/io/detail/hdf5_id.h"
#include "imaging/io/detail/mat_variable.h"

namespace bloch::imaging::detail {
namespace {

constexpr hsize_t most_links = 16384;
constexpr std::size_t longest_link = 4096;
constexpr int no_sample = -1;

/// A data set opened only where it lies in this file: no link leads elsewhere, no other file holds its samples.
Result<Hdf5> open_own(hid_t file, const std::string& name, const std::filesystem::path& path) {
  H5L_info_t link{};
  if (H5Lget_info(file, name.c_str(), &link, H5P_DEFAULT) < 0 || link.type != H5L_TYPE_HARD)
    return refused(path, "has a variable " + printable(name) +
                             " that lies in another file; save it into this one, save(…, '-v7')");
  Hdf5 object(H5Oopen(file, name.c_str(), H5P_DEFAULT), H5Oclose);
  if (!object.good()) return broken(path, "its variable " + printable(name) + " cannot be opened");
  return object;
}

/// The attribute MATLAB_class: "double", "logical", "cell"; empty where there is none.
std::string class_of(hid_t object) {
  if (H5Aexists(object, "MATLAB_class") <= 0) return {};
  const Hdf5 attribute(H5Aopen(object, "MATLAB_class", H5P_DEFAULT), H5Aclose);
  const Hdf5 type(H5Aget_type(attribute), H5Tclose);
  const Hdf5 space(H5Aget_space(attribute), H5Sclose);
  std::array<char, 64> text{};
  if (H5Tget_class(type) != H5T_STRING || H5Tis_variable_str(type) > 0 || H5Tget_size(type) >= text.size() ||
      H5Sget_simple_extent_npoints(space) != 1 || H5Aread(attribute, type, text.data()) < 0)
    return {};
  return text.data();
}

std::optional<SampleType> number_type(hid_t type) {
  if (H5Tget_class(type) == H5T_FLOAT) return SampleType::float32;
  if (H5Tget_class(type) != H5T_INTEGER) return std::nullopt;
  const bool with_sign = H5Tget_sign(type) != H5T_SGN_NONE;
  switch (H5Tget_size(type)) {
  case 1:
    return with_sign ? SampleType::int8 : SampleType::uint8;
  case 2:
    return with_sign ? SampleType::int16 : SampleType::uint16;
  case 4:
    return with_sign ? SampleType::int32 : SampleType::uint32;
  case 8:
    return with_sign ? SampleType::int64 : SampleType::uint64;
  default:
    return std::nullopt;
  }
}

hid_t native_type(SampleType type) {
  switch (type) {
  case SampleType::uint8:
    return H5T_NATIVE_UINT8;
  case SampleType::int8:
    return H5T_NATIVE_INT8;
  case SampleType::uint16:
    return H5T_NATIVE_UINT16;
  case SampleType::int16:
    return H5T_NATIVE_INT16;
  case SampleType::uint32:
    return H5T_NATIVE_UINT32;
  case SampleType::int32:
    return H5T_NATIVE_INT32;
  case SampleType::uint64:
    return H5T_NATIVE_UINT64;
  case SampleType::int64:
    return H5T_NATIVE_INT64;
  default:
    return H5T_NATIVE_FLOAT;
  }
}

/// MATLAB's complex numbers are pairs called real and imag.
bool is_pair(hid_t type) {
  if (H5Tget_class(type) != H5T_COMPOUND || H5Tget_nmembers(type) != 2) return false;
  for (const char* name : {"real", "imag"}) {
    const int index = H5Tget_member_index(type, name);
    if (index < 0) return false;
    const Hdf5 member(H5Tget_member_type(type, static_cast<unsigned>(index)), H5Tclose);
    if (!number_type(member)) return false;
  }
  return true;
}

Result<MatVariable> describe_link(hid_t file, const std::string& name, const std::filesystem::path& path) {
  MatVariable variable;
  variable.name = name;
  BLOCH_TRY(object, open_own(file, name, path));
  const std::string own = class_of(object);
  if (H5Iget_type(object) != H5I_DATASET) {
    variable.type = H5Aexists(object, "MATLAB_sparse") > 0 ? "sparse" : own.empty() ? "struct" : own;
    return variable;
  }
  const Hdf5 type(H5Dget_type(object), H5Tclose);
  const Hdf5 space(H5Dget_space(object), H5Sclose);
  std::array<hsize_t, H5S_MAX_RANK> extents{};
  const int rank = H5Sget_simple_extent_dims(space, extents.data(), nullptr);
  for (int i = rank; i-- > 0;)
    variable.extents.push_back(
        static_cast<long long>(std::min<hsize_t>(extents[static_cast<std::size_t>(i)], hsize_t{1} << 40)));
  while (variable.extents.size() < 2) variable.extents.push_back(1);
  variable.complex = is_pair(type);
  variable.sample = variable.complex ? SampleType::float32 : number_type(type);
  variable.type = own == "char" ? "text" : own;
  if (own == "char" || own == "cell" || own == "function_handle") variable.sample.reset();
  // MATLAB writes the extents of an empty array in its place.
  if (H5Aexists(object, "MATLAB_empty") > 0) variable.extents = {0, 0};
  if (own.empty())
    variable.type = !variable.sample                                 ? "other"
                    : H5Tget_class(type) == H5T_INTEGER              ? "integer"
                    : H5Tget_size(type) > (variable.complex ? 8 : 4) ? "double"
                                                                     : "single";
  if (variable.complex) variable.type = "complex " + variable.type;
  return variable;
}

/// Samples and chunks that claim no more than is stored, or than its compression reaches at best.
Result<void> check_claims(hid_t set, std::size_t item_bytes, std::span<const long long> extents,
                          const std::filesystem::path& path) {
  std::error_code code;
  const std::uint64_t file = std::filesystem::file_size(file_of(path), code);
  const Hdf5 creation(H5Dget_create_plist(set), H5Pclose);
  const H5D_layout_t layout = H5Pget_layout(creation);
  if (H5Pget_external_count(creation) != 0 || layout == H5D_VIRTUAL)
    return refused(path, "keeps its samples in another file; save them into this one, save(…, '-v7')");
  const bool packed = H5Pget_nfilters(creation) > 0;
  const std::uint64_t stored = std::min<std::uint64_t>(H5Dget_storage_size(set), code ? 0 : file);
  const std::uint64_t most = (packed ? stored * best_deflate : stored) / std::max<std::size_t>(1, item_bytes);
  BLOCH_CHECK(checked_count(path, extents, most));
  if (layout != H5D_CHUNKED) return {};
  std::array<hsize_t, H5S_MAX_RANK> chunk{};
  const int rank = H5Pget_chunk(creation, H5S_MAX_RANK, chunk.data());
  std::vector<long long> sides(chunk.begin(), chunk.begin() + std::max(rank, 0));
  BLOCH_CHECK(checked_count(path, sides, most));
  return {};
}

Result<std::vector<MatVariable>> list_here(const std::filesystem::path& path) {
  BLOCH_TRY(file, open_hdf5(file_of(path)));
  H5G_info_t group{};
  if (H5Gget_info(file, &group) < 0) return broken(path, "its variables cannot be listed");
  if (group.nlinks > most_links) return broken(path, "it claims more variables than anybody has");
  std::vector<MatVariable> variables;
  for (hsize_t i = 0; i < group.nlinks; ++i) {
    std::string name(longest_link, '\0');
    const auto length =
        H5Lget_name_by_idx(file, ".", H5_INDEX_NAME, H5_ITER_INC, i, name.data(), name.size(), H5P_DEFAULT);
    if (length <= 0 || static_cast<std::size_t>(length) >= longest_link)
      return broken(path, "its variables cannot be listed");
    name.resize(static_cast<std::size_t>(length));
    if (name.starts_with('#')) continue; // MATLAB's own: what cells and objects refer to
    BLOCH_TRY(variable, describe_link(file, name, path));
    variables.push_back(std::move(variable));
  }
  return variables;
}

/// The samples as they lie in an NpyArray.
Result<std::vector<std::uint8_t>> read_here(const std::filesystem::path& path, const MatVariable& variable,
                                            std::size_t bytes) {
  BLOCH_TRY(file, open_hdf5(file_of(path)));
  BLOCH_TRY(set, open_own(file, variable.name, path));
  const Hdf5 stored(H5Dget_type(set), H5Tclose);
  BLOCH_CHECK(check_claims(set, H5Tget_size(stored), variable.extents, path));
  std::vector<std::uint8_t> samples(bytes);
  hid_t type = native_type(*variable.sample);
  const Hdf5 pair(H5Tcreate(H5T_COMPOUND, 2 * sizeof(float)), H5Tclose);
  if (variable.complex) {
    H5Tinsert(pair, "real", 0, H5T_NATIVE_FLOAT);
    H5Tinsert(pair, "imag", sizeof(float), H5T_NATIVE_FLOAT);
    type = pair;
  }
  if (H5Dread(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, samples.data()) < 0)
    return broken(path, "the samples of a variable cannot be read");
  return samples;
}

void put_variable(ApartSink& sink, const MatVariable& variable) {
  sink.put(variable.name);
  sink.put(variable.type);
  sink.put(variable.extents);
  sink.put(variable.sample ? static_cast<int>(*variable.sample) : no_sample);
  sink.put(std::uint8_t{variable.complex});
}

Result<MatVariable> get_variable(ApartSource& source) {
  BLOCH_TRY(name, source.get_text(longest_link));
  BLOCH_TRY(type, source.get_text(longest_link));
  BLOCH_TRY(extents, source.get_values<long long>(H5S_MAX_RANK));
  BLOCH_TRY(sample, source.get<int>());
  BLOCH_TRY(complex, source.get<std::uint8_t>());
  MatVariable variable;
  variable.name = std::move(name);
  variable.type = std::move(type);
  variable.extents = std::move(extents);
  if (sample >= 0 && sample <= static_cast<int>(SampleType::float64))
    variable.sample = static_cast<SampleType>(sample);
  variable.complex = complex != 0;
  return variable;
}

} // namespace

Result<std::vector<MatVariable>> list_mat73(const std::filesystem::path& path) {
  std::vector<MatVariable> variables;
  const auto done = read_hdf5_apart(
      file_of(path), 0,
      [&](ApartSink& sink) -> Result<void> {
        BLOCH_TRY(listed, list_here(path));
        sink.put(std::uint64_t{listed.size()});
        for (const MatVariable& variable : listed) put_variable(sink, variable);
        return {};
      },
      [&](ApartSource& source) -> Result<void> {
        BLOCH_TRY(count, source.get<std::uint64_t>());
        for (std::uint64_t i = 0; i < std::min<std::uint64_t>(count, most_links); ++i) {
          BLOCH_TRY(variable, get_variable(source));
          variables.push_back(std::move(variable));
        }
        return {};
      });
  BLOCH_CHECK(done);
  return variables;
}

Result<NpyArray> read_mat73(const std::filesystem::path& path, const MatVariable& variable) {
  std::error_code code;
  const std::uint64_t file = std::filesystem::file_size(file_of(path), code);
  NpyArray array;
  array.extents.assign(variable.extents.rbegin(), variable.extents.rend());
  array.complex = variable.complex;
  array.type = *variable.sample;
  // The process looks closer; one byte of the file is at best so many samples.
  BLOCH_TRY(count, checked_count(path, variable.extents, code ? 0 : file * best_deflate));
  const std::uint64_t bytes = count * bytes_of(array.type) * (array.complex ? 2 : 1);
  const auto done = read_hdf5_apart(
      file_of(path), bytes,
      [&](ApartSink& sink) -> Result<void> {
        BLOCH_TRY(samples, read_here(path, variable, bytes));
        sink.put(samples.data(), samples.size());
        return {};
      },
      [&](ApartSource& source) -> Result<void> {
        BLOCH_CHECK(source.wait());
        array.bytes.resize(bytes);
        return source.get(array.bytes.data(), array.bytes.size());
      });
  BLOCH_CHECK(done);
  return array;
}

} // namespace bloch::imaging::detail
