/** @type {typeof import('../en/run.js').RUN} */
export const RUN = {
  nouns: {
    row: { one: 'Zeile', other: 'Zeilen' },
    file: { one: 'Datei', other: 'Dateien' },
    moreInput: { one: 'weitere Eingabe', other: 'weitere Eingaben' },
    table: { one: 'Tabelle', other: 'Tabellen' },
    option: { one: 'Einstellung', other: 'Einstellungen' },
    input: { one: 'Eingabe', other: 'Eingaben' },
    record: { one: 'Datensatz', other: 'Datensätze' },
    person: { one: 'Person', other: 'Personen' },
    customerRecord: { one: 'Kunden\u00addatensatz', other: 'Kunden\u00addatensätzen' },
    time: { one: 'Zeitangabe', other: 'Zeitangaben' },
    occurrence: { one: 'Mal', other: 'Mal' },
    duplicate: { one: 'Duplikat', other: 'Duplikate' },
    withdrawal: { one: 'Widerruf', other: 'Widerrufen' },
    field: { one: 'Feld', other: 'Felder' },
    attempt: { one: 'Versuch', other: 'Versuche' },
    way: { one: 'Weg', other: 'Wege' },
    column: { one: 'Spalte', other: 'Spalten' },
    point: { one: 'Punkt', other: 'Punkte' },
    subject: { one: 'Testperson', other: 'Testpersonen' },
    byte: { one: 'Byte', other: 'Byte' },
    difference: { one: 'Unterschied', other: 'Unterschiede' },
    entry: { one: 'Eintrag', other: 'Einträge' },
  },
  input: {
    timesOfOne:
      'Verschobene Zeiten brauchen „Person und Zeit“ und „Pseudonym“: Alle Zeiten einer Person werden zusammen ' +
      'verschoben. Wählen Sie beides, oder Zeiten wie gemessen.',
    noKey: 'Wählen Sie zuerst die Schlüsseldatei aus, oder verwenden Sie einen zufälligen Schlüssel.',
    keyTooLarge: (file) => `${file} ist zu groß für eine Schlüsseldatei.`,
    keyEmpty: (file) => `${file} ist leer. Wählen Sie eine andere Schlüsseldatei.`,
    keyShort: (file, bytes) =>
      `Der Schlüssel in ${file} hat nur ${bytes}. Ein so kurzer Schlüssel lässt sich erraten, und dann ` +
      'führen die Pseudonyme zu Personen zurück.',
    keyFailed: (file, why) => `Die Schlüsseldatei ${file}: ${why}`,
    keyFileEmpty: (file) => `Die Schlüsseldatei ${file} ist leer.`,
    reading: (file) => `${file} wird noch gelesen. Danach beginnt der Lauf.`,
    listTooLarge: (file) =>
      `${file} ist zu groß für eine Liste von Widerrufen. Wählen Sie eine andere Datei, oder entfernen Sie diese.`,
    notUtf8: 'ist nicht UTF-8. Speichern Sie die Datei als UTF-8, und wählen Sie sie erneut aus',
    unreadable: 'kann nicht gelesen werden. Wählen Sie die Datei erneut aus',
    listEntries: (file, entries) => `${file}: ${entries}.`,
    listEmpty: (file) =>
      `${file} hat keine Einträge, schließt also niemanden aus. Nennt die erste Zeile die Spalte der ` +
      'E-Mail-Adressen oder Seriennummern?',
    listProblem: (file, why) => `${file} ${why}, oder entfernen Sie sie.`,
  },
  settings: {
    withWithdrawals: (settings) => `${settings} · mit Widerrufen`,
    copied: 'Kopiert. Ersetzen Sie „export“ durch den Pfad Ihrer Dateien und „lake“ durch den Zielordner.',
    notCopied: 'Der Browser hat dieser Seite das Kopieren nicht erlaubt: Markieren und kopieren Sie den Befehl selbst.',
    useConfig: (config) => `Verwenden Sie die Datei mit --config ${config}. Pfade darin sind relativ zu ihrem Ordner.`,
    addKey: 'Für dieselben Pseudonyme speichern Sie den Schlüssel dieses Laufs, und ergänzen Sie --key-file DATEI.',
    addTyped: (file) => `Ergänzen Sie die eingetippten Widerrufe in ${file}.`,
    saveTyped: (file) => `Speichern Sie die eingetippten Widerrufe als ${file}.`,
    withdrawals: 'Widerrufe',
    withdrawalsFile: 'Datei mit Widerrufen',
    allZones: 'Ordner trusted und curated',
    allZonesRead: 'Ordner trusted und curated: auch gelesen',
    unknownOne: (asked) => `Die Adresse verlangt ${asked}. Diese Seite kennt diese Angabe nicht und lässt sie weg.`,
    unknownMany: (asked) => `Die Adresse verlangt ${asked}. Diese Seite kennt diese Angaben nicht und lässt sie weg.`,
    and: ' und ',
    defaults: 'Standard',
  },
  run: {
    ofFiles: (done, files) => `${done} von ${files}`,
    andFiles: (files) => `und weitere ${files}`,
    ofBytes: (done, all) => `${done} von ${all}`,
    left: (time) => `noch etwa ${time}`,
    summary: (records, inputs, took) => `${records} Datensätze aus ${inputs}${took}.`,
    incomplete: 'Dieser Lauf ist unvollständig.',
    rejected: (records) => `${records} abgewiesen`,
    refused: (inputs) => `${inputs} abgelehnt`,
    leftOut: (inputs) => `${inputs} ausgelassen`,
    madeWith: (withdrawals) =>
      `Er entstand mit einer Liste von ${withdrawals}. Die Liste selbst ist nicht gespeichert, deshalb ` +
      'zeigen die Einstellungen sie nicht.',
    nearestField: 'Das ähnlichste ignorierte Feld: ',
    range: (from, to) => `${from} bis ${to}`,
    phoneTimes: (range) => `Beschleunigungssensor: ${range}`,
    stepTimes: (range) => `Step-Trainer: ${range}`,
    lineOfFile: (line) => ` (Zeile ${line} der Datei)`,
    andMore: (count) => `und ${count} weitere`,
    sameBytes: (file) => `Derselbe Inhalt wie ${file}, der einmal verwendet wird.`,
    inLake: 'Die Messwerte sind schon im Lake.',
    rejectedWhy: (count, why) => `${count} abgewiesen${why}`,
    dates: (times) => `${times} als Datum geschrieben`,
    twice: (fields) => `${fields} doppelt in einem Datensatz, das letzte zählt`,
    notClosed: 'das Array endet nicht, die Datei könnte also abgeschnitten sein',
    noFiles:
      'Unter dem Abgelegten war keine Datei, oder dieser Browser gibt abgelegte Dateien nicht an eine ' +
      'Seite weiter. Verwenden Sie „Dateien wählen“ oder „Ordner wählen“.',
    underWay: 'Ein Lauf ist im Gange. Brechen Sie ihn zuerst ab, oder warten Sie auf sein Ende.',
    nothingUsed: 'Keine Eingabe konnte verwendet werden. Jede ist unten mit dem Grund genannt.',
    opened: (summary, withdrawals) =>
      `Ein Lake von einem früheren Besuch, wie er gespeichert wurde. ${summary} ${withdrawals}`,
    failed: (file, message) => `${file}: ${message} Von diesem Lauf wurde nichts gespeichert.`,
    cancelled: 'Abgebrochen. Nichts wurde gespeichert.',
    changed: (names) => `Geändert: ${names}.`,
  },
  stale: {
    running: 'Dieser Lauf verwendet noch die Einstellungen von seinem Start.',
    following: 'Ihre neuen Einstellungen werden angewendet. Bis dahin ist das Speichern gesperrt.',
    files:
      'Die Ergebnisse verwenden Ihre neuen Einstellungen nicht. Das Speichern ist gesperrt, bis Sie den ' +
      'Lauf erneut ausführen oder die Änderungen zurücknehmen.',
    savedLake:
      'Dieser Lake wurde mit anderen Einstellungen gespeichert und kann ohne seine Dateien nicht ' +
      'erneut ausgeführt werden. Das Speichern ist gesperrt. Legen Sie die Dateien noch einmal ab, ' +
      'oder nehmen Sie die Änderungen zurück.',
  },
  verdict: {
    nobody: 'Niemand ist in der Forschungstabelle',
    people: (people) => `${people} in der Forschungstabelle`,
    andOut: (within, out) => `${within}, ${out} ausgeschlossen`,
    incomplete: (people) => `Unvollständig: ${people}`,
    research: 'Forschungstabelle',
    consent: 'Einwilligung',
    of: (part, whole) => `${part} von ${whole}`,
    out: 'Durch Regeln ausgeschlossen',
    nothing: 'nichts',
    withdrawals: 'Widerrufe',
    matched: (matched, given) => `${matched} von ${given} zugeordnet`,
    rejected: 'Abgewiesen',
    inputs: 'Eingaben',
    settings: 'Einstellungen',
  },
  pipeline: {
    rejected: ' abgewiesen',
    of: (rows) => `von ${rows}`,
    byRules: (rules) => `ausgeschlossen durch ${rules} Regeln`,
    show: 'Anzeigen',
    leads: (what, place) => `${what}. ${place}`,
    places: {
      rows: 'Zeigt die Zeilen',
      inputs: 'Zeigt die Eingaben',
      rejects: 'Zeigt die abgewiesenen Datensätze',
      'table-rejects': 'Zeigt die abgewiesenen Datensätze',
      sql: 'Zeigt die Regel als SQL',
    },
    phoneIn: 'Eingang: Messwerte des Telefons',
    rowsIn: 'Eingang: Zeilen',
    phoneMatched: 'Messwerte des Telefons mit passendem Messwert des Step-Trainers',
    stepsIn: 'Eingang: Messwerte des Step-Trainers',
    rowsOut: 'Ausgang: Zeilen',
    pairsLeftOut: 'Paare weggelassen: ein anderes derselben Person und Zeit bleibt',
    mixedPairs: 'Paare zweier verschiedener Personen',
    duplicates: 'davon genaue Duplikate',
    row: 'Zeile',
    rows: 'Zeilen',
  },
  rejects: {
    theRun: 'Lauf',
    save: 'Abgewiesene Datensätze speichern',
    of: (of) => `Abgewiesene Datensätze: ${of}`,
    file: 'Datei',
    line: 'Zeile',
    byte: 'Byte',
    field: 'Feld',
    reason: 'Grund',
    text: 'Text ',
    first: (listed, all) => `${listed} von ${all}.`,
    holds: (first, bytes) => `Die Datei enthält rohen Text: ${first}von jedem die ersten ${bytes} Byte.`,
    firstRecords: (records) => `${records} der Datensätze, `,
    covers: (bytes) => `umfasst ${bytes}`,
  },
  save: {
    changed: 'Die Einstellungen wurden inzwischen geändert.',
    research: 'Für die Forschung',
    researchNote:
      'machine_learning_curated mit Bericht, Datenblatt (Data Card), Croissant-Beschreibung und Datenvertrag. ' +
      'Enthält keine Namen und keine E-Mail-Adressen, ist aber nicht anonym.',
    lake: 'Der ganze Lake',
    lakeNote:
      'Alle fünf Tabellen in den Ordnern von S3, mit der DDL für Athena, den Regeln als SQL, dem ' +
      'Spark-Job, Bericht, Herkunft (Lineage) und Croissant. Die Trusted-Tabellen und customer_curated ' +
      'identifizieren Personen.',
    notWritten: (why) => `Nicht geschrieben: ${why}`,
    packing: (bytes) => `${bytes} werden gepackt.`,
    packed: (done, all) => `Packen: ${done} von ${all}.`,
    writing: (done, files) => `Schreiben: ${done} von ${files}.`,
    written: (files, folder) => `${files} nach ${folder}/ geschrieben.`,
    stopped: 'Abgebrochen: Die Einstellungen wurden geändert.',
    saveFile: (name) => `${name}.parquet speichern`,
    reportNote: 'Einstellungen, Anzahlen nach Regel und Grund und der SHA-256 jeder Eingabe und Ausgabe.',
    lineageNote: 'Der Lauf als OpenLineage-Ereignis: welche Spalte woher kommt.',
    croissantNote: 'Beschreibt machine_learning_curated für Werkzeuge des maschinellen Lernens.',
    saveDocument: (name) => `${name}.json speichern`,
    hashing: (bytes) => `Hashwerte der Eingaben werden berechnet: ${bytes}. Danach wird der Bericht angeboten.`,
    noHashes: (why) => `Die Hashwerte der Eingaben konnten nicht berechnet werden, deshalb kein Bericht: ${why}`,
    moreInputs: (inputs) => ` und ${inputs}`,
    changedInputs: (names, more, these) =>
      `Nach dem Lesen geändert: ${names}${more}. Die Tabellen enthalten, was gelesen wurde. Der ` +
      `Bericht hat keinen SHA-256 ${these}. Führen Sie den Lauf erneut aus, um den neuen Inhalt zu verwenden.`,
    thisInput: 'dieser Eingabe',
    theseInputs: 'dieser Eingaben',
    notEmpty: (folder, names, more) =>
      `Der Ordner ${folder} ist nicht leer, er enthält ${names}${more}. Wählen Sie einen leeren ` +
      'Ordner, oder legen Sie einen an.',
    andMore: ' und mehr',
    unfinished: (file, folder, why) =>
      `${file} konnte nicht fertig geschrieben werden, der Inhalt des Ordners ${folder} ist also nicht ` +
      `vollständig: ${why}`,
    changedMeanwhile: 'Die Einstellungen wurden inzwischen geändert.',
  },
  files: {
    table: 'Tabelle',
    rows: 'Zeilen',
    size: 'Größe',
    save: 'Speichern',
    rowsShort: 'Zeilen',
    raw: 'ROH',
    rawMark: 'roh',
  },
  lakes: {
    isFile: 'es ist eine Datei, kein Lake',
    otherSize: 'die Tabellen haben nicht die Größe, mit der sie gespeichert wurden',
    unfinished: 'er wurde nicht bis zum Ende geschrieben',
    noIndex: 'sein Index kann nicht gelesen werden',
    badIndex: 'sein Index ist beschädigt',
    missing: (table) => `${table} fehlt`,
    named: (date) => `Lake vom ${date}`,
    removeNamed: (name) => `${name} entfernen`,
    remove: 'Entfernen',
    removed: (name) => `Entfernt: ${name}.`,
    damaged: 'Beschädigt',
    damage: (name, why) => ` ${name}: ${why}. Er kann nicht geöffnet werden.`,
    openNamed: (name) => `${name} öffnen`,
    open: 'Öffnen',
    holds: (rows, bytes) => `${rows} in machine_learning_curated, insgesamt ${bytes}.`,
    failed: (why) => `Das hat nicht funktioniert: ${why}`,
    saved:
      'In diesem Browser gespeichert: Der Lake steht oben auf der Seite, bis Sie ihn entfernen oder ' +
      'der Browser den Speicher dieser Seite leert.',
  },
  workers: {
    notStarted: 'Ein Worker konnte nicht gestartet werden.',
    ended:
      'Ein Worker dieser Seite endete mitten in seiner Arbeit: Der Browser oder das System hat ihn ' +
      'angehalten, meist weil der Speicher nicht reichte. Führen Sie den Lauf erneut aus, oder verwenden ' +
      'Sie weniger Dateien auf einmal.',
  },
  selfTest: {
    trying: 'Wird versucht …',
    failed: (why) => `Der Selbsttest konnte nicht ausgeführt werden: ${why}`,
    noAddress: 'Geben Sie eine Adresse und einen Port ein, etwa 127.0.0.1:9.',
    leaks: (attempts, all) =>
      `Nicht abgelehnt: ${attempts} von ${all}. Verwenden Sie diese Seite in diesem Browser nicht mit ` +
      'personenbezogenen Daten.',
    byPolicy: 'durch die Richtlinie',
    byScript: 'durch das erste Skript der Seite',
    byBrowser: 'durch eine Regel für jede Seite',
    byAbsence: 'weil es diesen Weg im Browser dort nicht gibt',
    noneThrough: 'keiner kam durch',
    allRefused: 'alle abgelehnt',
    unsaid: (count) =>
      ` Fehlgeschlagen, ohne dass der Browser einen Grund nennt: ${count}. Lauschen Sie an der ` +
      'Adresse, um sicher zu sein.',
    untried: (ways) => ` Nicht versucht: ${ways} zu einer anderen Adresse, die dieser Browser nicht ablehnen kann.`,
  },
};
