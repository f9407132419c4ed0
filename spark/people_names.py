"""Emails and serial numbers: how they are compared, what they are called under a key, and lists of them."""

import hashlib
import hmac
import re
import sys
import unicodedata

from landing_fields import BLANKS

# Columns of a list of withdrawals that are read.
LISTED = "email emails emailaddress mail user serial serialno serialnumber serialnumbers serials".split()
DELIMITERS = ",;\t"
# Quotes and brackets around an address.
AROUND = "\"'“”„‘’‚«»()[]"
ADDRESS = re.compile(r'[^@<>"\s]+@[^@<>"\s]+')


def trimmed(text):
    return text.strip(BLANKS)


def folded(email):
    """An email as it is compared: without blanks at its ends, in Unicode's default lower case."""
    return trimmed(email).lower()


def composed(text):
    """A text as it is searched: in lower case, each letter and its marks as one, which macOS takes apart in names of
    files."""
    return unicodedata.normalize("NFC", text.lower())


def field_name(name):
    return "".join(letter for letter in name.lower() if letter not in BLANKS + "_-")


def keyed_hash(key, *texts):
    return hmac.new(key, b"".join(texts), hashlib.sha256)


def pseudonym(key, email):
    """HMAC-SHA-256 of an email under the key, cut to 128 bits, in hex."""
    return keyed_hash(key, email.encode()).hexdigest()[:32]


def time_offset(key, email):
    """By how many milliseconds a person's times are earlier under times = shifted: 1 to 520 weeks."""
    number = int.from_bytes(keyed_hash(key, b"time\0", email.encode()).digest()[:8], "big")
    return (1 + number % 520) * 7 * 24 * 60 * 60 * 1000


def key_check(key):
    """What tells two keys apart and gives neither away."""
    return keyed_hash(key, b"stedi-lakehouse key check").hexdigest()[:8]


def commitment(key, entries):
    """By which who has the key and the list can show that this list was erased."""
    lines = sorted({folded(entry).encode() for entry in entries})
    return keyed_hash(key, *(line + b"\n" for line in lines)).hexdigest()


def text_of(content):
    """The text of a list: UTF-8, or UTF-16 with a byte order mark, as spreadsheets save it."""
    utf_16 = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    try:
        return content.decode("utf-16" if utf_16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        sys.exit(f"The list of withdrawals is not UTF-8 (byte {error.start}): save it as UTF-8 and try again.")


def withdrawals(text):
    """The entries of a list and their lines, as src/withdrawals.rs reads them."""
    text = text.lstrip("\ufeff")
    rows = list(csv_rows(text, DELIMITERS))
    for delimiter in DELIMITERS:
        filled = [(line, row) for line, row in csv_rows(text, delimiter) if any(map(trimmed, row))]
        wanted = [at for at, name in enumerate(filled[0][1]) if field_name(name) in LISTED] if filled else []
        if wanted:
            # A row that is too short may hide whom it is about: all of it counts.
            rows = [(line, [row[at] for at in wanted] if len(row) > wanted[-1] else row) for line, row in filled[1:]]
            break
    for line, row in rows:
        # No entry holds a line end: a quote was not closed.
        for text in re.split(r"[\r\n]", "\n".join(row)):
            for entry in named(text):
                yield line, entry


def named(text):
    """Whom a text names, as src/withdrawals.rs reads it: the addresses in it, else all of it."""
    text = trimmed(trimmed(text).strip('"'))
    found = []
    for part in re.split("[,;]", text):
        if "<" in part:
            inside = [address(one) for one in re.findall("<([^>]*)>", part)]
            beside = re.sub("<[^>]*>", "\n", part)
            others = [address(word) for word in beside.split() if "@" in word]
            # Another address beside one in angle brackets: which of the two is meant is not clear.
            known = {folded(one) for one in inside if one}
            is_clear = "<" not in beside and all(one and folded(one) in known for one in others)
            found += inside if is_clear else [None]
        elif "@" in part or "<" not in text:
            found += map(address, part.split())
    if None in found:
        return [text] if text else []
    return found


def address(text):
    """The address that a text is, without what is put around one; None if it is none."""
    text = trimmed(trimmed(text).strip(AROUND))
    if text[:7].lower() == "mailto:":
        text = text[7:].split("?")[0]
    return text if ADDRESS.fullmatch(text) else None


def csv_rows(text, delimiters):
    """The rows of a CSV and the lines that they start on; a quote that nothing closes is passed over."""
    plain = f"[^{delimiters}\r\n]*"
    blanks = f"[^\\S{delimiters}\r\n]*"
    field = re.compile(f'{blanks}"((?:[^"]|"")*)"(?!")({plain})|{blanks}"({plain})|({plain})')
    at, line, start, row = 0, 1, 1, []
    while at < len(text):
        found = field.match(text, at)
        quoted, behind, *others = found.groups("")
        row.append(quoted.replace('""', '"') + behind + "".join(others))
        line += len(re.findall(r"\r\n|\r|\n", found[0]))
        at = found.end()
        if text[at : at + 1] and text[at] in delimiters:
            at += 1
            continue
        yield start, row
        at += 2 if text.startswith("\r\n", at) else 1
        line += 1
        start, row = line, []
    if row:
        yield start, row
