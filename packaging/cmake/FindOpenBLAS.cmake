# OpenBLAS is called on one thread at a time from many threads of the oneTBB arena. Of Debian's three builds, each in a folder of
# its own, the OpenMP one fits: the pthread build starts workers that spin for 25 ms whenever a program starts, and the serial build
# gives wrong numbers when several threads call it at once. Elsewhere: whatever there is.
find_library(OpenBLAS_LIBRARY openblas HINTS "/usr/lib/${CMAKE_LIBRARY_ARCHITECTURE}/openblas-openmp")
find_path(OpenBLAS_INCLUDE_DIR cblas.h
  HINTS "/usr/include/${CMAKE_LIBRARY_ARCHITECTURE}/openblas-openmp" PATH_SUFFIXES openblas)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(OpenBLAS REQUIRED_VARS OpenBLAS_LIBRARY OpenBLAS_INCLUDE_DIR)
if(OpenBLAS_FOUND AND NOT TARGET OpenBLAS::OpenBLAS)
  add_library(OpenBLAS::OpenBLAS UNKNOWN IMPORTED)
  set_target_properties(OpenBLAS::OpenBLAS PROPERTIES
    IMPORTED_LOCATION "${OpenBLAS_LIBRARY}" INTERFACE_INCLUDE_DIRECTORIES "${OpenBLAS_INCLUDE_DIR}")
endif()
mark_as_advanced(OpenBLAS_LIBRARY OpenBLAS_INCLUDE_DIR)
