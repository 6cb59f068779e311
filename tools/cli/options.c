// SPDX-License-Identifier: Apache-2.0
//
// options.c - one table of commands and one of options; parsing and help both
// read them, so that neither can know something that the other does not.

#include "options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scrubjay/scrubjay.h"

#include "../common/say.h"

typedef struct command_row {
  sj_command command;
  const char *name, *usage, *summary, *more;
} command_row;

static const command_row commands[] = {
    {SJ_REDACT, "redact", "[OPTION...] [FILE...]",
     "write the text with everything that identifies replaced",
     "Plain text: the texts of several FILEs follow each other on standard\n"
     "output; with --output and an existing folder, each goes to a file of\n"
     "its own name there. A document that fails is reported and left out,\n"
     "and the run goes on.\n"
     "With --jsonl: one {\"id\", \"text\", \"lang\"?, \"patient\"?, "
     "\"known\"?} a line\n"
     "in, find's object with the scrubbed \"text\" out, in the same order."},
    {SJ_FIND, "find", "[OPTION...] [FILE...]",
     "write where it stands, as JSON, one line a document",
     "The \"id\" of a plain file is its name as you typed it. Offsets are\n"
     "half open and count the \"unit\" that the line names."},
    {SJ_EXPLAIN, "explain", "[OPTION...] [FILE...]",
     "list the findings with the evidence for each",
     "Evidence is shown by the ids of rules, lists and checks. The text of\n"
     "the findings is shown only with --text."},
    {SJ_RESTORE, "restore", "--map FILE [OPTION...] [FILE...]",
     "put the originals back into a scrubbed text",
     "The map is the one that redact wrote with the styles numbered or\n"
     "consistent. It is one document's: several FILEs are each restored by "
     "it.\n"
     "With --jsonl, redact's lines in and {\"id\", \"text\"} out; the map has\n"
     "one line for each document, in the same order."},
    {SJ_CHECK_PACK, "check-pack", "FILE...",
     "run a rule pack's own examples and check its patterns",
     "Also for lists and policies: the name's ending says what a file is."},
    {SJ_TOKENIZE, "tokenize", "--tokenizer FILE [OPTION...] [FILE...]",
     "write token ids and offsets, as JSON, one line a document",
     "Without the model's special tokens."},
};

typedef enum option_kind { TEXT, FLAG, LIST } option_kind;

typedef struct option_row {
  const char *name, *value, *help;
  unsigned commands;
  option_kind kind;
  size_t member;
} option_row;

#define MEMBER(name) offsetof(sj_options, name)
#define DETECT (SJ_REDACT | SJ_FIND | SJ_EXPLAIN)
#define STREAM (SJ_REDACT | SJ_FIND | SJ_TOKENIZE)

static const option_row option_rows[] = {
    {"style", "S",
     "placeholder (default), numbered, plain, redact, hash or consistent",
     SJ_REDACT, TEXT, MEMBER(style)},
    {"policy", "P", "names joined by commas; default safe-harbor", DETECT, TEXT,
     MEMBER(policy)},
    {"lang", "L", "en, fr, or en,fr; default auto: decided for each passage",
     DETECT, TEXT, MEMBER(lang)},
    {"model", "DIR|none",
     "model bundle to use beside the rules; default: the one beside the "
     "program",
     DETECT, TEXT, MEMBER(model)},
    {"known", "FILE",
     "JSON of what the chart knows of the patient; found in every form", DETECT,
     TEXT, MEMBER(known)},
    {"pack", "FILE",
     "a site's own rules, list or policy, beside ours; may be repeated", DETECT,
     LIST, 0},
    {"key-file", "FILE",
     "secret for hash and consistent; one line end at its end is dropped",
     SJ_REDACT, TEXT, MEMBER(key_file)},
    {"patient", "ID", "patient under whom dates and stand-ins are consistent",
     SJ_REDACT, TEXT, MEMBER(patient)},
    {"map", "FILE", "write the way back to a new file that only you may read",
     SJ_REDACT, TEXT, MEMBER(map)},
    {"map", "FILE", "the way back, as redact wrote it", SJ_RESTORE, TEXT,
     MEMBER(map)},
    {"allow-partial", NULL,
     "hide lines that could not be scanned as [UNSCANNED], do not refuse",
     SJ_REDACT, FLAG, MEMBER(allow_partial)},
    {"tokenizer", "FILE", "a Hugging Face tokenizer.json", SJ_TOKENIZE, TEXT,
     MEMBER(tokenizer)},
    {"jsonl", NULL,
     "one JSON object a line in and out, in order, with constant memory",
     STREAM | SJ_RESTORE, FLAG, MEMBER(jsonl)},
    {"jobs", "N", "threads for --jsonl; default: one for each core", STREAM,
     TEXT, MEMBER(jobs)},
    {"offsets", "UNIT", "codepoint (default), utf16 or byte",
     DETECT | SJ_TOKENIZE, TEXT, MEMBER(offsets)},
    {"text", NULL, "also show the text of each finding: that is PHI",
     SJ_FIND | SJ_EXPLAIN, FLAG, MEMBER(text)},
    {"check", NULL, "exit with 1 when something was found", DETECT, FLAG,
     MEMBER(check)},
    {"output", "PATH",
     "write here instead of standard output; a file appears only when whole",
     SJ_REDACT | SJ_FIND | SJ_EXPLAIN | SJ_TOKENIZE | SJ_RESTORE, TEXT,
     MEMBER(output)},
};

