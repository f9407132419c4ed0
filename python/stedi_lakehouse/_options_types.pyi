# made by src/cli/keywords.rs; STEDI_BLESS=1 cargo test --lib bindings writes it.
from os import PathLike
from typing import Literal, TypedDict

class RunOptions(TypedDict, total=False):
    """The options of a run, by the names that the command line has."""

    from_: str | PathLike[str]
    """Go on from a lake: it stands in for the readings that it was made of, and they are admitted again. PATH then holds all customers, and the new readings. LAKE may be the lake in --out. One in an object store is copied to a temporary folder first, for verify, history and report too."""

    new_key: bool
    """Go on from a lake under another key than its own: everyone gets another pseudonym."""

    config: str | PathLike[str]
    """Read options from a TOML file: one `name = value` per line, by their long names. Paths in it are relative to its folder. It may name the files of a key and of withdrawals, not hold them."""

    export: Literal["lake", "research"]
    """What is written: the whole lake, whose trusted tables identify people, or for research machine_learning_curated, its report and its Croissant description only."""

    format: Literal["parquet", "delta"]
    """How the tables of the lake lie in their folders: as Parquet, or as Delta Lake has them, with a log of their versions in each folder. Under --from a new version is added unless somebody or something left the lake."""

    test_share: float
    """Deal this share of the subjects of a research export to a test split, by the key: above 0 and below 1, such as 0.2. The same key deals everyone as before, however many people are added."""

    with_landing: bool
    """Copy the landing files into the lake too, as they are: raw data of everyone; not those in a zip."""

    compression: Literal["snappy", "gzip", "zstd"]
    """How the Parquet files are compressed."""

    consent: Literal["ever", "as-of", "as-of-phone"]
    """From when on a person's readings may be used: ever, or as of the consent date."""

    records: Literal["any", "latest"]
    """Which customer records count: any consenting one, or only each email's latest."""

    emails: Literal["exact", "folded"]
    """Whether emails that differ by case and blanks alone are one person's."""

    shared_serials: Literal["keep", "drop"]
    """Step readings of a serial number that several emails share."""

    duplicates: Literal["keep", "drop"]
    """Rows of trusted tables that are equal in every column, as overlapping exports have them."""

    join: Literal["owner", "time"]
    """Pair readings by owner and time, or, as the original course, by time only (mixes people)."""

    identity: Literal["pseudonym", "serial"]
    """What names a subject: a keyed pseudonym, or the serial number."""

    times: Literal["exact", "shifted", "relative"]
    """Times in machine_learning_curated: as measured, moved, or from each subject's first row."""

    one_per_instant: Literal["off", "on"] | bool
    """Keep one row for each subject and time in machine_learning_curated."""

    key_file: str | PathLike[str]
    """Key of the pseudonyms; without it each run has a random key."""

    save_key: str | PathLike[str]
    """Save the random key in a new file that only you can read. Erasing people later, adding files and linking other runs need it."""

    license: str
    """Licence that the Croissant description names: an address or an SPDX name."""

    creator: str
    """Organisation that the Croissant description names as the creator."""

    url: str
    """Address of the dataset's page, for the Croissant description."""

    all_zones: bool
    """Read files in folders named trusted or curated too, when there are landing files."""

    strict: bool
    """Fail, and write nothing, when a record is rejected, a file refused, a kind of input missing, a withdrawal matches nothing, or the run is incomplete."""

    allow_missing: bool
    """Replace a lake even if there are no customers, no accelerometer or no step trainer readings."""

    require: str
    """Fail, and write nothing, unless machine_learning_curated keeps these limits, as in rate>=20,subjects>=30. What can be limited: rate (Hz in the median subject), subjects (subjects), rows (rows), span (seconds from the first row to the last in the median subject), gaps (subjects with gaps), repeated (rows at an instant that an earlier row of their subject has), constant (subjects with a measure that never changes), coarse (subjects with at most four distinct values an axis), out_of_range (values out of range)."""
