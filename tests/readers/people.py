"""Customers whose names and emails are beyond ASCII, or longer than statistics are."""

import json
import random

# By code point as by UTF-8: the first and last of all, what cannot be counted up in its last byte or character,
# and letters of each length.
LETTERS = ["!", "A", "z", "\x7f", "\x80", "é", "ÿ", "\u07ff", "王", "\ud7ff", "\uffff", "😀", "\U0010ffff"]
LENGTHS = [1, 16, 21, 22, 63, 64, 65, 300]
# Several pages of each column.
EACH = 600


def write_people(folder):
    """Writes a customer file of people who all consent; those to be looked for, and all: (email, name)."""
    people = []
    for letter in LETTERS:
        for length in LENGTHS:
            prefix = letter * length
            people += [(f"{prefix}{at:03}@test.com", f"{prefix} {at // 7}") for at in range(EACH)]
    random.Random(7).shuffle(people)
    file = folder / "customer" / "landing" / "customers.json"
    file.parent.mkdir(parents=True)
    with file.open("w", encoding="utf-8") as out:
        for at, (email, name) in enumerate(people):
            record = {"customerName": name, "email": email, "serialNumber": f"s{at}", "shareWithResearchAsOfDate": 5}
            # Half of them as \u escapes.
            out.write(json.dumps(record, ensure_ascii=at % 2 == 0) + "\n")
    emails = sorted(people)
    return [emails[at] for at in range(EACH // 2, len(emails), EACH)] + [emails[0], emails[-1]], people