enum {
  COMMANDS = sizeof(commands) / sizeof(commands[0]),
  OPTIONS = sizeof(option_rows) / sizeof(option_rows[0])
};

static const char ends[] =
    "\nFILE - is standard input, also where no FILE is named. Text is UTF-8; "
    "a\n"
    "document holds at most 16 MB. Nothing is sent anywhere.\n"
    "\nExit: 0 done; 1 findings, with --check; 2 usage; 3 input; 4 model or\n"
    "pack; 70 internal error, or the output could not be written.\n";

static void print_help(void) {
  printf("scrubjay %s: takes what identifies a patient out of clinical text\n"
         "\nusage: scrubjay COMMAND [OPTION...] [FILE...]\n\n",
         sj_version());
  for (size_t i = 0; i < COMMANDS; i++)
    printf("  %-12s%s\n", commands[i].name, commands[i].summary);
  printf("  %-12s%s\n", "vault",
         "make, sign and rotate the keys of a vault; recover a record");
  printf("\nscrubjay COMMAND --help shows a command's options; scrubjay "
         "--version\nthe version.\n%s",
         ends);
}

static void print_command_help(const command_row *row) {
  printf("usage: scrubjay %s %s\n\n%c%s.\n%s\n", row->name, row->usage,
         row->summary[0] - 'a' + 'A', row->summary + 1, row->more);
  bool first = true;
  for (size_t i = 0; i < OPTIONS; i++) {
    const option_row *option = &option_rows[i];
    if (!(option->commands & (unsigned)row->command)) continue;
    if (first) printf("\n");
    first = false;
    printf("  --%s%s%s\n      %s\n", option->name, option->value ? " " : "",
           option->value ? option->value : "", option->help);
  }
  printf("%s", ends);
}

static const command_row *find_command(const char *name) {
  for (size_t i = 0; i < COMMANDS; i++)
    if (strcmp(commands[i].name, name) == 0) return &commands[i];
  return NULL;
}

/// The option that an argument `--name` or `--name=value` names.
static const option_row *find_option(const char *arg, sj_command command) {
  const size_t len = strcspn(arg + 2, "=");
  for (size_t i = 0; i < OPTIONS; i++) {
    const option_row *row = &option_rows[i];
    if (strlen(row->name) == len && strncmp(row->name, arg + 2, len) == 0 &&
        (row->commands & (unsigned)command))
      return row;
  }
  return NULL;
}

static bool
set_option(sj_options *out, const option_row *row, const char *value) {
  char *base = (char *)out;
  switch (row->kind) {
  case FLAG:
    *(bool *)(void *)(base + row->member) = true;
    return true;
  case LIST:
    out->packs[out->pack_count++] = value;
    return true;
  case TEXT:
    break;
  }
  const char **slot = (const char **)(void *)(base + row->member);
  if (*slot) {
    sj_say("an option is given twice", row->name);
    return false;
  }
  *slot = value;
  return true;
}

