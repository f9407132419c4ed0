const NEVER_SAVED = 'Nicht gespeichert: Die Zeilen werden gelesen und gezählt.';

/** @type {typeof import('../en/rules.js').RULES} */
export const RULES = {
  tables: {
    customer_landing: { rule: 'Jeder gültige Kundendatensatz, den Sie ablegen.', note: NEVER_SAVED },
    accelerometer_landing: { rule: 'Jeder gültige Messwert der Telefon-App: user, time, x, y, z.', note: NEVER_SAVED },
    step_trainer_landing: {
      rule: 'Jeder gültige Messwert des Step-Trainers: Seriennummer, Zeit, Abstand.',
      note: NEVER_SAVED,
    },
    customer_trusted: {
      rule: 'Kunden, die in die Forschung eingewilligt haben.',
      note: 'Enthält Namen, E-Mail-Adressen und Telefonnummern.',
    },
    accelerometer_trusted: {
      rule: 'Messwerte des Telefons, deren user die E-Mail-Adresse einer Zeile von customer_trusted ist.',
      note: 'Enthält E-Mail-Adressen.',
    },
    step_trainer_trusted: {
      rule: 'Messwerte des Step-Trainers, deren Seriennummer die einer Zeile von customer_curated ist.',
      note: 'Enthält Seriennummern.',
    },
    customer_curated: {
      rule: 'Kunden aus customer_trusted mit Messwerten des Telefons.',
      note: 'Enthält Namen, E-Mail-Adressen und Telefonnummern.',
    },
    machine_learning_curated: {
      rule:
        'Eine Zeile für jedes Paar aus einem Messwert des Step-Trainers und einem des Telefons zur selben Zeit, ' +
        'und von derselben Person, sofern die Einstellungen nichts anderes sagen: die Tabelle für die Forschung.',
      note: 'Enthält keine Namen und keine E-Mail-Adressen: subject, sensorreadingtime, distancefromobject, x, y, z.',
    },
  },
  zones: {
    landing: 'Gelesen und gezählt, nicht gespeichert.',
    trusted: 'Zeilen mit Einwilligung.',
    curated: 'Verbundene Sensordaten.',
  },
  passes: {
    customer_trusted: 'willigt in Forschung ein',
    accelerometer_trusted: 'user ist in customer_trusted',
    step_trainer_trusted: 'Gerät aus customer_curated',
    customer_curated: 'hat Telefon-Messwerte',
    machine_learning_curated: 'dieselbe Person, dieselbe Zeit',
  },
  passesByTime: 'dieselbe Zeit, jede Person',
  states: {
    idle: '',
    running: 'Läuft',
    done: 'Fertig',
    warned: 'Fertig mit Warnungen',
    incomplete: 'Unvollständig',
    outdated: 'Veraltet',
    opened: 'Gespeicherter Lake',
    failed: 'Fehlgeschlagen',
    cancelled: 'Abgebrochen',
  },
  phases: {
    sample: 'Beispieldaten werden erzeugt',
    scanning: 'Dateien werden geprüft',
    customers: 'Kunden werden gelesen',
    readings: 'Sensoren werden gelesen',
    curating: 'Verbinden, Sortieren und Schreiben als Parquet',
  },
  inputStatus: {
    used: 'verwendet',
    refused: 'abgelehnt',
    skipped: 'übersprungen',
    left_out: 'ausgelassen',
    duplicate: 'doppelt',
    lake: 'aus dem Lake',
    in_lake: 'im Lake',
  },
  choices: {
    consent: {
      label: 'Zeitpunkt der Einwilligung',
      values: {
        ever: {
          label: 'Jemals eingewilligt',
          hint: 'Alle Messwerte von Personen, die eingewilligt haben, werden verwendet, auch frühere.',
        },
        'as-of': {
          label: 'Alle Messwerte ab dem Einwilligungsdatum',
          hint:
            'Von keinem der Sensoren wird ein Messwert von vor dem Einwilligungsdatum der Person verwendet. Strenger ' +
            'als die Zusatzaufgabe des ursprünglichen Kurses.',
        },
        'as-of-phone': {
          label: 'Messwerte des Telefons ab dem Einwilligungsdatum',
          hint:
            'Wie in der Zusatzaufgabe des ursprünglichen Kurses: Für Messwerte des Step-Trainers gilt das ' +
            'Datum nicht. Nur, um dessen Anzahlen zu reproduzieren.',
        },
      },
    },
    records: {
      label: 'Mehrere Datensätze einer Person',
      values: {
        any: {
          label: 'Jeder Datensatz kann einwilligen',
          hint: 'Ein einwilligender Datensatz einer E-Mail-Adresse genügt.',
        },
        latest: {
          label: 'Der neueste Datensatz entscheidet',
          hint:
            'Nur der neueste Datensatz einer E-Mail-Adresse zählt. Eine widerrufene Einwilligung bleibt ' +
            'widerrufen.',
        },
      },
    },
    emails: {
      label: 'E-Mail-Adressen',
      values: {
        exact: { label: 'Wie geschrieben', hint: 'Ann@example.org und ann@example.org sind zwei Personen.' },
        folded: {
          label: 'Großschreibung und Leerzeichen ignorieren',
          hint: 'In Kleinbuchstaben und ohne Leerzeichen am Rand verglichen und geschrieben.',
        },
      },
    },
    'shared-serials': {
      label: 'Geräte, die sich mehrere Personen teilen',
      values: {
        keep: {
          label: 'Behalten, mit Warnung',
          hint:
            'Messwerte des Step-Trainers, zu deren Seriennummer mehrere E-Mail-Adressen gehören, werden mit ' +
            'einer Warnung behalten.',
        },
        drop: {
          label: 'Ausschließen',
          hint:
            'Messwerte des Step-Trainers, die nicht einer einzigen Person zugeordnet werden können, werden ' +
            'ausgeschlossen.',
        },
      },
    },
    duplicates: {
      label: 'Gleiche Zeilen',
      values: {
        keep: {
          label: 'Behalten, mit Warnung',
          hint: 'Überlappende Exporte enthalten Zeilen doppelt, was Paare vervielfacht.',
        },
        drop: {
          label: 'Jeweils die erste behalten',
          hint: 'Trusted-Zeilen, die in jeder Spalte gleich sind, zählen einmal.',
        },
      },
    },
    join: {
      label: 'Sensoren werden verbunden über',
      values: {
        owner: {
          label: 'Person und Zeit',
          hint: 'Verbindet zwei Messwerte derselben Person zur selben Zeit.',
        },
        time: {
          label: 'Nur Zeit',
          hint:
            'Wie im ursprünglichen Kurs: verbindet Messwerte verschiedener Personen. Nur, um dessen Anzahlen ' +
            'zu reproduzieren.',
        },
      },
    },
    identity: {
      label: 'Personen in der Forschungstabelle',
      values: {
        pseudonym: {
          label: 'Pseudonym',
          hint:
            'Ein Hashwert mit Schlüssel ersetzt jede Person. Wer den Schlüssel und die E-Mail-Adressen hat, ' +
            'kann ihn der Person zuordnen.',
        },
        serial: {
          label: 'Seriennummer',
          hint:
            'Wie im Original: Die Tabelle enthält die Seriennummer des Geräts, die seine Besitzerin oder ' +
            'seinen Besitzer identifiziert.',
        },
      },
    },
    times: {
      label: 'Zeiten in der Forschungstabelle',
      values: {
        exact: {
          label: 'Wie gemessen',
          hint: 'Wer weiß, wann eine Person gemessen wurde, kann ihre Zeilen finden.',
        },
        shifted: {
          label: 'Um ganze Wochen früher',
          hint:
            'Alle Zeiten einer Person liegen 1 bis 520 Wochen früher; wie viele, folgt aus dem Schlüssel. Wochentag, ' +
            'Stunde (UTC) und Abstände bleiben. Das verhindert eine Verknüpfung über Zeitpunkte, nicht über den Gang.',
        },
        relative: {
          label: 'Seit der ersten Zeile',
          hint:
            'Millisekunden seit der ersten Zeile der Person: Nur Abstände bleiben. Das verhindert eine Verknüpfung ' +
            'über Zeitpunkte, nicht über den Gang.',
        },
      },
    },
    'one-per-instant': {
      label: 'Zeilen je Person und Zeit',
      values: {
        off: {
          label: 'Alle Paare',
          hint:
            'Wo ein Sensor mehrere Messwerte einer Zeit hat, wird jeder mit jedem des anderen verbunden, wie im ' +
            'Original.',
        },
        on: {
          label: 'Eine',
          hint:
            'Nur das erste Paar einer Person und Zeit bleibt, in der Reihenfolge der Tabelle. Die anderen werden ' +
            'gezählt.',
        },
      },
    },
    key: {
      label: 'Schlüssel der Pseudonyme',
      values: {
        random: {
          label: 'Zufällig, für diese Dateien',
          hint:
            'Jeder Lauf derselben Dateien verwendet einen Schlüssel; neue Dateien bekommen einen neuen. ' +
            'Läufe verschiedener Dateien lassen sich nicht verknüpfen, außer Sie speichern den Schlüssel und ' +
            'geben ihn dem nächsten Lauf.',
        },
        file: {
          label: 'Aus einer Schlüsseldatei',
          hint: 'Derselbe Schlüssel gibt derselben Person dasselbe Pseudonym, Läufe werden also absichtlich verknüpft.',
        },
      },
    },
    compression: {
      label: 'Kompression der Parquet-Dateien',
      values: {
        snappy: { label: 'Snappy', hint: 'Schnell, und jedes Programm, das Parquet liest, kann es lesen.' },
        gzip: {
          label: 'Gzip',
          hint: 'Kleinere Dateien, langsamer zu schreiben. Die Befehlszeile hat auch zstd.',
        },
      },
    },
  },
  serials: 'Die Seriennummern darin identifizieren Personen: Jede führt zur Person, der ein Gerät gehört.',
  presets: { original: 'Wie im ursprünglichen Kurs', strictest: 'Am strengsten' },
  directives: {
    'default-src':
      'Alles, was unten nicht genannt ist, wird abgelehnt: Schriften, Videos, Vorabladen und alles ' + 'Übrige.',
    'script-src':
      'Nur die Skripte in dieser Datei laufen; jedes ist durch seinen Hashwert bestimmt, also kann ' +
      'keines verändert werden. Der Kern, der WebAssembly ist, darf kompiliert werden. Text wird nie ' +
      'als Code ausgeführt.',
    'style-src': 'Nur das Stylesheet in dieser Datei.',
    'worker-src': 'Worker entstehen aus dem Code dieser Datei, und in ihnen gilt dieselbe Richtlinie.',
    'img-src': 'Nur Bilder in dieser Datei.',
    'connect-src':
      'Kein fetch, XMLHttpRequest, WebSocket, EventSource, WebTransport, Beacon oder Ping, wohin auch ' + 'immer.',
    'form-action': 'Kein Formular kann abgesendet werden.',
    'base-uri': 'Nichts kann ändern, wohin relative Adressen führen.',
    'frame-src': 'Keine andere Seite kann in diese geladen werden.',
    'object-src': 'Keine Plug-ins.',
    'require-trusted-types-for':
      'Kein Text wird zu einem Element oder Skript: Der Browser verweigert innerHTML und Ähnliches, ' +
      'sofern er diese Direktive kennt.',
    'trusted-types': 'Eine Ausnahme: Adressen von Workern, die aus dem Code dieser Datei entstehen.',
  },
  refusedBy: {
    policy: 'Richtlinie:',
    script: 'erstes Skript',
    browser: 'Browser, für jede Seite',
    absent: 'gibt es dort nicht',
    untried: 'nicht versucht: Dieser Browser kann es nicht ablehnen',
    unsaid: 'fehlgeschlagen, der Browser nennt keinen Grund',
    nobody: 'NICHT ABGELEHNT',
  },
  within: (label) => label,
};
