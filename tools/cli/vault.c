// SPDX-License-Identifier: Apache-2.0
//
// vault.c - the words of `scrubjay vault`: one table of commands and one of
// options, which parsing and help both read.

#include "vault.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "../common/roles.h"

enum { INIT = 1, ENROL = 2, SIGN = 4, ROTATE = 8, OPEN = 16 };

static const struct command {
  unsigned bit;
  const char *name, *summary, *more;
  sj_exit (*run)(const sj_vault_options *options);
} COMMANDS[] = {
    {INIT, "init", "make the root, the recovery key and the first vault key",
     "DIR is made. It holds every key of the vault, wrapped; keep it offline.\n"
     "Two passphrases are made and shown once: write them down, apart.",
     sj_vault_init},
    {ENROL, "enrol", "put a person on the list, or take one off",
     "Makes the person's keys and a passphrase, which is shown once; with "
     "--uk\n"
     "and --device the person made them, and only public keys come here. What\n"
     "the server has to keep is written to a file, sealed. Who may open\n"
     "records (reidentifier, custodian, agent) gets the vault's keys too: "
     "that\n"
     "asks for the recovery passphrase. The list counts once it is signed.",
     sj_vault_enrol},
    {SIGN, "sign", "sign the list with the root key, for the server to publish",
     "Shows what has changed since the last signature, then asks for the root\n"
     "passphrase: read before you type.",
     sj_vault_sign},
    {ROTATE, "rotate", "make the next vault key, or retire one",
     "New records are sealed to the new key, old ones still open. Retire a "
     "key\n"
     "when no record is wrapped to it any more. Sign the list afterwards.",
     sj_vault_rotate},
    {OPEN, "open", "recover a record's originals with the recovery key",
     "The record is the JSON that the server releases: {\"job_id\", "
     "\"scrubbed_text\",\n\"vault\", \"share\"}. It is believed only where the "
     "list is the root's, the\nsignature the submitter's, and the text the one "
     "that was sealed. The result\nis a map for scrubjay restore. Asks for the "
     "recovery passphrase.",
     sj_vault_open},
};

typedef enum kind { TEXT, FLAG, ROLE } kind;

#define MEMBER(name) offsetof(sj_vault_options, name)
static const struct option {
  const char *name, *value, *help;
  unsigned commands;
  kind kind;
  size_t member;
} OPTIONS[] = {
    {"vault", "NAME", "the vault's name: a-z, 0-9, hyphens; default main",
     INIT | ROTATE, TEXT, MEMBER(vault)},
    {"sub", "SUB", "the person, as the access tokens name them", ENROL, TEXT,
     MEMBER(sub)},
    {"role", "ROLE",
     "submitter, coder, reidentifier, custodian, auditor, admin, worker or "
     "agent; may be repeated",
     ENROL, ROLE, 0},
    {"uk", "FILE", "the person's public key for opening, as a JWK", ENROL, TEXT,
     MEMBER(uk)},
    {"device", "FILE", "the person's public key for signing, as a JWK", ENROL,
     TEXT, MEMBER(device)},
    {"replace", NULL,
     "the person is on the list: new keys and roles; what an old device signed "
     "stays good",
     ENROL, FLAG, MEMBER(replace)},
    {"remove", NULL, "take the person off the list", ENROL, FLAG,
     MEMBER(remove)},
    {"days", "N", "how long the list is good for, 1 to 366; default 90", SIGN,
     TEXT, MEMBER(days)},
    {"retire", "KID", "retire this key instead, such as vault:main:1", ROTATE,
     TEXT, MEMBER(retire)},
    {"record", "FILE", "the record; - is standard input", OPEN, TEXT,
     MEMBER(record)},
    {"keylist", "FILE",
     "the signed list to believe; default: the newest in DIR", OPEN, TEXT,
     MEMBER(keylist)},
    {"output", "FILE", "a new file that only you may read, or - to show it",
     OPEN, TEXT, MEMBER(output)},
    {"passphrase-fd", "N",
     "read the passphrase, a line, from this descriptor; default: the terminal",
     ENROL | SIGN | OPEN, TEXT, MEMBER(passphrase_fd)},
    {"show-fd", "N",
     "write new passphrases, a line each, to this descriptor; default: the "
     "terminal",
     INIT | ENROL, TEXT, MEMBER(show_fd)},
};

