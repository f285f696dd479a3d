#include "imaging/io/detail/hdf5_id.h"

#include <algorithm>
#include <string>

#include "imaging/io/detail/file_name.h"

namespace bloch::imaging::detail {

std::recursive_mutex& hdf5_mutex() {
  static std::recursive_mutex mutex;
  return mutex;
}

Result<void> read_hdf5_apart(const std::filesystem::path& path, std::uint64_t bytes,
                             const std::function<Result<void>(ApartSink&)>& read,
                             const std::function<Result<void>(ApartSource&)>& take) {
  // The library is whole when this process is doubled, and set up once.
  std::unique_lock lock(hdf5_mutex());
  H5open();
  return read_apart(path, bytes, read, [&](ApartSource& source) {
    lock.unlock();
    return take(source);
  });
}

Result<Hdf5> open_hdf5(const std::filesystem::path& path) {
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr); // its errors are ours to tell
  Hdf5 file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose);
  if (!file.good())
    return failure(ErrorKind::malformed,
                   quoted(path) + " is not an HDF5 file, or it is cut off; check what it is");
  return file;
}

bool hdf5_has(const std::filesystem::path& path, const char* name) {
  bool has = false;
  const auto asked = read_hdf5_apart(
      path, 0,
      [&](ApartSink& sink) -> Result<void> {
        BLOCH_TRY(file, open_hdf5(path));
        sink.put(std::uint8_t{H5Lexists(file, name, H5P_DEFAULT) > 0});
        return {};
      },
      [&](ApartSource& source) -> Result<void> {
        BLOCH_TRY(there, source.get<std::uint8_t>());
        has = there != 0;
        return {};
      });
  return asked && has;
}

Result<std::string> read_hdf5_text(hid_t file, const char* name, const std::filesystem::path& path) {
  const Hdf5 set(H5Dopen2(file, name, H5P_DEFAULT), H5Dclose);
  if (!set.good()) return broken(path, "its header cannot be read");
  const Hdf5 type(H5Dget_type(set), H5Tclose);
  const Hdf5 space(H5Dget_space(set), H5Sclose);
  if (!type.good() || H5Tget_class(type) != H5T_STRING || H5Sget_simple_extent_npoints(space) != 1)
    return broken(path, "its header is not one text");
  std::string text;
  if (H5Tis_variable_str(type) > 0) {
    char* raw = nullptr;
    const Hdf5 memory(H5Tcopy(type), H5Tclose);
    if (H5Dread(set, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, &raw) < 0 || !raw)
      return broken(path, "its header cannot be read");
    text = raw;
    H5Dvlen_reclaim(memory, space, H5P_DEFAULT, &raw);
  } else {
    const std::size_t length = H5Tget_size(type);
    if (length == 0 || length > most_hdf5_text_bytes)
      return broken(path, "its header claims an impossible length");
    text.resize(length);
    if (H5Dread(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, text.data()) < 0)
      return broken(path, "its header cannot be read");
    text.resize(std::min(text.size(), text.find('\0')));
  }
  return text;
}

} // namespace bloch::imaging::detail
