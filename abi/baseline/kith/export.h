/* kith/export.h: how public functions are declared. Nothing else here is part of the API. */
#ifndef KITH_EXPORT_H
#define KITH_EXPORT_H

#include <stddef.h>
#include <stdint.h>

/* SWIG and documentation tools see plain declarations. */
#if defined(SWIG) || defined(DOXYGEN) || !defined(__GNUC__)
#define KITH_API
#else
#define KITH_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
#define KITH_BEGIN_DECLS extern "C" {
#define KITH_END_DECLS }
#else
#define KITH_BEGIN_DECLS
#define KITH_END_DECLS
#endif

#endif
