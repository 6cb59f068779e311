// SPDX-License-Identifier: Apache-2.0
//
// setup.c - see setup.h.

#include "setup.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../common/beside.h"
#include "../common/bundle.h"
#include "../common/files.h"

enum {
  JOBS_MAX = 256,
  KEY_LIMIT = 4096,
  KNOWN_LIMIT = 1024 * 1024,
  PACK_LIMIT = 16 * 1024 * 1024
};
static const size_t TOKENIZER_LIMIT = (size_t)256 * 1024 * 1024;

static sj_exit read_file(const char *name, size_t limit, sj_buffer *out) {
  const int error = sj_file_read(name, limit, out);
  if (error == 0) return SJ_EXIT_OK;
  sj_say_file(name, error, limit);
  return error == ENOMEM ? SJ_EXIT_INTERNAL : SJ_EXIT_INPUT;
}

static bool read_jobs(const char *text, unsigned *out) {
  if (!text) {
    const long cores = sysconf(_SC_NPROCESSORS_ONLN);
    *out = cores < 1 ? 1 : cores > JOBS_MAX ? JOBS_MAX : (unsigned)cores;
    return true;
  }
  char *end = NULL;
  const long jobs = strtol(text, &end, 10);
  if (*end || end == text || jobs < 1 || jobs > JOBS_MAX) {
    sj_say("--jobs wants a number from 1 to 256, not", text);
    return false;
  }
  *out = (unsigned)jobs;
  return true;
}

static bool read_unit(const char *name, sj_unit *out) {
  const int unit = name ? sj_unit_from_name(name) : SJ_UNIT_CODEPOINT;
  if (unit < 0) {
    sj_say("no such unit of offsets (codepoint, utf16, byte)", name);
    return false;
  }
  *out = (sj_unit)unit;
  return true;
}

static bool read_names(const sj_options *options, sj_setup *out) {
  const char *lang = options->lang ? options->lang : "auto";
  const int langs = sj_lang_from_name(lang, strlen(lang));
  if (langs < 0) {
    sj_say("no such language (en, fr, en,fr or auto)", lang);
    return false;
  }
  out->langs = (unsigned)langs;
  const char *style = options->style ? options->style : "placeholder";
  const int found = sj_style_from_name(style, strlen(style));
  if (found < 0) {
    sj_say("no such style (placeholder, numbered, plain, redact, hash, "
           "consistent)",
           style);
    return false;
  }
  out->style = (sj_style)found;
  return read_unit(options->offsets, &out->unit) &&
         read_jobs(options->jobs, &out->jobs);
}

static bool check_combinations(const sj_options *options, sj_style style) {
  if (options->command != SJ_REDACT) return true;
  const bool keyed = style == SJ_STYLE_HASH || style == SJ_STYLE_CONSISTENT;
  if (keyed && !options->key_file) {
    sj_say("this style wants --key-file FILE", sj_style_name(style));
    return false;
  }
  const bool mapped =
      style == SJ_STYLE_NUMBERED || style == SJ_STYLE_CONSISTENT;
  if (options->map && !mapped) {
    sj_say("--map goes with the styles numbered and consistent, not",
           sj_style_name(style));
    return false;
  }
  if (options->map && !options->jsonl && options->file_count > 1) {
    sj_say("--map takes one document; use --jsonl for several", NULL);
    return false;
  }
  return true;
}

/// The key without the line end that editors leave at the end of a file.
static sj_exit read_key(const char *name, sj_buffer *key) {
  const sj_exit exit = read_file(name, KEY_LIMIT, key);
  if (exit != SJ_EXIT_OK) return exit;
  if (key->len > 0 && key->data[key->len - 1] == '\n') key->len--;
  if (key->len > 0 && key->data[key->len - 1] == '\r') key->len--;
  if (key->len > 0) return SJ_EXIT_OK;
  sj_say_at((sj_place){.file = name}, "the key is empty", NULL);
  return SJ_EXIT_INPUT;
}

