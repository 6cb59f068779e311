# SPDX-License-Identifier: Apache-2.0
"""The ceremony and the recovery, as two custodians would do them: from nothing
to a signed list, a record that a physician sealed, and its originals back with
the recovery key alone."""
import base64
import json
import os
import pty
import stat
import subprocess
import unittest

from harness import PROGRAM, Case, run

CROSS = os.path.join(
    os.path.dirname(PROGRAM), "..", "..", "tests", "unit", "vault_cross"
)
JOB = "01980000-0000-7000-8000-000000000001"
TEXT = "Seen by <PROVIDER_0>. <PERSON_1> is well. <PERSON_1> left."
NOTE = "Seen by Amadou Quill. Zora Kern is well. Ms Kern left."
MAP = {
    "v": 1,
    "entities": [
        {"p": "<PROVIDER_0>", "o": ["Amadou Quill"], "t": "NAME"},
        {"p": "<PERSON_1>", "o": ["Zora Kern", "Ms Kern"], "t": "NAME"},
    ],
}


def decode(part):
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def payload(jws):
    return json.loads(decode(jws.decode().split(".")[1]))


def header(jwe):
    return json.loads(decode(jwe.split(".")[0]))


class Ceremony(Case):
    made = None  # one ceremony for all; each test works on a copy

    def setUp(self):
        super().setUp()
        self.vault = self.path("vault")
        if not Ceremony.made:
            done = self.run_vault("init", show=True)
            self.assertEqual(done.code, 0, done.err)
            files = {n: self.read("vault/" + n) for n in os.listdir(self.vault)}
            Ceremony.made = files, self.shown
        else:
            os.mkdir(self.vault, 0o700)
            for name, content in Ceremony.made[0].items():
                os.chmod(self.file("vault/" + name, content), 0o600)
        self.secrets = dict(
            line.rsplit(" ", 1) for line in Ceremony.made[1].splitlines()
        )

    def run_vault(self, command, *more, passphrase=None, show=False):
        """One command; what --show-fd gave is in self.shown."""
        arguments = ["vault", command, self.vault, *more]
        how = {}
        if passphrase is not None:
            arguments += ["--passphrase-fd", "0"]
            how["stdin"] = passphrase + "\n"
        if not show:
            return run(*arguments, **how)
        reader, writer = os.pipe()
        try:
            done = run(
                *arguments, "--show-fd", str(writer), pass_fds=[writer], **how
            )
        finally:
            os.close(writer)
        with os.fdopen(reader) as shown:
            self.shown = shown.read()
        return done

    def enrol(self, sub, *roles, more=()):
        words = [word for role in roles for word in ("--role", role)]
        opens = {"reidentifier", "custodian", "agent"} & set(roles)
        before = set(os.listdir(self.vault))
        done = self.run_vault(
            "enrol", "--sub", sub, *words, *more,
            passphrase=self.secrets["recovery"] if opens else None, show=True,
        )
        self.assertEqual(done.code, 0, done.err)
        for line in self.shown.splitlines():
            self.assertEqual(line.split(" ")[:2], ["member", sub])
            self.secrets[sub] = line.rsplit(" ", 1)[1]
        made = [f for f in set(os.listdir(self.vault)) - before]
        if not made:
            return {}
        lines = self.read("vault/" + made[0]).decode().splitlines()
        rows = [json.loads(line) for line in lines]
        self.assertTrue(all(row["sub"] == sub for row in rows))
        return {row["slot"]: row["jwe"] for row in rows}

    def sign(self):
        done = self.run_vault("sign", passphrase=self.secrets["root"])
        self.assertEqual(done.code, 0, done.err)
        lists = [f for f in os.listdir(self.vault) if f.startswith("keylist-")]
        newest = max(lists, key=lambda f: int(f[8:-4]))
        return newest, payload(self.read("vault/" + newest))

    def cross(self, *arguments, stdin):
        done = subprocess.run(
            [CROSS, *arguments], input=stdin.encode(), stdout=subprocess.PIPE,
            check=True, timeout=60,
        )
        return done.stdout.decode()

    def unwrap(self, jwe, passphrase):
        return json.loads(
            self.cross("unwrap", self.file("secret", passphrase), stdin=jwe)
        )

    def seal(self, physician, signed, **other):
        key = [k for k in signed["vault"] if k["state"] == "active"][-1]
        device = self.unwrap(
            physician["device.passphrase"], self.secrets["physician-1"]
        )
        line = {"kid": key["kid"], "to": key["jwk"], "device": device,
                "job": JOB, "sub": "physician-1", "text": TEXT,
                "map": json.dumps(MAP)}
        return json.loads(
            self.cross("seal", stdin=json.dumps({**line, **other}) + "\n")
        )

    def open(self, record, *more, output="out.json", passphrase=None):
        return self.run_vault(
            "open", "--record", self.file("record.json", json.dumps(record)),
            "--output", self.path(output), *more,
            passphrase=passphrase or self.secrets["recovery"],
        )


