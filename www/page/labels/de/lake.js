/** @type {typeof import('../en/lake.js').LAKE} */
export const LAKE = {
  lake: {
    title: (name) => `Lake: ${name}`,
    about: (version, people) => `Erzeugt mit STEDI Lakehouse ${version}, enthält ${people}.`,
    version: (version, time, made) => `Version ${version}, ${time}: ${made}`,
    latest: 'Letzte Version',
    noTime: 'Zeit nicht bekannt',
    made: {
      run: 'aus Exporten erzeugt',
      gone_on: 'aus der vorigen Version fortgeführt',
      erased: 'Personen gelöscht',
    },
    settings: 'Einstellungen',
    identity: 'Schlüssel',
    key: (check) => `die Pseudonyme wurden mit dem Schlüssel erzeugt, dessen Prüfwert ${check} ist`,
    research: 'Forschungsexport',
    whole: 'ganzer Lake',
    kind: 'Was es ist',
    table: 'Tabelle',
    rows: 'Zeilen',
    reading: (bytes) => `${bytes} gelesen …`,
    cancel: 'Abbrechen',
    cancelled: 'Abgebrochen.',
    failed: (why) => `Das hat nicht funktioniert: ${why}`,
    nothing: 'Kein Unterschied. Der Lake entspricht seinem Bericht.',
    differ: (differences) => `${differences}. Der Lake entspricht nicht seinem Bericht.`,
    checked: (files, bytes, tables, rows) =>
      `Geprüft: ${files} (${bytes}) nach SHA-256; ${tables} mit ${rows}: Spalten, Anzahl und Reihenfolge der ` +
      'Zeilen, Metadaten und Einwilligung; die Zeilenbilanz; und ob es Dateien gibt, die nicht zum Lake gehören.',
    others: (files) => `Nicht geprüft: ${files} außerhalb des Lakes, die beim Lesen seiner Tabellen niemand mitliest.`,
    differences: {
      changed: 'Geändert',
      consent: 'Einwilligung',
      ledger: 'Bilanz',
      log: 'Versionsprotokoll',
      metadata: 'Metadaten',
      missing: 'Fehlt',
      order: 'Reihenfolge',
      rows: 'Zeilen',
      split: 'Trainings- und Testdaten',
      stray: 'Gehört nicht zum Lake',
      unfinished: 'Unfertig',
      unhashed: 'Ohne Hashwert',
      unreadable: 'Nicht lesbar',
    },
    noEntry: 'Geben Sie eine E-Mail-Adresse oder eine Seriennummer ein.',
    isIn: (who) => `„${who}“ ist in diesem Lake.`,
    isNotIn: (who, tables) =>
      `„${who}“ ist nicht in diesem Lake: Keine Zeile seiner ${tables} gehört zu dieser Person oder diesem Gerät.`,
    isNotInSearched: (who, tables) =>
      `„${who}“ wurde nicht gefunden: In den durchsuchbaren ${tables} gehört keine Zeile zu dieser Person oder ` +
      'diesem Gerät.',
    notSearched: (table) =>
      `${table} wurde nicht durchsucht: Die Tabelle enthält Pseudonyme, und nur die Schlüsseldatei des Lakes sagt, ` +
      'zu wem sie gehören.',
    noneSearched:
      'Nichts wurde durchsucht: Die Tabellen dieses Lakes lassen sich nur mit seiner Schlüsseldatei durchsuchen.',
    onlyAddresses:
      'Ein Forschungsexport enthält keine Kunden, die Adressen und Geräte verbinden: Eine E-Mail-Adresse lässt sich ' +
      'darin finden, so wie sie dort geschrieben war, eine Seriennummer nicht.',
    onlySerials:
      'Ein Forschungsexport enthält keine Kunden, die Adressen und Geräte verbinden: Eine Seriennummer lässt sich ' +
      'darin finden, eine E-Mail-Adresse nicht.',
    rawNotSearched: 'Landing-Dateien und andere Rohdateien neben den Tabellen wurden nicht durchsucht.',
    mixed: (setting) =>
      `Dieser Lake wurde mit „${setting}“ erzeugt, was Messwerte verschiedener Personen verbindet: Zeilen anderer ` +
      'Testpersonen in machine_learning_curated können Messwerte dieser Person enthalten und sind hier nicht gezählt.',
    notKnown: 'ohne den Schlüssel nicht bekannt',
    shared: (rows) =>
      `${rows} mit Messwerten des Step-Trainers stammen von Geräten, die in diesem Lake auch andere Personen haben.`,
    otherKey: 'Das ist nicht der Schlüssel dieses Lakes. Wählen Sie eine andere Datei.',
    isKey: (file) => `${file} ist der Schlüssel dieses Lakes.`,
    noKey: 'Wählen Sie zuerst die Schlüsseldatei des Lakes, oder andere Pseudonyme für alle.',
    checking: 'Lake, Schlüssel und Dateien werden geprüft …',
    notLinked: 'Die Pseudonyme sind nicht mit denen der vorigen Version verbunden.',
    erased: (entries) =>
      `Aus diesem Lake wurden schon Personen oder Geräte gelöscht (Liste: ${entries}). Wer das war, bewahrt der Lake ` +
      'nicht auf: Stehen sie in den neuen Dateien, kommen sie zurück. Damit das nicht geschieht, geben Sie zuerst ' +
      'dieselbe Liste unter Widerrufe ein.',
    noList: 'Die Liste unter Widerrufe ist leer. Geben Sie dort ein, wer gelöscht wird, oder wählen Sie eine Datei.',
    otherList:
      'Die Widerrufe, der Schlüssel oder die Angabe zum Antrag wurden geändert, der neue Lake von hier gehört also ' +
      'nicht dazu. Löschen Sie erneut, oder nehmen Sie die Änderung zurück, um ihn wieder zu haben.',
    erasedAll: (entries) =>
      `Gelöscht: alles, was die Liste nennt (${entries}). Keine Datei des neuen Lakes enthält davon etwas.`,
    erasedSome: (matched, asked) =>
      `Teilweise gelöscht: ${matched} von ${asked} Einträgen. Keine Datei des neuen Lakes enthält, was gefunden wurde.`,
    erasedNone: (entries) => `Nichts wurde gelöscht: Nichts in diesem Lake passt zur Liste (${entries}).`,
    unmatched:
      'Zu diesen passt nichts in diesem Lake, für sie wurde also nichts gelöscht. Prüfen Sie die Schreibweise:',
    rowsErased: 'Zeilen vor und nach der Löschung',
    notReached:
      'Der alte Lake bleibt, wo er ist, bis Sie ihn ersetzen. Das Löschen erreicht keine Kopien, Sicherungen und ' +
      'älteren Objektversionen, nichts, was aus den Tabellen gemacht wurde, und nicht die Exporte. Im neuen Lake ' +
      'sagt erasure.json, was getan wurde. Bewahren Sie die Liste auf: Geben Sie sie auch späteren Läufen.',
    saveErased: 'Neuen Lake als ZIP-Datei speichern',
    saveErasedEvidence: 'Nachweis dieser Löschung speichern',
    saveOldEvidence: 'Nachweis des alten Lakes speichern',
    newKeyOnly:
      'Speichern Sie auch den neuen Schlüssel, und halten Sie ihn geheim. Der alte passt nicht zum neuen Lake, und ' +
      'der neue ist verloren, wenn Sie diese Seite schließen oder die Liste ändern: Ohne ihn behält niemand sein ' +
      'Pseudonym, wenn Personen gelöscht oder Dateien hinzugefügt werden.',
    saveNewKey: 'Neuen Schlüssel speichern',
    before: 'Zeilen vorher',
    after: 'Zeilen nachher',
    removed: 'Entfernt',
    saved: (file) => `Gespeichert als ${file}.`,
    gathering: 'Die Auswahl wird gelesen …',
  },
};