static sj_exit read_inputs(const sj_options *options, sj_setup *out) {
  sj_exit exit = SJ_EXIT_OK;
  if (options->known)
    exit = read_file(options->known, KNOWN_LIMIT, &out->known);
  if (exit == SJ_EXIT_OK && options->key_file)
    exit = read_key(options->key_file, &out->key);
  return exit;
}

// The bundle that was asked for, or the one beside the program. Without any,
// `out` stays empty: rules alone. That is said, unless it was asked for; a
// bundle that is there and cannot be used is never passed over.
static sj_exit read_bundle(const sj_options *options,
                           char runtime[SJ_BESIDE_ROOM],
                           sj_bundle *out) {
  // In the build's tree, and installed.
  static const char *const places[] = {
      "../../../../models/bundle/scrubjay-en-fr",
      "../share/scrubjay/scrubjay-en-fr"};
  char beside[SJ_BESIDE_ROOM];
  const char *folder = options->model;
  if (folder != NULL && strcmp(folder, "none") == 0) return SJ_EXIT_OK;
  if (folder == NULL) {
    if (!sj_beside_find(places, sizeof(places) / sizeof(*places), beside)) {
      sj_say("no model bundle beside the program, so rules alone; --model none "
             "says that this is meant",
             NULL);
      return SJ_EXIT_OK;
    }
    folder = beside;
  }
  if (sj_model_runtime(runtime, SJ_BESIDE_ROOM))
    return sj_bundle_read(folder, out);
  if (options->model == NULL) {
    sj_say("no ONNX Runtime beside the program, so rules alone; --model none "
           "says that this is meant",
           NULL);
    return SJ_EXIT_OK;
  }
  sj_say("no ONNX Runtime beside the program to run the model in; tools/start "
         "installs it, SCRUBJAY_ONNXRUNTIME names one",
         NULL);
  return SJ_EXIT_MODEL;
}

static sj_exit say_engine(const sj_bundle *bundle, const sj_error *error) {
  if (bundle->folder != NULL && error->status == SJ_MODEL)
    return sj_bundle_refuse(bundle, "manifest.json", error->what, error->where);
  if (bundle->folder != NULL && error->status == SJ_TOKENIZER)
    return sj_bundle_refuse(bundle, "tokenizer.json", error->what,
                            error->where);
  sj_say_error(NULL, error);
  return sj_exit_of(error->status);
}

static sj_exit new_engine(sj_setup *out, const sj_file *files, size_t count) {
  char runtime[SJ_BESIDE_ROOM];
  sj_bundle bundle = {.folder = NULL};
  sj_exit exit = read_bundle(out->options, runtime, &bundle);
  if (exit == SJ_EXIT_OK) {
    const sj_engine_config config = {
        .files = files,
        .file_count = count,
        .tokenizer = {"tokenizer.json", bundle.tokenizer.data,
                      bundle.tokenizer.len},
        .manifest = {"manifest.json", bundle.manifest.data,
                     bundle.manifest.len}};
    sj_error error = {0};
    error.status = sj_engine_new(&config, &out->engine, &error);
    if (error.status != SJ_OK) exit = say_engine(&bundle, &error);
  }
  if (exit == SJ_EXIT_OK && bundle.folder != NULL)
    exit = sj_model_new(&bundle, out->engine, runtime, 1, &out->model);
  sj_bundle_free(&bundle);
  return exit;
}

static sj_exit load_engine(sj_setup *out) {
  const size_t count = out->options->pack_count;
  sj_buffer *bytes = calloc(count + 1, sizeof(*bytes));
  sj_file *files = calloc(count + 1, sizeof(*files));
  sj_exit exit = bytes && files ? SJ_EXIT_OK : SJ_EXIT_INTERNAL;
  for (size_t i = 0; i < count && exit == SJ_EXIT_OK; i++) {
    const char *name = out->options->packs[i];
    exit = read_file(name, PACK_LIMIT, &bytes[i]);
    files[i] = (sj_file){name, bytes[i].data, bytes[i].len};
  }
  if (exit == SJ_EXIT_OK) exit = new_engine(out, files, count);
  for (size_t i = 0; bytes && i < count; i++)
    sj_buffer_free(&bytes[i]);
  free(bytes);
  free(files);
  return exit;
}

