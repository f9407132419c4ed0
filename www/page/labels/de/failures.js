/** What to do about a file that cannot be read, by what the message says of it. @param {string} message */
function advice(message) {
  if (message.includes('can be read now'))
    return (
      'Jetzt ist sie lesbar, sie wurde also nicht geändert: Der Speicher des Browsers war knapp, oder das Laufwerk ' +
      'war unterbrochen. Führen Sie den Lauf erneut aus. Wenn auch das nicht gelingt, schließen Sie andere Tabs, ' +
      'oder kopieren Sie die Datei zuerst auf dieses Gerät.'
    );
  if (message.includes('its drive was disconnected'))
    return (
      'Sie wurde verschoben, umbenannt, geändert oder gelöscht, nachdem Sie sie gewählt haben, oder ihr Laufwerk ' +
      'wurde getrennt. Wählen Sie sie erneut aus.'
    );
  return (
    'Sie wurde geändert, verschoben oder gelöscht, nachdem Sie sie gewählt haben, oder der Zugriff wurde verweigert. ' +
    'Wählen Sie sie erneut aus. Liegt sie auf einem Netzlaufwerk oder in einem synchronisierten Ordner, kopieren Sie ' +
    'sie zuerst auf dieses Gerät.'
  );
}

/** Why a run cannot continue from a lake, by the message. @type {[part: string, words: string][]} */
const CANNOT_GO_ON = [
  [
    'it lacks tables',
    'Ihm fehlen Tabellen. Ein Forschungsexport nennt niemanden, also kann niemand neu zugelassen werden.',
  ],
  [
    'its emails are folded',
    'Seine E-Mail-Adressen sind ohne Großschreibung und Leerzeichen, wie sie geschrieben waren, ist also nicht ' +
      'bekannt: Verwenden Sie „Großschreibung und Leerzeichen ignorieren“.',
  ],
  [
    'compared as they are written',
    'Seine E-Mail-Adressen wurden verglichen, wie sie geschrieben sind: Verwenden Sie „Wie geschrieben“, oder einen ' +
      'Lauf über alle Dateien.',
  ],
  [
    'its duplicates were dropped',
    'Seine gleichen Zeilen wurden weggelassen und sind nicht bekannt: Verwenden Sie „Jeweils die erste behalten“.',
  ],
];

/** What is wrong with the reference of a request, by the message. @type {[part: string, words: string][]} */
const BAD_REFERENCE = [
  ['200 characters', 'Sie hat mehr als 200 Zeichen.'],
  ['control characters', 'Sie enthält Steuerzeichen, zum Beispiel Zeilenenden.'],
  ['an @', 'Sie enthält ein @ oder dafür ein (at): Eine E-Mail-Adresse gehört nicht hinein.'],
  ['names a person', 'Sie nennt eine Person oder ein Gerät, die gelöscht werden sollen.'],
];