class Vault(Ceremony):
    def test_the_drill_from_nothing_to_the_originals(self):
        physician = self.enrol("physician-1", "submitter")
        coder = self.enrol("coder-1", "coder", "reidentifier")
        self.assertEqual(
            sorted(physician),
            ["device.passphrase", "device.recovery", "user.passphrase",
             "user.recovery"],
        )
        self.assertIn("vault:main:1", coder)
        name, signed = self.sign()
        self.assertEqual((name, signed["serial"]), ("keylist-1.jws", 1))
        self.assertEqual(
            [(m["sub"], m["roles"]) for m in signed["members"]],
            [("physician-1", ["submitter"]),
             ("coder-1", ["coder", "reidentifier"])],
        )
        record = self.seal(physician, signed)
        for original in ("Quill", "Kern"):
            self.assertNotIn(original, json.dumps(record))

        done = self.open(record)
        self.assertEqual((done.code, done.err), (0, ""))
        self.assertEqual(
            json.loads(self.read("out.json"))["map"],
            [{"placeholder": e["p"], "label": e["t"], "originals": e["o"]}
             for e in MAP["entities"]],
        )
        back = run("restore", "--map", self.path("out.json"), stdin=TEXT)
        self.assertEqual((back.code, back.out.decode()), (0, NOTE))
        self.assertEqual(
            stat.S_IMODE(os.stat(self.path("out.json")).st_mode), 0o600
        )
        # A second time into the same file is refused.
        self.fails(self.open(record), 70, "out.json")

    def test_a_record_that_is_not_wholly_right_stays_shut(self):
        physician = self.enrol("physician-1", "submitter")
        _, signed = self.sign()
        record = self.seal(physician, signed)
        another = self.seal(physician, signed)
        sealed = record["vault"]

        def refused(word, vault=None, **other):
            wrong = {**record, "vault": {**sealed, **(vault or {})}, **other}
            done = self.open(wrong)
            self.fails(done, 3, word)
            self.assertFalse(os.path.exists(self.path("out.json")))
            for secret in ("Quill", "Kern", "is well"):
                self.assertNotIn(secret, done.err)

        refused("share", share=another["share"])
        refused("share", share="AAAA")
        refused("another job", job_id=JOB[:-1] + "2")
        refused("text", scrubbed_text=TEXT.replace("well", "ill"))
        refused("text", vault={"text_salt": another["vault"]["text_salt"]})
        refused("signature", vault={"sig": another["vault"]["sig"]})
        refused("not signed", vault={"sig": ""})
        refused("lacks a member", vault={"sig": None})
        refused("wrap", vault={"wraps": another["vault"]["wraps"]})
        refused("wrap", vault={"wraps": []})
        refused("sealed map", vault={"data": sealed["wraps"][0]})
        cut = sealed["data"][:-6] + "AAAAAA"
        refused("signature", vault={"data": cut})
        # One who is not on the list, and one whose device is another's.
        self.fails(
            self.open(self.seal(physician, signed, sub="eve")), 3, "not signed"
        )
        self.fails(
            self.open(record, passphrase="0000-0000-0000-0000"), 3,
            "recovery.key",
        )
        self.fails(self.open({}), 3, "lacks a member", "job_id")

    def test_a_list_of_another_root_is_not_believed(self):
        physician = self.enrol("physician-1", "submitter")
        name, signed = self.sign()
        record = self.seal(physician, signed)
        good = self.read("vault/" + name).decode().strip()
        head, body, sig = good.split(".")
        for wrong, word in [
            (f"{head}.{body}.{sig[:-4]}AAAA", "signature"),
            (f"{head}.{body}", "no signed key list"),
            ("", "no signed key list"),
        ]:
            listed = self.file("wrong.jws", wrong)
            self.fails(self.open(record, "--keylist", listed), 3, word)
        other = self.path("other")
        reader, writer = os.pipe()
        run("vault", "init", other, "--show-fd", str(writer), pass_fds=[writer])
        os.close(writer)
        with os.fdopen(reader) as shown:
            root = shown.readline().split(" ")[1]
        run("vault", "sign", other, "--passphrase-fd", "0", stdin=root)
        done = self.open(record, "--keylist", other + "/keylist-1.jws")
        self.fails(done, 3, "another root")

    def test_a_new_key_seals_and_the_old_one_still_opens(self):
        physician = self.enrol("physician-1", "submitter")
        custodian = self.enrol("custodian-1", "custodian")
        _, first = self.sign()
        old = self.seal(physician, first)
        done = self.run_vault("rotate")
        self.assertEqual(done.code, 0, done.err)
        handed = json.loads(self.read("vault/rotate-main-2.jsonl"))
        self.assertEqual(
            (handed["sub"], handed["slot"]), ("custodian-1", "vault:main:2")
        )
        self.assertEqual(
            header(handed["jwe"])["kid"],
            header(custodian["user.passphrase"])["kid"],
        )
        _, second = self.sign()
        self.assertEqual(
            [(k["kid"], k["state"]) for k in second["vault"]],
            [("vault:main:1", "accept"), ("vault:main:2", "active")],
        )
        new = self.seal(physician, second)
        self.assertEqual(header(new["vault"]["wraps"][0])["kid"],
                         "vault:main:2")
        self.assertEqual(self.open(old, output="a").code, 0)
        self.assertEqual(self.open(new, output="b").code, 0)
        self.fails(self.run_vault("rotate", "--retire", "vault:main:2"), 3)
        done = self.run_vault("rotate", "--retire", "vault:main:1")
        self.assertEqual(done.code, 0, done.err)
        _, third = self.sign()
        self.assertEqual(third["vault"][0]["state"], "retired")
        # A newcomer gets the keys that still open something, and no other.
        self.assertEqual(
            [slot for slot in self.enrol("c-2", "custodian") if ":" in slot],
            ["vault:main:2"],
        )

    def test_keys_are_wrapped_and_for_their_owner_alone(self):
        self.enrol("physician-1", "submitter", "custodian")
        self.sign()
        self.assertEqual(stat.S_IMODE(os.stat(self.vault).st_mode), 0o700)
        for name in os.listdir(self.vault):
            mode = os.stat(os.path.join(self.vault, name)).st_mode
            self.assertEqual(stat.S_IMODE(mode), 0o600, name)
            self.assertNotIn(b'"d":', self.read("vault/" + name), name)
        for name in ("root.key", "recovery.key"):
            head = header(self.read("vault/" + name).decode())
            self.assertEqual(head["alg"], "PBES2-HS512+A256KW")
            self.assertGreaterEqual(head["p2c"], 600000)
        whole = b"".join(
            self.read("vault/" + n) for n in os.listdir(self.vault)
        )
        for secret in self.secrets.values():
            self.assertRegex(secret, r"^([0-9A-HJKMNP-TV-Z]{4}(-|$)){4}")
            self.assertNotIn(secret.encode(), whole)

    def test_a_member_leaves_and_comes_back_with_new_keys(self):
        first = self.enrol("physician-1", "submitter")
        _, signed = self.sign()
        record = self.seal(first, signed)
        self.fails(
            self.run_vault("enrol", "--sub", "physician-1", "--role", "admin",
                           show=True),
            3, "--replace",
        )
        self.enrol("physician-1", "submitter", "coder", more=["--replace"])
        _, signed = self.sign()
        member = signed["members"][0]
        self.assertEqual(member["roles"], ["submitter", "coder"])
        self.assertEqual(len(member["device"]), 2)
        self.assertEqual(self.open(record).code, 0)  # signed by the old device
        done = self.run_vault("enrol", "--sub", "physician-1", "--remove")
        self.assertEqual(done.code, 0, done.err)
        _, signed = self.sign()
        self.assertEqual((signed["serial"], signed["members"]), (3, []))

    def test_keys_that_the_person_made_come_as_public_keys(self):
        made = self.enrol("physician-1", "submitter")
        jwk = self.unwrap(
            made["device.passphrase"], self.secrets["physician-1"]
        )
        private = self.file("private.jwk", json.dumps(jwk))
        done = self.run_vault("enrol", "--sub", "x", "--role", "coder", "--uk",
                              private)
        self.fails(done, 3, "private.jwk", "no public JWK")
        del jwk["d"]
        public = self.file("public.jwk", json.dumps(jwk))
        slots = self.enrol("x", "agent", more=["--uk", public])
        self.assertEqual(list(slots), ["vault:main:1"])

    def test_who_signs_is_shown_what_changed_and_nothing_is_lost(self):
        self.enrol("physician-1", "submitter")
        self.enrol("keys-1", "custodian")
        done = self.run_vault("sign", passphrase=self.secrets["root"])
        shown = done.out.decode().splitlines()
        self.assertEqual(shown[0], "list 1 changes:")
        self.assertIn("  + key vault:main:1, active", shown)
        self.assertIn("  + member physician-1: submitter", shown)
        self.assertIn("  + member keys-1: custodian", shown)
        self.assertTrue(any(s.startswith("  + recovery key") for s in shown))
        # Somebody writes to the folder between two ceremonies.
        good = self.read("vault/list.json").decode()
        wrongs = [
            (good.replace('"submitter"', '"submitter","reidentifier"'), 3,
             "does not open", "  ~ member physician-1: submitter, reidentifier"),
            (good.replace("physician-1", "physician-2"), 3, "does not open",
             "  - member physician-1"),
            (good.replace("vault:main:1", "vault:main:9"), 3, "lose", None),
            (good.replace('"custodian"', '"auditor"'), 3, "lose", None),
            (good.replace('"serial":2', '"serial":5'), 3, "keylist-4.jws", None),
        ]
        for text, code, word, line in wrongs:
            self.assertNotEqual(text, good)
            self.file("vault/list.json", text)
            done = self.run_vault("sign", passphrase="not it")
            self.fails(done, code, word)
            if line:
                self.assertIn(line, done.out.decode().splitlines())
        self.file("vault/list.json", good)
        self.run_vault("rotate")
        done = self.run_vault("sign", passphrase=self.secrets["root"])
        self.assertEqual(
            done.out.decode().splitlines()[:3],
            ["list 2 changes:", "  ~ key vault:main:1, now accept",
             "  + key vault:main:2, active"],
        )

    def on_terminal(self, *arguments, typed=b""):
        """Exit code and all that the screen showed; `typed` once it asks."""
        child, screen = pty.fork()
        if child == 0:
            os.execv(PROGRAM, [PROGRAM, *arguments])
        shown = b""
        while True:
            try:
                got = os.read(screen, 4096)
            except OSError:  # the child has gone
                break
            if not got:
                break
            shown += got
            if typed and b"passphrase: " in shown:
                os.write(screen, typed)
                typed = b""
        os.close(screen)
        status = os.waitpid(child, 0)[1]
        return os.waitstatus_to_exitcode(status), shown.decode()

    def test_on_a_terminal_a_passphrase_is_shown_once_and_never_echoed(self):
        folder = self.path("by-hand")
        code, shown = self.on_terminal("vault", "init", folder)
        self.assertEqual(code, 0, shown)
        secrets = dict(
            line.split(" ") for line in shown.splitlines()
            if line.startswith(("root ", "recovery "))
        )
        self.assertEqual(sorted(secrets), ["recovery", "root"])
        self.assertIn("not shown again", shown)
        # A slip that is taken back, then the passphrase and Enter.
        typed = b"X\x7f" + secrets["root"].encode() + b"\r"
        code, shown = self.on_terminal("vault", "sign", folder, typed=typed)
        self.assertEqual(code, 0, shown)
        self.assertNotIn(secrets["root"], shown)
        self.assertTrue(os.path.exists(folder + "/keylist-1.jws"))
        for wrong, word in [(b"nonsense\r", "does not open"),
                            (b"half\x03", "no passphrase came")]:
            code, shown = self.on_terminal("vault", "sign", folder, typed=wrong)
            self.assertEqual(code, 3, shown)
            self.assertIn(word, shown)
            self.assertNotIn("nonsense", shown)
            self.assertNotIn("^C", shown)
        self.assertFalse(os.path.exists(folder + "/keylist-2.jws"))

    def test_what_is_typed_wrong_is_named(self):
        for arguments, code, word in [
            (["vault"], 2, "--help"),
            (["vault", "nonsense"], 2, "nonsense"),
            (["vault", "init"], 2, "folder"),
            (["vault", "init", self.vault], 3, "vault"),
            (["vault", "init", self.path("a"), "--vault", "No Name",
              "--show-fd", "1"], 2, "No Name"),
            (["vault", "sign", self.vault, "--days", "0"], 2, "--days"),
            (["vault", "sign", self.vault, "--passphrase", "x"], 2,
             "--passphrase"),
            (["vault", "sign", self.vault, "--passphrase-fd", "77"], 3, "77"),
            (["vault", "sign", self.path("none"), "--passphrase-fd", "0"], 3,
             "list.json"),
            (["vault", "enrol", self.vault], 2, "--sub"),
            (["vault", "enrol", self.vault, "--sub", "a b", "--role", "coder"],
             2, "--sub"),
            (["vault", "enrol", self.vault, "--sub", "a"], 2, "--role"),
            (["vault", "enrol", self.vault, "--sub", "a", "--role", "king"], 2,
             "king"),
            (["vault", "enrol", self.vault, "--sub", "a", "--remove"], 3, "a"),
            (["vault", "rotate", self.vault, "--vault", "b"], 3, "b"),
            (["vault", "rotate", self.vault, "--retire", "vault:b:1"], 3,
             "vault:b:1"),
            (["vault", "open", self.vault], 2, "--record"),
        ]:
            self.fails(run(*arguments), code, word)
        self.assertFalse(os.path.exists(self.path("a")))
        self.fails(self.run_vault("sign", passphrase=""), 3, "root")
        self.assertEqual(
            sorted(os.listdir(self.vault)),
            ["list.json", "recovery.key", "root.fingerprint", "root.key",
             "vault-main-1.key"],
        )

    def test_help_names_every_command(self):
        text = run("vault", "--help").out.decode()
        for command in ("init", "enrol", "sign", "rotate", "open"):
            self.assertIn(command, text)
            one = run("vault", command, "--help")
            self.assertEqual(one.code, 0)
            self.assertIn(f"scrubjay vault {command} DIR", one.out.decode())
        self.assertIn("vault", run("--help").out.decode())


if __name__ == "__main__":
    unittest.main()