static bool parse_option(int argc, char **argv, int *at, sj_options *out) {
  char *arg = argv[*at];
  const option_row *row = find_option(arg, out->command);
  if (!row) {
    sj_say("this command has no such option, see --help", arg);
    return false;
  }
  char *value = strchr(arg, '=');
  if (value) value++;
  if (row->kind == FLAG && value) {
    sj_say("this option takes no value", row->name);
    return false;
  }
  if (row->kind != FLAG && !value) {
    if (*at + 1 >= argc) {
      sj_say("this option wants a value", arg);
      return false;
    }
    value = argv[++*at];
  }
  return set_option(out, row, value);
}

static bool
parse_rest(int argc, char **argv, const command_row *row, sj_options *out) {
  bool only_files = false;
  for (int i = 2; i < argc; i++) {
    const char *arg = argv[i];
    if (only_files || arg[0] != '-' || arg[1] == '\0') {
      out->files[out->file_count++] = arg;
    } else if (strcmp(arg, "--") == 0) {
      only_files = true;
    } else if (strcmp(arg, "--help") == 0 || strcmp(arg, "-h") == 0) {
      print_command_help(row);
      out->done = true;
      return true;
    } else if (arg[1] != '-') {
      sj_say("options begin with two dashes, see --help", arg);
      return false;
    } else if (!parse_option(argc, argv, &i, out)) {
      return false;
    }
  }
  return true;
}

static bool check(sj_options *out) {
  if (out->command == SJ_TOKENIZE && !out->tokenizer) {
    sj_say("tokenize wants --tokenizer FILE", NULL);
    return false;
  }
  if (out->command == SJ_CHECK_PACK && out->file_count == 0) {
    sj_say("check-pack wants the name of a FILE", NULL);
    return false;
  }
  if (out->command == SJ_RESTORE && !out->map) {
    sj_say("restore wants --map FILE", NULL);
    return false;
  }
  if (out->jobs && !out->jsonl) {
    sj_say("--jobs goes with --jsonl", NULL);
    return false;
  }
  size_t inputs = 0;
  for (size_t i = 0; i < out->file_count; i++)
    inputs += out->files[i] && strcmp(out->files[i], "-") == 0;
  if (inputs > 1) {
    sj_say("standard input can be read only once", NULL);
    return false;
  }
  if (out->file_count == 0) out->files[out->file_count++] = "-";
  return true;
}

/// `--help`, `help`, `help COMMAND`, `--version`.
static bool answer(int argc, char **argv, sj_options *out) {
  const char *word = argv[1];
  out->done = true;
  if (strcmp(word, "--version") == 0) {
    printf("scrubjay %s\n", sj_version());
    return true;
  }
  const command_row *row =
      strcmp(word, "help") == 0 && argc > 2 ? find_command(argv[2]) : NULL;
  if (row) {
    print_command_help(row);
    return true;
  }
  const bool help = strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 ||
                    strcmp(word, "help") == 0;
  if (help && argc == 2) {
    print_help();
    return true;
  }
  sj_say("no such command, see scrubjay --help", help ? argv[2] : word);
  return false;
}

bool sj_options_parse(int argc, char **argv, sj_options *out) {
  *out = (sj_options){0};
  if (argc < 2) {
    sj_say("a command is missing, see scrubjay --help", NULL);
    return false;
  }
  const command_row *row = find_command(argv[1]);
  if (!row) return answer(argc, argv, out);
  out->command = row->command;
  out->packs = calloc((size_t)argc + 1, sizeof(*out->packs));
  out->files = calloc((size_t)argc + 1, sizeof(*out->files));
  if (!out->packs || !out->files) {
    sj_say(sj_status_text(SJ_NOMEM), NULL);
    return false;
  }
  if (!parse_rest(argc, argv, row, out)) return false;
  return out->done || check(out);
}

void sj_options_free(sj_options *options) {
  free(options->packs);
  free(options->files);
  *options = (sj_options){0};
}
