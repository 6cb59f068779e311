// SPDX-License-Identifier: Apache-2.0
//
// ort.c - see ort.h. The table of calls only ever grows at its end, so a place
// in it means the same call in every version since the one that is asked for.

#include "ort.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
  API_VERSION = 17, // the table that is asked for
  LOG_FATAL = 4,    // it says nothing on the terminal
  LEVEL_ALL = 99,   // every optimisation of the graph
  DEVICE_ALLOCATOR = 0,
  MEMORY_DEFAULT = 0,
  FEEDS_MOST = 4
};

// The library's own types are never looked into.
typedef struct ort_status ort_status;
typedef struct ort_env ort_env;
typedef struct ort_options ort_options;
typedef struct ort_session ort_session;
typedef struct ort_memory ort_memory;
typedef struct ort_value ort_value;
typedef struct ort_allocator ort_allocator;
typedef struct ort_type_info ort_type_info;
typedef struct ort_shape ort_shape;

typedef void (*call)(void);

typedef struct ort_base {
  const call *(*get_api)(uint32_t version);
  const char *(*get_version)(void);
} ort_base;

// The calls, and where in the table each stands.
#define CALLS(X)                                                               \
  X(2, error_message, const char *, (const ort_status *))                      \
  X(3, create_env, ort_status *, (int, const char *, ort_env **))              \
  X(8, create_session, ort_status *,                                           \
    (const ort_env *, const void *, size_t, const ort_options *,               \
     ort_session **))                                                          \
  X(9, run, ort_status *,                                                      \
    (ort_session *, const void *, const char *const *,                         \
     const ort_value *const *, size_t, const char *const *, size_t,            \
     ort_value **))                                                            \
  X(10, create_options, ort_status *, (ort_options **))                        \
  X(23, set_level, ort_status *, (ort_options *, int))                         \
  X(24, set_threads, ort_status *, (ort_options *, int))                       \
  X(25, set_outer_threads, ort_status *, (ort_options *, int))                 \
  X(30, input_count, ort_status *, (const ort_session *, size_t *))            \
  X(31, output_count, ort_status *, (const ort_session *, size_t *))           \
  X(33, input_type, ort_status *,                                              \
    (const ort_session *, size_t, ort_type_info **))                           \
  X(34, output_type, ort_status *,                                             \
    (const ort_session *, size_t, ort_type_info **))                           \
  X(36, input_name, ort_status *,                                              \
    (const ort_session *, size_t, ort_allocator *, char **))                   \
  X(37, output_name, ort_status *,                                             \
    (const ort_session *, size_t, ort_allocator *, char **))                   \
  X(49, create_tensor, ort_status *,                                           \
    (const ort_memory *, void *, size_t, const int64_t *, size_t, int,         \
     ort_value **))                                                            \
  X(51, tensor_data, ort_status *, (ort_value *, void **))                     \
  X(55, tensor_of, ort_status *, (const ort_type_info *, const ort_shape **))  \
  X(60, element_type, ort_status *, (const ort_shape *, int *))                \
  X(61, rank, ort_status *, (const ort_shape *, size_t *))                     \
  X(62, dimensions, ort_status *, (const ort_shape *, int64_t *, size_t))      \
  X(65, tensor_shape, ort_status *, (const ort_value *, ort_shape **))         \
  X(69, create_memory, ort_status *, (int, int, ort_memory **))                \
  X(76, allocator_free, ort_status *, (ort_allocator *, void *))               \
  X(78, usual_allocator, ort_status *, (ort_allocator **))                     \
  X(92, free_env, void, (ort_env *))                                           \
  X(93, free_status, void, (ort_status *))                                     \
  X(94, free_memory, void, (ort_memory *))                                     \
  X(95, free_session, void, (ort_session *))                                   \
  X(96, free_value, void, (ort_value *))                                       \
  X(98, free_type, void, (ort_type_info *))                                    \
  X(99, free_shape, void, (ort_shape *))                                       \
  X(100, free_options, void, (ort_options *))

// NOLINTBEGIN(bugprone-macro-parentheses): a declarator takes none there.
typedef struct calls {
#define X(place, name, result, arguments) result(*name) arguments;
  CALLS(X)
#undef X
} calls;
// NOLINTEND(bugprone-macro-parentheses)

struct sj_ort {
  void *library;
  calls api;
  ort_env *env;
  ort_memory *memory;
  ort_session *session;
};