static sj_exit load_tokenizer(sj_setup *out) {
  const char *name = out->options->tokenizer;
  sj_buffer bytes = {0};
  sj_exit exit = read_file(name, TOKENIZER_LIMIT, &bytes);
  if (exit == SJ_EXIT_OK) {
    const sj_file file = {name, bytes.data, bytes.len};
    sj_error error = {0};
    const sj_status status =
        sj_tokenizer_new(&file, NULL, &out->tokenizer, &error);
    error.status = status;
    if (status != SJ_OK) sj_say_error(name, &error);
    exit = sj_exit_of(status);
  }
  sj_buffer_free(&bytes);
  return exit;
}

static sj_exit
say_refusal(const sj_setup *setup, sj_status status, const sj_error *error) {
  const sj_options *options = setup->options;
  if (status == SJ_JSON && options->known) {
    sj_say_error(options->known, error);
    return SJ_EXIT_INPUT;
  }
  if (status == SJ_ARGUMENT) {
    const bool policy = strcmp(error->where, "policy") == 0;
    sj_say(error->what ? error->what : sj_status_text(status),
           policy ? options->policy : error->where);
    return SJ_EXIT_USAGE;
  }
  sj_say_error(NULL, error);
  return sj_exit_of(status);
}

/// Policy, chart, style and key on an empty document.
static sj_exit try_options(const sj_setup *setup) {
  sj_session *session = NULL;
  sj_error error = {0};
  sj_status status = sj_session_new(setup->engine, &session);
  if (status == SJ_OK) {
    const sj_session_options how = sj_setup_session(setup);
    status = sj_session_start(session, "", 0, &how, &error);
  }
  if (status == SJ_OK) status = sj_session_finish(session);
  if (status == SJ_OK && setup->options->command == SJ_REDACT) {
    const sj_replace_options how = sj_setup_replace(setup);
    sj_output output;
    status = sj_session_replace(session, NULL, 0, &how, &output);
    if (status == SJ_ARGUMENT) {
      error.what = "this build cannot write the style, or not with this key";
      snprintf(error.where, sizeof(error.where), "%s",
               sj_style_name((unsigned)setup->style));
    }
  }
  sj_session_free(session);
  error.status = status;
  return status == SJ_OK ? SJ_EXIT_OK : say_refusal(setup, status, &error);
}

sj_exit sj_setup_open(const sj_options *options, sj_setup *out) {
  *out = (sj_setup){.options = options};
  if (!read_names(options, out)) return SJ_EXIT_USAGE;
  if (!check_combinations(options, out->style)) return SJ_EXIT_USAGE;
  if (options->command == SJ_TOKENIZE) return load_tokenizer(out);
  sj_exit exit = read_inputs(options, out);
  if (exit == SJ_EXIT_OK) exit = load_engine(out);
  if (exit == SJ_EXIT_OK) exit = try_options(out);
  return exit;
}

void sj_setup_close(sj_setup *setup) {
  sj_model_free(setup->model);
  sj_engine_free(setup->engine);
  sj_tokenizer_free(setup->tokenizer);
  sj_buffer_free(&setup->known);
  sj_buffer_free(&setup->key);
}

sj_session_options sj_setup_session(const sj_setup *setup) {
  return (sj_session_options){
      .langs = setup->langs,
      .policy = setup->options->policy,
      .known = {"known", setup->known.data, setup->known.len}};
}

sj_replace_options sj_setup_replace(const sj_setup *setup) {
  const char *patient = setup->options->patient;
  sj_replace_options how = {.style = setup->style,
                            .allow_partial = setup->options->allow_partial,
                            .key = {"key", setup->key.data, setup->key.len}};
  if (patient) how.patient = (sj_file){"patient", patient, strlen(patient)};
  return how;
}