/** What stops a run or another job, by its code. @type {import('../en/core.js').CoreWords['failures']} */
export const FAILURES = {
  bad_share: 'Der Anteil zum Testen muss über 0 und unter 1 liegen, zum Beispiel 0,2.',
  share_of_one:
    'Ein Anteil zum Testen braucht die Verbindung über Person und Zeit und Pseudonyme: Personen werden zugeteilt.',
  times_of_one:
    'Verschobene Zeiten brauchen die Verbindung über Person und Zeit und Pseudonyme: Alle Zeiten einer Person ' +
    'werden zusammen verschoben.',
  no_number: 'Das ist keine Zahl. Schreiben Sie zum Beispiel: >= 5',
  no_time: 'Das ist keine Zeit und keine Zahl. Schreiben Sie zum Beispiel: >= 5',
  no_customers:
    'Die Eingaben enthalten keine Kunden. Wenn ein Lauf von einem Lake aus fortfährt, kommen alle ' +
    'Kunden neu, damit über die Einwilligung aller entschieden wird.',
  other_key: 'Das ist nicht der Schlüssel dieses Lakes. Wählen Sie seine Schlüsseldatei unter Einstellungen.',
  memory:
    'Der Speicher ist aufgebraucht: Der Browser gibt diesem Tab nicht mehr. Schließen Sie andere ' +
    'Tabs, oder verwenden Sie weniger Dateien auf einmal; die Befehlszeile verträgt mehr.',
  unreadable: (message) =>
    message.startsWith('This file ended')
      ? `Diese Datei endete vor dem letzten Byte, das sie bei der Auswahl hatte. ${advice(message)}`
      : `Der Browser konnte diese Datei nicht lesen (${/\((\w+)\)/.exec(message)?.[1] ?? '–'}). ${advice(message)}`,
  no_space: (message) =>
    'Messwerte, die nicht in den Speicher passten, konnten nicht zurückgelesen werden ' +
    `(${/\((\w+)\)/.exec(message)?.[1] ?? '–'}): Wahrscheinlich hat der Browser keinen Platz mehr dafür. Schaffen ` +
    'Sie Platz auf dem Laufwerk, oder verwenden Sie weniger Dateien auf einmal.',
  // The SQL console has this code too, with the engine's own words.
  too_large: (message) => {
    const size = /^(\d+) MB of readings/.exec(message)?.[1];
    return (
      size &&
      `${size} MB an Messwerten gehören zusammen, mehr, als diese Seite auf einmal verarbeiten kann: die einer ` +
        'Person oder eines Geräts. Die Befehlszeile kann es.'
    );
  },
  too_many_pairs: (message) => {
    const pairs = /have (\d+) pairs/.exec(message)?.[1];
    const most = /planned for (\d+)/.exec(message)?.[1];
    return (
      pairs &&
      most &&
      `machine_learning_curated hätte ${pairs} oder mehr Paare von Messwerten, die zusammengehören, und der ` +
        `Speicher ist für ${most} geplant: Viele Messwerte haben dieselbe Zeit. Unter „Person und Zeit“ sind es ` +
        'die weniger Personen, sonst die aller. Suchen Sie nach Messwerten, die mehrfach oder ohne ihre Zeit ' +
        'exportiert wurden.'
    );
  },
  too_many_rows: (message) => {
    const table = /^(\w+) has more rows/.exec(message)?.[1];
    return table && `${table} hat mehr Zeilen, als eine Instanz des Kerns aufnehmen kann.`;
  },
  no_landing: (message) => {
    const table = /^The files of (\w+)/.exec(message)?.[1];
    return table && `Die Dateien von ${table} sind nicht hier: Ein gespeicherter Lake hat keine Landing-Dateien.`;
  },
  empty_key: 'Der Schlüssel der Pseudonyme ist leer.',
  no_entry: 'Die Liste der Widerrufe hat keinen Eintrag.',
  nobody_listed:
    'Nichts wird geändert: Kein Eintrag der Liste ist in diesem Lake, deshalb behalten alle ihr Pseudonym.',
  lacks_tables: 'Dem Lake fehlen Tabellen, deshalb ist nicht bekannt, wessen Zeilen es sind.',
  zstd: 'Seine Tabellen sind mit zstd gepackt, was diese Seite nicht schreibt. Die Befehlszeile kann es.',
  not_a_report: 'Das ist kein Bericht von STEDI Lakehouse, oder keiner, den diese Version lesen kann.',
  not_a_lake: (message) => {
    const changed = /^(.+) is not what the report of the lake says\./.exec(message)?.[1];
    if (changed) return `${changed} ist nicht, was der Bericht des Lakes sagt. „Diesen Lake prüfen“ sagt mehr.`;
    const missing = /^(.+) is not there$/.exec(message)?.[1];
    return missing ? `${missing} fehlt.` : 'Das ist kein Lake von STEDI Lakehouse, oder er ist beschädigt.';
  },
  cannot_go_on: (message) => {
    const why = CANNOT_GO_ON.find(([part]) => message.includes(part))?.[1];
    return why && `Von diesem Lake aus kann kein Lauf fortfahren. ${why}`;
  },
  bad_reference: (message) => {
    const why = BAD_REFERENCE.find(([part]) => message.includes(part))?.[1];
    return why && `Die Angabe zum Antrag kann nicht aufbewahrt werden. ${why}`;
  },
  still_found: (message) => {
    const places = /would still be found in (.+), as part of a value/.exec(message)?.[1];
    return (
      places &&
      `Nichts wird gelöscht: Jemand aus der Liste wäre noch zu finden in ${places}, als Teil eines Werts in ` +
        'der Zeile von jemandem, der bleibt. Nehmen Sie auch diese Person in die Liste auf, oder lassen Sie den ' +
        'Lake, wie er ist.'
    );
  },
  panic:
    'Der Kern ist stehen geblieben: Er hat einen Fehler, oder der Speicher ist aufgebraucht. Die ' +
    'Konsole des Browsers kann mehr sagen.',
};