static bool fail(sj_ort_error *error, const char *what, const char *detail) {
  *error = (sj_ort_error){.what = what};
  if (detail != NULL)
    snprintf(error->detail, sizeof(error->detail), "%s", detail);
  return false;
}

// Whether a call went well; its words are kept where `error` is given.
static bool
good(const sj_ort *ort, ort_status *of, sj_ort_error *error, const char *what) {
  if (of == NULL) return true;
  if (error != NULL) fail(error, what, ort->api.error_message(of));
  ort->api.free_status(of);
  return false;
}

// 1.17 and later of the first series: older ones have no such table.
static bool is_known_version(const char *version) {
  unsigned major = 0;
  unsigned minor = 0;
  return sscanf(version, "%u.%u", &major, &minor) == 2 && major == 1 &&
         minor >= API_VERSION;
}

static bool find_calls(sj_ort *ort, sj_ort_error *error) {
  const ort_base *(*get_base)(void) = NULL;
  void *symbol = dlsym(ort->library, "OrtGetApiBase");
  // POSIX says that a function's address fits; ISO C has no cast for it.
  memcpy(&get_base, &symbol, sizeof(get_base));
  const ort_base *base = get_base == NULL ? NULL : get_base();
  if (base == NULL) return fail(error, "the library is no ONNX Runtime", NULL);
  const char *version = base->get_version();
  const call *table =
      is_known_version(version) ? base->get_api(API_VERSION) : NULL;
  if (table == NULL)
    return fail(error, "ONNX Runtime of a version that does not fit", version);
#define X(place, name, result, arguments)                                      \
  memcpy(&ort->api.name, &table[place], sizeof(ort->api.name));
  CALLS(X)
#undef X
  return true;
}

static bool start(sj_ort *ort, const char *library, sj_ort_error *error) {
  ort->library = dlopen(library, RTLD_NOW | RTLD_LOCAL);
  if (ort->library == NULL)
    return fail(error, "ONNX Runtime does not load", dlerror());
  return find_calls(ort, error) &&
         good(ort, ort->api.create_env(LOG_FATAL, "scrubjay", &ort->env), error,
              "ONNX Runtime does not start") &&
         good(ort,
              ort->api.create_memory(DEVICE_ALLOCATOR, MEMORY_DEFAULT,
                                     &ort->memory),
              error, "ONNX Runtime does not start");
}

sj_ort *sj_ort_new(const char *library, sj_ort_error *error) {
  sj_ort *ort = calloc(1, sizeof(*ort));
  if (ort == NULL) {
    fail(error, "out of memory", NULL);
    return NULL;
  }
  if (start(ort, library, error)) return ort;
  sj_ort_free(ort);
  return NULL;
}

void sj_ort_free(sj_ort *ort) {
  if (ort == NULL) return;
  if (ort->session != NULL) ort->api.free_session(ort->session);
  if (ort->memory != NULL) ort->api.free_memory(ort->memory);
  if (ort->env != NULL) ort->api.free_env(ort->env);
  // The library itself stays: it may have left its threads' data behind.
  free(ort);
}

bool sj_ort_load(sj_ort *ort,
                 const void *bytes,
                 size_t len,
                 unsigned threads,
                 sj_ort_error *error) {
  static const char what[] = "the model does not load";
  const calls *api = &ort->api;
  ort_options *how = NULL;
  const bool loaded =
      good(ort, api->create_options(&how), error, what) &&
      good(ort, api->set_level(how, LEVEL_ALL), error, what) &&
      good(ort, api->set_threads(how, (int)threads), error, what) &&
      good(ort, api->set_outer_threads(how, 1), error, what) &&
      good(ort, api->create_session(ort->env, bytes, len, how, &ort->session),
           error, what);
  if (how != NULL) api->free_options(how);
  return loaded;
}

size_t sj_ort_input_count(const sj_ort *ort) {
  size_t count = 0;
  return good(ort, ort->api.input_count(ort->session, &count), NULL, NULL)
             ? count
             : 0;
}

size_t sj_ort_output_count(const sj_ort *ort) {
  size_t count = 0;
  return good(ort, ort->api.output_count(ort->session, &count), NULL, NULL)
             ? count
             : 0;
}

