# SPDX-License-Identifier: Apache-2.0
import json
import unittest

from harness import Case, jsonl, lines, run

CHART = {
    "patient": {"name": "Ilona Vasseroy", "birthDate": "1951-11-02",
                "identifier": {"type": "MRN", "value": "88123405"}},
    "clinicians": ["Dr Odon Quillfeather"],
}
TEXT = "vasseroy, seen 2 nov 1951 by O. Quillfeather: 88-123-405"


class Known(Case):
    def chart(self, chart):
        return ("--known", self.file("chart.json", json.dumps(chart)))

    def test_redact_find_and_explain_take_a_chart(self):
        chart = self.chart(CHART)
        done = run("redact", *chart, stdin=TEXT)
        self.assertEqual(done.code, 0, done.err)
        self.assertEqual(done.out.decode(),
                         "[NAME], seen [DATE] by [NAME]: [MRN]")
        entities = lines(run("find", *chart, stdin=TEXT).out)[0]["entities"]
        self.assertEqual([e.get("role") for e in entities],
                         ["patient", None, "provider", None])
        sources = [s["id"] for e in entities for s in e["sources"]
                   if s["kind"] == "known"]
        self.assertEqual(sources, ["known-name", "known-birth-date",
                                   "known-name", "known-number"])
        shown = run("explain", *chart, stdin=TEXT).out.decode()
        self.assertIn("known-birth-date", shown)
        self.assertNotIn("Quillfeather", shown)

    def test_a_record_brings_its_own_chart(self):
        first = {"id": 1, "text": TEXT, "known": CHART}
        second = {"id": 2, "text": "vasseroy came"}
        got = lines(run("redact", "--jsonl", stdin=jsonl(first, second)).out)
        self.assertEqual(got[0]["text"], "[NAME], seen [DATE] by [NAME]: [MRN]")
        self.assertEqual(got[1]["text"], "vasseroy came")

    def test_a_record_s_chart_stands_in_for_the_run_s(self):
        own = {"id": 1, "text": "vasseroy and brambleton",
               "known": {"patient": {"name": "Ann Brambleton"}}}
        common = {"id": 2, "text": "vasseroy and brambleton"}
        got = lines(run("redact", "--jsonl", *self.chart(CHART),
                        stdin=jsonl(own, common)).out)
        self.assertEqual(got[0]["text"], "vasseroy and [NAME]")
        self.assertEqual(got[1]["text"], "[NAME] and brambleton")

    def test_a_wrong_chart_is_refused_with_file_and_path(self):
        for chart, word in [({"patient": {"nmae": "Ada"}}, "$.patient.nmae"),
                            ({"patient": {"birthDate": "2 Nov"}},
                             "$.patient.birthDate"),
                            ([], "$")]:
            done = run("redact", *self.chart(chart), stdin=TEXT)
            self.fails(done, 3, "chart.json", word)
            self.assertNotIn("Ada", done.err)
            self.assertEqual(done.out, b"")
        self.fails(run("find", "--known", self.path("none"), stdin=TEXT), 3)

    def test_a_wrong_chart_in_a_record_fails_that_record_alone(self):
        bad = {"id": "b", "text": TEXT, "known": {"patient": {"nmae": "Ada"}}}
        good = {"id": "g", "text": "calm"}
        done = run("find", "--jsonl", stdin=jsonl(bad, good))
        self.assertEqual(done.code, 3)
        got = lines(done.out)
        self.assertEqual(got[0]["error"]["code"], "SJ_JSON")
        self.assertIn("$.patient.nmae", got[0]["error"]["message"])
        # The byte is one of the line.
        at = int(got[0]["error"]["message"].split(":")[0].split()[1])
        self.assertEqual(jsonl(bad)[at:at + 5], b'"Ada"')
        self.assertEqual(got[1]["entities"], [])


if __name__ == "__main__":
    unittest.main()
