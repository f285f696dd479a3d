# ISMRMRD and the HDF5 beneath it, linked in. Debian's shared HDF5 brings libcurl and with it thirty libraries (Kerberos, LDAP, SSH...)
# that every start of Bloch would load, 8 ms of 25, for reading from web addresses, which Bloch never does. The archives of the same
# packages need none of them. Where there are no archives, or they need more: the shared libraries.
include(CheckCXXSourceCompiles)
include(FindPackageHandleStandardArgs)
find_package(ZLIB REQUIRED)
find_path(ISMRMRD_INCLUDE_DIR ismrmrd/ismrmrd.h)
find_path(ISMRMRD_HDF5_INCLUDE_DIR hdf5.h HINTS /usr/include/hdf5/serial)
foreach(name IN ITEMS ismrmrd hdf5 sz aec pugixml)
  find_library(ISMRMRD_${name}_ARCHIVE lib${name}.a HINTS "/usr/lib/${CMAKE_LIBRARY_ARCHITECTURE}/hdf5/serial")
  list(APPEND ISMRMRD_archives "${ISMRMRD_${name}_ARCHIVE}")
  mark_as_advanced(ISMRMRD_${name}_ARCHIVE)
endforeach()
if(NOT ISMRMRD_archives MATCHES "NOTFOUND")
  set(CMAKE_REQUIRED_INCLUDES "${ISMRMRD_INCLUDE_DIR}" "${ISMRMRD_HDF5_INCLUDE_DIR}")
  set(CMAKE_REQUIRED_LIBRARIES ${ISMRMRD_archives} ZLIB::ZLIB ${CMAKE_DL_LIBS})
  check_cxx_source_compiles("
    #include <hdf5.h>
    #include <ismrmrd/xml.h>
    int main() {
      ISMRMRD::IsmrmrdHeader header;
      ISMRMRD::deserialize(\"\", header);
      return H5Fopen(\"\", H5F_ACC_RDONLY, H5P_DEFAULT) < 0;
    }" ISMRMRD_ARCHIVES_LINK)
  unset(CMAKE_REQUIRED_INCLUDES)
  unset(CMAKE_REQUIRED_LIBRARIES)
endif()
if(ISMRMRD_ARCHIVES_LINK)
  set(ISMRMRD_LIBRARIES ${ISMRMRD_archives} ZLIB::ZLIB ${CMAKE_DL_LIBS})
else()
  find_library(ISMRMRD_LIBRARY ismrmrd)
  find_library(ISMRMRD_HDF5_LIBRARY NAMES hdf5_serial hdf5)
  set(ISMRMRD_LIBRARIES "${ISMRMRD_LIBRARY}" "${ISMRMRD_HDF5_LIBRARY}")
  mark_as_advanced(ISMRMRD_LIBRARY ISMRMRD_HDF5_LIBRARY)
endif()
find_package_handle_standard_args(ISMRMRD REQUIRED_VARS ISMRMRD_LIBRARIES ISMRMRD_INCLUDE_DIR ISMRMRD_HDF5_INCLUDE_DIR)
if(ISMRMRD_FOUND AND NOT TARGET ISMRMRD::ISMRMRD)
  add_library(ISMRMRD::ISMRMRD INTERFACE IMPORTED)
  target_include_directories(ISMRMRD::ISMRMRD SYSTEM INTERFACE "${ISMRMRD_INCLUDE_DIR}" "${ISMRMRD_HDF5_INCLUDE_DIR}")
  target_link_libraries(ISMRMRD::ISMRMRD INTERFACE ${ISMRMRD_LIBRARIES})
endif()
mark_as_advanced(ISMRMRD_INCLUDE_DIR ISMRMRD_HDF5_INCLUDE_DIR)