static bool
read_shape(const sj_ort *ort, const ort_shape *shape, sj_ort_tensor *out) {
  const calls *api = &ort->api;
  const size_t most = sizeof(out->dims) / sizeof(out->dims[0]);
  return good(ort, api->element_type(shape, &out->type), NULL, NULL) &&
         good(ort, api->rank(shape, &out->rank), NULL, NULL) &&
         out->rank <= most &&
         good(ort, api->dimensions(shape, out->dims, out->rank), NULL, NULL);
}

typedef ort_status *(*name_call)(const ort_session *,
                                 size_t,
                                 ort_allocator *,
                                 char **);
typedef ort_status *(*type_call)(const ort_session *, size_t, ort_type_info **);

static bool describe(const sj_ort *ort,
                     name_call get_name,
                     type_call get_type,
                     size_t index,
                     sj_ort_tensor *out) {
  const calls *api = &ort->api;
  *out = (sj_ort_tensor){.type = 0};
  ort_allocator *usual = NULL; // the library's own, never freed
  char *name = NULL;
  ort_type_info *type = NULL;
  const ort_shape *shape = NULL; // belongs to the type
  bool read =
      good(ort, api->usual_allocator(&usual), NULL, NULL) &&
      good(ort, get_name(ort->session, index, usual, &name), NULL, NULL);
  if (read) {
    snprintf(out->name, sizeof(out->name), "%s", name);
    good(ort, api->allocator_free(usual, name), NULL, NULL);
  }
  read = read && good(ort, get_type(ort->session, index, &type), NULL, NULL) &&
         good(ort, api->tensor_of(type, &shape), NULL, NULL);
  if (read && shape != NULL) read = read_shape(ort, shape, out);
  if (type != NULL) api->free_type(type);
  return read;
}

bool sj_ort_input(const sj_ort *ort, size_t index, sj_ort_tensor *out) {
  return describe(ort, ort->api.input_name, ort->api.input_type, index, out);
}

bool sj_ort_output(const sj_ort *ort, size_t index, sj_ort_tensor *out) {
  return describe(ort, ort->api.output_name, ort->api.output_type, index, out);
}

static bool feed(const sj_ort *ort, const sj_ort_feed *from, ort_value **out) {
  size_t count = 1;
  for (size_t i = 0; i < from->rank; i++)
    count *= (size_t)from->dims[i];
  // The library only reads what it is fed.
  int32_t *data = NULL;
  memcpy(&data, &from->data, sizeof(data));
  return good(ort,
              ort->api.create_tensor(ort->memory, data, count * sizeof(*data),
                                     from->dims, from->rank, SJ_ORT_INT32, out),
              NULL, NULL);
}

static const float *
read_answer(const sj_ort *ort, ort_value *answer, const sj_ort_job *job) {
  sj_ort_tensor tensor = {.type = 0};
  ort_shape *shape = NULL;
  void *values = NULL;
  if (!good(ort, ort->api.tensor_shape(answer, &shape), NULL, NULL))
    return NULL;
  const bool fits = read_shape(ort, shape, &tensor) &&
                    tensor.type == SJ_ORT_FLOAT && tensor.rank == 3 &&
                    tensor.dims[0] == 1 &&
                    tensor.dims[1] == (int64_t)job->rows &&
                    tensor.dims[2] == (int64_t)job->cols;
  ort->api.free_shape(shape);
  if (!fits || !good(ort, ort->api.tensor_data(answer, &values), NULL, NULL))
    return NULL;
  return values;
}

bool sj_ort_run(const sj_ort *ort, const sj_ort_job *job) {
  const calls *api = &ort->api;
  ort_value *inputs[FEEDS_MOST] = {NULL};
  const char *names[FEEDS_MOST] = {NULL};
  ort_value *answer = NULL;
  bool done = job->feed_count <= FEEDS_MOST;
  for (size_t i = 0; done && i < job->feed_count; i++) {
    names[i] = job->feeds[i].name;
    done = feed(ort, &job->feeds[i], &inputs[i]);
  }
  done = done && good(ort,
                      api->run(ort->session, NULL, names,
                               (const ort_value *const *)inputs,
                               job->feed_count, &job->output, 1, &answer),
                      NULL, NULL);
  const float *values = done ? read_answer(ort, answer, job) : NULL;
  if (values != NULL) job->take(job->ctx, values);
  if (answer != NULL) api->free_value(answer);
  for (size_t i = 0; i < FEEDS_MOST; i++)
    if (inputs[i] != NULL) api->free_value(inputs[i]);
  return values != NULL;
}
