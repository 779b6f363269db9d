"""Lob's address checks. As with a test key there, the first line chooses the answer, such as `undeliverable`."""

from typing import Any

from testing.fake_lob.letters import Thing, id_of


def us_verification(asked: dict[str, Any]) -> Thing:
    word = str(asked.get("primary_line", "")).strip().lower()
    found = {"undeliverable": "undeliverable", "missing_unit": "deliverable_missing_unit"}.get(word, "deliverable")
    return {
        "id": id_of("us_ver"),
        "recipient": asked.get("recipient", ""),
        "primary_line": asked.get("primary_line", ""),
        "secondary_line": asked.get("secondary_line", ""),
        "urbanization": "",
        "last_line": f"{asked.get('city', '')} {asked.get('state', '')} {asked.get('zip_code', '')}",
        "deliverability": found,
        "valid_address": found != "undeliverable",
        "object": "us_verification",
    }


def intl_verification(asked: dict[str, Any]) -> Thing:
    word = str(asked.get("primary_line", "")).strip().lower()
    found = {"undeliverable": "undeliverable", "missing_unit": "deliverable_missing_info", "nowhere": "no_match"}
    return {
        "id": id_of("intl_ver"),
        "recipient": asked.get("recipient", ""),
        "primary_line": asked.get("primary_line", ""),
        "secondary_line": asked.get("secondary_line", ""),
        "last_line": f"{asked.get('postal_code', '')} {asked.get('city', '')}",
        "country": asked.get("country", ""),
        "coverage": "HOUSENUMBER/BUILDING",
        "deliverability": found.get(word, "deliverable"),
        "status": "LV4",
        "object": "intl_verification",
    }
