"""What is kept of the request for an erasure: its date or the number of a case. Nobody's name belongs in it
(src/lake/reference.rs)."""

import re

from people_names import composed, trimmed

# The most characters; docs/erasure.schema.json says the same.
MOST = 200
# Shorter names, in bytes, are parts of many words.
LEAST_PART = 6
# What ends a line, moves the cursor of a terminal or turns the text around it.
STEERS = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069\\ufeff]")
# An @, also a full-width or small one, or `at` in brackets.
AT = re.compile(r"[@\uff20\ufe6b]|[(\[{<]\s*at\s*[)\]}>]", re.IGNORECASE)
NAMES_SOMEBODY = "names a person or device that is to be erased"
# What stands in the place of a reference that names somebody who was erased later.
REPLACED = "erased name"


def problem_of(text, names):
    """Why a reference cannot be kept where these people and devices are erased; None if it can. It never says what the
    reference says."""
    if len(text) > MOST:
        return f"has more than {MOST} characters"
    if STEERS.search(text):
        return "has control characters, such as line ends"
    if AT.search(text):
        return "has an @, or (at) for it: no email belongs there"
    return NAMES_SOMEBODY if is_named(text, names) else None


def is_named(text, names):
    """Whether a text names one of these people or devices, in any case; a short name as a word of its own."""
    text = composed(text)

    def is_there(name):
        if len(name.encode()) >= LEAST_PART:
            return name in text
        return re.search(rf"(?<![^\W_]){re.escape(name)}(?![^\W_])", text)

    return any(is_there(name) for name in (composed(trimmed(name)) for name in names) if name)
