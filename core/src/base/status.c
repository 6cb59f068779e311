// SPDX-License-Identifier: Apache-2.0
//
// status.c - names and messages of the status list, and the version.

#include "scrubjay/scrubjay.h"

#include "base/version.h"

const char *sj_status_name(sj_status status) {
  switch (status) {
#define X(name, code, text)                                                    \
  case SJ_##name:                                                              \
    return "SJ_" #name;
    SJ_STATUS_MAP(X)
#undef X
  }
  return "SJ_UNKNOWN";
}

const char *sj_status_text(sj_status status) {
  switch (status) {
#define X(name, code, text)                                                    \
  case SJ_##name:                                                              \
    return text;
    SJ_STATUS_MAP(X)
#undef X
  }
  return "not a status";
}

const char *sj_version(void) {
  return SJ_VERSION;
}
