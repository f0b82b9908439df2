"""The dataclasses have the fields and types of the JSON Schema that the program prints."""

import dataclasses
import json
import subprocess
import typing
import unittest
from typing import Any, Dict, Set, Tuple

import wirelens
from support import PROGRAM, WithProgram
from wirelens.results import SCHEMA_VERSION

PLAIN = {int: "integer", float: "number", str: "string", bool: "boolean"}
# A result with every field, and with fields that no version has yet.
WHOLE: Dict[str, Any] = {
    "schema_version": SCHEMA_VERSION, "id": "a", "title": "T", "source": None, "url": None, "published": "2022-02-18",
    "language": "en", "characters": 20, "tokens": 5, "warnings": ["w"], "text": "Text", "new_field": {"a": 1},
    "summary": {"method": "abstractive", "model": "m", "text": "t", "sentences": [], "levels": 2, "new_field": 1, "generated": [
        {"text": "t", "source": {"start": 0, "end": 1, "text": "x"}, "similarity": 0.5, "entailment": None, "unsupported": ["5"],
         "supported": False}]},
    "entities": [{"name": "N", "type": "PER", "mentions": [{"start": 0, "end": 1, "text": "N", "score": 0.9, "label": "PERSON"}]}],
    "stance": [{"target": "t", "label": "absent", "scores": None, "evidence": []},
               {"target": "u", "label": "favor", "scores": {"favor": 0.8, "neutral": 0.1, "against": 0.1}, "evidence": [
                   {"start": 0, "end": 1, "text": "x", "mention": {"start": 0, "end": 1, "text": "x"}, "label": "favor", "score": 0.8,
                    "scores": {"favor": 0.8, "neutral": 0.1, "against": 0.1}, "speaker": None,
                    "holder": {"name": "N", "label": "favor", "score": 0.7}}]}],
    "quotes": [{"speaker": "N", "mention": {"start": 0, "end": 1, "text": "N"}, "cue": None, "content": [], "direct": True, "score": 0.5}],
}  # fmt: skip


class Results(unittest.TestCase):
    def test_every_level_is_typed_and_new_fields_are_kept_apart(self) -> None:
        found = wirelens.Analysis.from_json(WHOLE)
        assert found.summary and found.entities and found.stance and found.quotes
        self.assertEqual(found.summary.generated[0].source, wirelens.Span(0, 1, "x"))
        self.assertEqual(found.entities[0].mentions[0].label, "PERSON")
        self.assertEqual(found.stance[1].evidence[0].holder, wirelens.Holder("N", "favor", 0.7))
        self.assertEqual(found.stance[0].scores, None)
        self.assertEqual(found.quotes[0].mention, wirelens.Span(0, 1, "N"))
        self.assertEqual(found.raw["new_field"], {"a": 1})
        self.assertNotIn("new_field", repr(found))

    def test_what_was_not_asked_for_is_none(self) -> None:
        less = {
            name: value
            for name, value in WHOLE.items()
            if name not in ("summary", "entities", "stance", "quotes", "text")
        }
        found = wirelens.Analysis.from_json(less)
        self.assertEqual([found.summary, found.entities, found.stance, found.quotes, found.text], [None] * 5)

    def test_what_is_no_result_is_refused(self) -> None:
        with self.assertRaises(TypeError):
            wirelens.Analysis.from_json({"id": "a"})


class Schema(WithProgram):
    def setUp(self) -> None:
        self.root = json.loads(subprocess.run([PROGRAM, "schema"], check=True, capture_output=True).stdout)
        self.compared: Set[type] = set()

    def test_the_dataclasses_are_those_of_the_schema(self) -> None:
        self.compare(wirelens.Analysis, self.root)
        exported = {each for name in wirelens.__all__ if dataclasses.is_dataclass(each := getattr(wirelens, name))}
        self.assertEqual(self.compared, exported - {wirelens.Article})

    def compare(self, cls: type, node: Dict[str, Any]) -> None:
        hints = typing.get_type_hints(cls)
        del_raw = {name: hint for name, hint in hints.items() if name != "raw"}
        self.assertEqual(set(del_raw), set(node["properties"]), f"the fields of {cls.__name__}")
        self.compared.add(cls)
        fields = {field.name: field for field in dataclasses.fields(cls)}
        for name, hint in del_raw.items():
            where = f"{cls.__name__}.{name}"
            field = fields[name]
            defaults = (field.default, field.default_factory)
            can_be_missing = type(None) in typing.get_args(hint) or any(d is not dataclasses.MISSING for d in defaults)
            self.assertTrue(name in node["required"] or can_be_missing, f"{where} may be missing, and has no default")
            self.compare_type(hint, node["properties"][name], where)

    def compare_type(self, hint: Any, node: Dict[str, Any], where: str) -> None:
        node, null = self.resolve(node)
        inner = typing.get_args(hint)
        if type(None) in inner:
            self.assertTrue(null, f"{where} is never null")
            (hint,) = (each for each in inner if each is not type(None))
        else:
            self.assertFalse(null, f"{where} may be null")
        origin, arguments = typing.get_origin(hint), typing.get_args(hint)
        if origin is list:
            self.assertEqual(node["type"], "array", where)
            self.compare_type(arguments[0], node["items"], where)
        elif origin is typing.Literal:
            self.assertEqual(set(arguments), self.choices(node), where)
        elif dataclasses.is_dataclass(hint):
            self.compare(hint, node)  # type: ignore[arg-type]
        else:
            self.assertEqual(PLAIN[hint], node["type"], where)

    def resolve(self, node: Dict[str, Any]) -> Tuple[Dict[str, Any], bool]:
        """A part of the schema without references and null, and whether it may be null."""
        if "$ref" in node:
            target = self.root
            for key in node["$ref"].removeprefix("#/").split("/"):
                target = target[key]
            return self.resolve(target)
        if "anyOf" in node:
            others = [each for each in node["anyOf"] if each != {"type": "null"}]
            if len(others) < len(node["anyOf"]):
                self.assertEqual(len(others), 1, node)
                return self.resolve(others[0])[0], True
        if isinstance(node.get("type"), list):
            (plain,) = (each for each in node["type"] if each != "null")
            return {**node, "type": plain}, "null" in node["type"]
        return node, False

    def choices(self, node: Dict[str, Any]) -> Set[str]:
        if "oneOf" in node:
            return set().union(*(self.choices(each) for each in node["oneOf"]))
        return {node["const"]} if "const" in node else set(node["enum"])


if __name__ == "__main__":
    unittest.main()
