// SPDX-License-Identifier: Apache-2.0
//
// target.c - see target.h.

#include "target.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

sj_exit sj_target_say(const char *name, int error) {
  if (error == 0) return SJ_EXIT_OK;
  // Only where SIGPIPE is ignored; else the signal has ended the program.
  if (error == EPIPE) return SJ_EXIT_INTERNAL;
  sj_say_at((sj_place){.file = name ? name : "standard output"},
            "cannot be written", strerror(error));
  return SJ_EXIT_INTERNAL;
}

static bool is_folder(const char *path) {
  struct stat info;
  return path && stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

static const char *base_name(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

static bool same_file(const char *a, const char *b) {
  struct stat x;
  struct stat y;
  return stat(a, &x) == 0 && stat(b, &y) == 0 && S_ISREG(x.st_mode) &&
         x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

/// The path of an input's result; to be freed.
static char *path_in(const char *folder, const char *input) {
  const char *base = base_name(input);
  const size_t size = strlen(folder) + strlen(base) + 2;
  char *path = malloc(size);
  if (path) snprintf(path, size, "%s/%s", folder, base);
  return path;
}

/// An output must not take the place of an input, nor of another output.
static bool check_input(const sj_options *options, size_t at) {
  const char *input = options->files[at];
  if (strcmp(input, "-") == 0) {
    if (!is_folder(options->output)) return true;
    sj_say("standard input has no name to write under in a folder", NULL);
    return false;
  }
  if (!is_folder(options->output)) {
    if (!same_file(input, options->output)) return true;
    sj_say("--output would overwrite its own input", input);
    return false;
  }
  for (size_t i = 0; i < at; i++)
    if (strcmp(base_name(options->files[i]), base_name(input)) == 0) {
      sj_say("two inputs would be written under one name", input);
      return false;
    }
  char *path = path_in(options->output, input);
  const bool same = path && same_file(input, path);
  free(path);
  if (same) sj_say("--output would overwrite its own input", input);
  return path && !same;
}

static sj_exit open_map(const char *path, sj_target *out) {
  const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) {
    const int error = errno;
    sj_say_at((sj_place){.file = path},
              error == EEXIST ? "the map exists already and is left alone"
                              : strerror(error),
              NULL);
    return error == EEXIST ? SJ_EXIT_USAGE : SJ_EXIT_INTERNAL;
  }
  out->map = (sj_sink){.fd = fd};
  out->map_name = path;
  return SJ_EXIT_OK;
}

/// Whether what comes out are texts, one for each input.
static bool writes_texts(const sj_options *options) {
  return options->command == SJ_REDACT || options->command == SJ_RESTORE;
}

sj_exit sj_target_open(const sj_options *options, sj_target *out) {
  *out = (sj_target){.sink = {.fd = STDOUT_FILENO}, .map = {.fd = -1}};
  if (options->output) {
    for (size_t i = 0; i < options->file_count; i++)
      if (!check_input(options, i)) return SJ_EXIT_USAGE;
    const bool folder = is_folder(options->output);
    if (folder && (!writes_texts(options) || options->jsonl)) {
      sj_say("a folder for --output goes with redact or restore of plain files",
             NULL);
      return SJ_EXIT_USAGE;
    }
    if (folder) out->folder = options->output;
    const int error =
        folder ? 0 : sj_sink_open(&out->sink, options->output, 0666);
    out->name = options->output;
    if (error != 0) return sj_target_say(out->name, error);
  }
  const bool maps = options->map && options->command == SJ_REDACT;
  return maps ? open_map(options->map, out) : SJ_EXIT_OK;
}

static bool is_empty(const sj_sink *sink) {
  struct stat info;
  return fstat(sink->fd, &info) != 0 || info.st_size == 0;
}

sj_exit sj_target_close(sj_target *target, bool keep) {
  sj_exit exit = SJ_EXIT_OK;
  if (target->map_name) {
    // Lines that got out keep their way back, also when the run was stopped.
    const bool out = target->sink.temporary == NULL && !is_empty(&target->map);
    if (!keep && !out) unlink(target->map_name);
    exit = sj_target_say(target->map_name, sj_sink_close(&target->map, true));
  }
  const int error = sj_sink_close(&target->sink, keep);
  return sj_exit_worse(exit, sj_target_say(target->name, error));
}

sj_exit sj_target_write_file(const sj_target *target,
                             const char *input,
                             const char *text,
                             size_t len) {
  char *path = path_in(target->folder, input);
  if (!path) return sj_target_say(input, ENOMEM);
  sj_sink sink;
  int error = sj_sink_open(&sink, path, 0666);
  if (error == 0) {
    sj_sink_write(&sink, text, len);
    error = sj_sink_close(&sink, true);
  }
  const sj_exit exit = sj_target_say(path, error);
  free(path);
  return exit;
}