enum {
  COMMAND_COUNT = sizeof(COMMANDS) / sizeof(COMMANDS[0]),
  OPTION_COUNT = sizeof(OPTIONS) / sizeof(OPTIONS[0])
};

void sj_vault_help(void) {
  printf("usage: scrubjay vault COMMAND DIR [OPTION...]\n\n"
         "Makes and keeps the keys of a vault, offline: nothing is sent "
         "anywhere.\n\n");
  for (size_t i = 0; i < COMMAND_COUNT; i++)
    printf("  %-9s%s\n", COMMANDS[i].name, COMMANDS[i].summary);
  printf("\nscrubjay vault COMMAND --help shows a command's options. A "
         "passphrase is\nnever an argument. No file that holds a key is ever "
         "overwritten.\n"
         "\nExit: 0 done; 2 usage; 3 input: a file, a passphrase, a record; "
         "70\ninternal error, or a file could not be written.\n");
}

static void print_command(const struct command *command) {
  printf("usage: scrubjay vault %s DIR [OPTION...]\n\n%c%s.\n%s\n\n",
         command->name, command->summary[0] - 'a' + 'A', command->summary + 1,
         command->more);
  for (size_t i = 0; i < OPTION_COUNT; i++) {
    const struct option *option = &OPTIONS[i];
    if (!(option->commands & command->bit)) continue;
    printf("  --%s%s%s\n      %s\n", option->name, option->value ? " " : "",
           option->value ? option->value : "", option->help);
  }
}

static const struct option *find_option(const char *word, unsigned command) {
  for (size_t i = 0; i < OPTION_COUNT; i++)
    if (strcmp(OPTIONS[i].name, word) == 0 && (OPTIONS[i].commands & command))
      return &OPTIONS[i];
  return NULL;
}

static bool
set(sj_vault_options *out, const struct option *option, const char *value) {
  char *slot = (char *)out + option->member;
  if (option->kind == FLAG) {
    *(bool *)(void *)slot = true;
    return true;
  }
  if (option->kind == ROLE) {
    const unsigned bit = sj_member_role_bit(value, strlen(value));
    if (bit == 0) sj_say("there is no such role", value);
    out->roles |= bit;
    return bit != 0;
  }
  const char **text = (const char **)(void *)slot;
  if (*text) {
    sj_say("an option is given twice", option->name);
    return false;
  }
  *text = value;
  return true;
}

// One option, and the word behind it where it takes one.
static bool parse_option(int argc,
                         char **argv,
                         int *at,
                         const struct command *command,
                         sj_vault_options *out) {
  const char *word = argv[*at];
  const struct option *option =
      strncmp(word, "--", 2) == 0 ? find_option(word + 2, command->bit) : NULL;
  if (!option) {
    sj_say("this command has no such option, see --help", word);
    return false;
  }
  const char *value = NULL;
  if (option->kind != FLAG) {
    if (++*at == argc) {
      sj_say("this option wants a value", word);
      return false;
    }
    value = argv[*at];
  }
  return set(out, option, value);
}

// 1 to go on, 0 when help was printed, -1 after a message.
static int parse(int argc,
                 char **argv,
                 const struct command *command,
                 sj_vault_options *out) {
  for (int i = 0; i < argc; i++) {
    const char *word = argv[i];
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
      print_command(command);
      return 0;
    }
    if (word[0] == '-') {
      if (!parse_option(argc, argv, &i, command, out)) return -1;
    } else if (out->folder) {
      sj_say("one folder is enough", word);
      return -1;
    } else {
      out->folder = word;
    }
  }
  if (!out->folder) sj_say("the vault's folder is missing, see --help", NULL);
  return out->folder ? 1 : -1;
}

sj_exit sj_vault_run(int argc, char **argv) {
  const char *word = argc > 0 ? argv[0] : "";
  if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 ||
      strcmp(word, "help") == 0) {
    sj_vault_help();
    return SJ_EXIT_OK;
  }
  for (size_t i = 0; i < COMMAND_COUNT; i++) {
    if (strcmp(COMMANDS[i].name, word) != 0) continue;
    sj_vault_options options = {.folder = NULL};
    const int more = parse(argc - 1, argv + 1, &COMMANDS[i], &options);
    if (more <= 0) return more == 0 ? SJ_EXIT_OK : SJ_EXIT_USAGE;
    return COMMANDS[i].run(&options);
  }
  sj_say("no such vault command, see scrubjay vault --help", word);
  return SJ_EXIT_USAGE;
}
