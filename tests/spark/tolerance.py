"""Exports that are written oddly: what the job and the program read alike, and what not."""

CUSTOMER = '{"email":"a@test.com","serialNumber":"s1","shareWithResearchAsOfDate":5}'
STEP = '{"sensorReadingTime":9,"serialNumber":"s1","distanceFromObject":1}'


def customer(email, share="7", more=""):
    return f'{{"customerName":"N","email":{email},"serialNumber":"s1","shareWithResearchAsOfDate":{share}{more}}}'


def reading(time="9", x="0.5", more="", user='"a@test.com"'):
    return f'{{"user":{user},"timestamp":{time},"x":{x},"y":0,"z":-1.0{more}}}'


# Folder of the zone: lines of its one file.
EQUAL = {
    "customer": [
        CUSTOMER,
        customer('"b@test.com"', '"1655564444103"'),
        customer('"c@test.com"', "1.655564444103e12", ',"phone":8015551212,"birthDay":""'),
        customer('"d@test.com"', "1655564444103.0", ',"unknown":{"a":[{"b":1},{"c":"}{"}]}'),
        # Consent that cannot be read is none, and the record stays.
        customer('"e@test.com"', '"soon"'),
        customer('"f@test.com"', "null"),
        customer('"g@test.com"', '""'),
        customer('"h@test.com"', "-5"),
        customer('"\\u00e9@test.com"', "5", ',"phone":"a\\"}{\\",[b"'),
        "",
        customer("null"),
        customer('""'),
        customer('" "'),
        customer('"\\u00a0\\t"'),
        '{"customerName":"no email","serialNumber":"s1"}',
        customer('"i@test.com"', "5", ',"registrationDate":"today"'),
        customer('"j@test.com"', "5", ',"registrationDate":1.5'),
        customer('"k@test.com"', "5", ',"registrationDate":9223372036854775807'),
        customer('"l@test.com"', "5", ',"registrationDate":9223372036854775808'),
    ],
    "accelerometer": [
        reading(),
        reading('"9"', "5e-1"),
        reading("9.0", '"0.5"'),
        reading("0.9e1", "null"),
        reading("9", '""'),
        "   " + reading() + "\t",
        reading(user='"\\u00e9@test.com"'),
        reading(more=',"x":0.25'),
        reading("null"),
        reading('""'),
        reading('"nine"'),
        reading("9.5"),
        reading("1e99"),
        reading("9", "1e999"),
        reading("9", '"NaN"'),
        reading("9", "NaN"),
        reading("09"),
        reading('"09"'),
        reading('" 9"'),
        reading('"+9"'),
        reading(user="null"),
        reading().replace('"', "'"),
        reading()[:-9],
        reading(),
        "not a record",
    ],
    "step_trainer": [
        STEP,
        STEP.replace(":1}", ":2147483647}"),
        STEP.replace(":1}", ":2147483648}"),
        STEP.replace(":1}", ':"2.0"}'),
        STEP.replace(":1}", ":null}"),
        STEP.replace(":1}", ":true}"),
    ],
}

# Later records that are no rows, of a and b, and one without a date that c had before.
TAKEN_BACK = {
    "customer": [
        customer('"a@test.com"', more=',"lastUpdateDate":1'),
        customer('"b@test.com"', more=',"lastUpdateDate":1'),
        customer('"c@test.com"', more=',"lastUpdateDate":1'),
        customer('"c@test.com"'),
        customer('" A@Test.com"', "0", ',"lastUpdateDate":"soon"'),
        customer('"b@test.com"', "0")[:-20],
    ],
    "accelerometer": [reading(), reading(user='"b@test.com"'), reading(user='"c@test.com"')],
    "step_trainer": [STEP],
}

# The same among readings: the program finds records of both tables in the first of these files.
AMONG_READINGS = TAKEN_BACK | {
    "customer": TAKEN_BACK["customer"][:4],
    "accelerometer": [*TAKEN_BACK["accelerometer"], customer('"a@test.com"', "0", ',"lastUpdateDate":9')],
    "step_trainer": [STEP, STEP[:-1] + '"e_mail":"b@test.com"}'],
}


def owner(email, serial, more=""):
    return f'{{"email":"{email}","serialNumber":"{serial}","shareWithResearchAsOfDate":7{more}}}'


# Of three devices one has a single owner: of the others one is spelt in two ways, and one is named by a reject.
SHARED = {
    "customer": [
        owner("a@test.com", "s1"),
        owner("b@test.com", "s2"),
        owner("c@test.com", " s2\\u00a0"),
        owner("d@test.com", "s3"),
        owner("e@test.com", "s3 ", ',"registrationDate":"today"'),
    ],
    "accelerometer": [reading(user=f'"{name}@test.com"') for name in "abcd"],
    "step_trainer": [STEP.replace("s1", serial) for serial in ("s1", "s2", "s3")],
}

# What makes the difference, the line, its rows by the job and by the program. Each line has its own time.
DIFFERENT = [
    ("something behind a record on its line", reading("1") + " behind", 1, 1),
    ("a field spelled otherwise than in the first record", reading("2").replace("timestamp", "timeStamp"), 0, 1),
    ("true as a text", reading("3", user="true"), 1, 0),
    ("an object as a text", reading("4", user='{"a":1}'), 1, 0),
]
DIFFERENT_FILES = {
    "customer": [CUSTOMER, customer('"true"'), customer('"{\\"a\\":1}"')],
    "accelerometer": [line for _, line, _, _ in DIFFERENT],
    "step_trainer": [STEP],
}


def write(folder, files):
    for zone, lines in files.items():
        file = folder / zone / "landing" / "1.json"
        file.parent.mkdir(parents=True)
        file.write_text("".join(f"{line}\n" for line in lines))
