# SPDX-License-Identifier: Apache-2.0
"""spaCy alone, and Presidio with a spaCy model behind it."""

import importlib.util
import os

SPACY_LABELS = {
    "PER": "NAME",
    "PERSON": "NAME",
    "LOC": "LOCATION",
    "GPE": "LOCATION",
    "FAC": "LOCATION",
    "ORG": "ORGANIZATION",
    "DATE": "DATE",
}

# What Presidio calls by other names. A class that is not here keeps its own
# and counts like all others: it would be hidden.
PRESIDIO_LABELS = {
    "PERSON": "NAME",
    "DATE_TIME": "DATE",
    "PHONE_NUMBER": "PHONE",
    "EMAIL_ADDRESS": "EMAIL",
    "IP_ADDRESS": "IP",
    "US_SSN": "NATIONAL_ID",
    "US_ITIN": "NATIONAL_ID",
    "UK_NINO": "NATIONAL_ID",
    "UK_NHS": "MRN",
    "US_PASSPORT": "ID",
    "US_DRIVER_LICENSE": "LICENSE",
    "MEDICAL_LICENSE": "LICENSE",
    "US_BANK_NUMBER": "ACCOUNT",
    "IBAN_CODE": "ACCOUNT",
    "CREDIT_CARD": "ACCOUNT",
}


def size_of(package):
    found = importlib.util.find_spec(package)
    if found is None:
        raise ImportError(f"{package} is not installed")
    return sum(
        os.path.getsize(os.path.join(folder, name))
        for folder, _, names in os.walk(os.path.dirname(found.origin))
        for name in names
        if not name.endswith((".py", ".pyc"))
    )


class Spacy:
    def __init__(self, package):
        import spacy

        self.size = size_of(package)
        # Names need neither tags nor parses.
        self.nlp = spacy.load(
            package,
            exclude=[
                "parser",
                "tagger",
                "morphologizer",
                "attribute_ruler",
                "lemmatizer",
            ],
        )

    def find(self, text):
        return [
            {
                "start": entity.start_char,
                "end": entity.end_char,
                "label": SPACY_LABELS[entity.label_],
            }
            for entity in self.nlp(text).ents
            if entity.label_ in SPACY_LABELS
        ]


class Presidio:
    """As installed: its predefined recognizers of the language, its floor."""

    def __init__(self, language, package):
        import tldextract

        # It would fetch the list of public suffixes; the one it brings does.
        tldextract.extract = tldextract.TLDExtract(
            suffix_list_urls=(), cache_dir=None
        )
        from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
        from presidio_analyzer.nlp_engine import NlpEngineProvider

        self.size = size_of(package)
        self.language = language
        models = [{"lang_code": language, "model_name": package}]
        engine = NlpEngineProvider(
            nlp_configuration={"nlp_engine_name": "spacy", "models": models}
        ).create_engine()
        registry = RecognizerRegistry(supported_languages=[language])
        registry.load_predefined_recognizers(
            languages=[language], nlp_engine=engine
        )
        self.analyzer = AnalyzerEngine(
            registry=registry,
            nlp_engine=engine,
            supported_languages=[language],
        )

    def find(self, text):
        return [
            {
                "start": one.start,
                "end": one.end,
                "label": PRESIDIO_LABELS.get(one.entity_type, one.entity_type),
            }
            for one in self.analyzer.analyze(text, language=self.language)
        ]
