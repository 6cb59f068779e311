// SPDX-License-Identifier: Apache-2.0
//
// main.c - scrubjayd: start, wait for a signal, stop.

#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../common/harden.h"
#include "command.h"
#include "config.h"
#include "http.h"
#include "keeper.h"
#include "log.h"
#include "metrics.h"
#include "service.h"

enum { EXIT_USAGE = 2, EXIT_INPUT = 3, EXIT_INTERNAL = 70 };

// Writes have stopped for good: no answer is better than one that is not kept.
static void on_failure(void *context) {
  (void)context;
  log_event(LOG_ERROR, "store_failed", NULL);
  _exit(EXIT_INTERNAL);
}

static void say_where(const config *set, const http *front) {
  if (set->root[0] != '\0')
    printf("Scrubjay is at http://127.0.0.1:%u/ (Ctrl+C ends it)\n",
           (unsigned)http_port(front));
  else
    printf("scrubjayd is at %s:%u\n", set->host, (unsigned)http_port(front));
  (void)fflush(stdout);
}

static int serve(const config *set, service *of, int root, sigset_t *ends) {
  metrics_listener *metrics = NULL;
  if (set->admin) {
    metrics = metrics_start(set->admin_host, set->admin_port);
    if (metrics == NULL) {
      fprintf(stderr, "scrubjayd: [admin] listen cannot be had\n");
      return EXIT_INTERNAL;
    }
    log_event(LOG_INFO, "metrics", "port", log_number(0, metrics_port(metrics)),
              NULL);
  }
  http *front = http_start(of, root);
  if (front == NULL) {
    fprintf(stderr,
            "scrubjayd: port %u cannot be had; --port names another, 0 takes "
            "any free one\n",
            (unsigned)set->port);
    metrics_stop(metrics);
    return EXIT_INTERNAL;
  }
  // What starting took and no longer needs goes back to the system.
  (void)malloc_trim(0);
  say_where(set, front);
  int signal_number = 0;
  (void)sigwait(ends, &signal_number);
  http_stop(front);
  metrics_stop(metrics);
  return 0;
}

static int run(const config *set, sigset_t *ends) {
  service of;
  int root = -1;
  log_level level;
  if (log_level_from_name(set->log_level, &level)) log_set_level(level);
  if (set->root[0] != '\0') {
    root = open(set->root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (root < 0) {
      fprintf(stderr, "scrubjayd: --root: the folder cannot be read\n");
      return EXIT_INPUT;
    }
  }
  int status = EXIT_INTERNAL;
  if (service_open(&of, set)) {
    if (of.store != NULL) store_on_failure(of.store, on_failure, NULL);
    keeper *keeping = of.store == NULL ? NULL : keeper_start(&of);
    if (of.store == NULL || keeping != NULL)
      status = serve(set, &of, root, ends);
    keeper_stop(keeping);
  }
  service_close(&of);
  if (root >= 0) (void)close(root);
  return status;
}

int main(int argc, char **argv) {
  sj_process_harden();
  // An arena for each thread would hold memory that none of them needs.
  (void)mallopt(M_ARENA_MAX, 2);
  int status;
  if (argc > 1 && command_run(argc - 1, argv + 1, &status)) return status;
  config options;
  if (!config_read(argc, argv, &options)) return EXIT_USAGE;
  if (options.help) return fputs(config_help(), stdout) < 0 ? EXIT_INTERNAL : 0;
  if (options.version) return puts("scrubjayd " SJ_VERSION) < 0;

  // Blocked before any thread starts, so that all inherit this and the signal
  // waits for sigwait.
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGINT);
  sigaddset(&ends, SIGTERM);
  sigaddset(&ends, SIGPIPE);
  if (sigprocmask(SIG_BLOCK, &ends, NULL) != 0) return EXIT_INTERNAL;
  sigdelset(&ends, SIGPIPE);
  return run(&options, &ends);
}
