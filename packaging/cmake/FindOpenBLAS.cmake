# OpenBLAS without threads of its own: threads come from the one oneTBB arena, and the threaded build starts workers that
# spin for 25 ms at every start of a program. Debian keeps each build in a folder of its own; elsewhere whatever there is.
set(_serial "/usr/lib/${CMAKE_LIBRARY_ARCHITECTURE}/openblas-serial")
find_library(OpenBLAS_LIBRARY openblas HINTS "${_serial}")
find_path(OpenBLAS_INCLUDE_DIR cblas.h
  HINTS "/usr/include/${CMAKE_LIBRARY_ARCHITECTURE}/openblas-serial" PATH_SUFFIXES openblas)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(OpenBLAS REQUIRED_VARS OpenBLAS_LIBRARY OpenBLAS_INCLUDE_DIR)
if(OpenBLAS_FOUND AND NOT TARGET OpenBLAS::OpenBLAS)
  add_library(OpenBLAS::OpenBLAS UNKNOWN IMPORTED)
  set_target_properties(OpenBLAS::OpenBLAS PROPERTIES
    IMPORTED_LOCATION "${OpenBLAS_LIBRARY}" INTERFACE_INCLUDE_DIRECTORIES "${OpenBLAS_INCLUDE_DIR}")
endif()
mark_as_advanced(OpenBLAS_LIBRARY OpenBLAS_INCLUDE_DIR)
