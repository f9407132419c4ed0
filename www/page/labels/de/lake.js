/** @type {typeof import('../en/lake.js').LAKE} */
export const LAKE = {
  lake: {
    title: (name) => `Lake: ${name}`,
    about: (version, people) => `Erzeugt von STEDI Lakehouse ${version}, mit ${people}.`,
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
    key: (check) => `die Pseudonyme wurden mit dem Schlüssel mit dem Prüfwert ${check} erzeugt`,
    research: 'Forschungsexport',
    whole: 'ganzer Lake',
    kind: 'Was es ist',
    table: 'Tabelle',
    rows: 'Zeilen',
    reading: (bytes) => `${bytes} gelesen …`,
    cancelled: 'Abgebrochen.',
    failed: (why) => `Das hat nicht geklappt: ${why}`,
    nothing: 'Kein Unterschied. Der Lake ist, was sein Bericht sagt.',
    differ: (differences) => `${differences}. Der Lake ist nicht, was sein Bericht sagt.`,
    checked: (files, bytes, tables, rows) =>
      `Geprüft: ${files} (${bytes}) nach SHA-256; ${tables} mit ${rows}: Spalten, Anzahl und Reihenfolge der ` +
      'Zeilen, Metadaten und Einwilligung; die Zeilenbilanz; und ob es Dateien gibt, die nicht zum Lake gehören.',
    others: (files) => `Nicht geprüft: ${files}, die nicht zum Lake gehören und die niemand mit seinen Tabellen liest.`,
    differences: {
      changed: 'Geändert',
      consent: 'Einwilligung',
      ledger: 'Bilanz',
      metadata: 'Metadaten',
      missing: 'Fehlt',
      order: 'Reihenfolge',
      rows: 'Zeilen',
      stray: 'Nicht von diesem Lake',
      unfinished: 'Unfertig',
      unhashed: 'Ohne Hashwert',
      unreadable: 'Nicht lesbar',
    },
    noEntry: 'Geben Sie eine E-Mail-Adresse oder eine Seriennummer ein.',
    isIn: 'In diesem Lake.',
    isNotIn: 'Nicht in diesem Lake, soweit er durchsucht wurde.',
    notKnown: 'ohne den Schlüssel nicht bekannt',
    shared: (rows) =>
      `${rows} mit Messwerten des Step-Trainers sind von Geräten, die in diesem Lake auch andere Personen haben.`,
    otherKey: 'Das ist nicht der Schlüssel dieses Lakes: Eine andere Schlüsseldatei wurde gewählt.',
    notLinked: 'Die Pseudonyme sind nicht mit denen der vorigen Version verbunden.',
    erased: (entries) =>
      `${entries} einer Liste von Widerrufen wurden aus diesem Lake gelöscht, der nicht weiß, wessen sie waren. Wer ` +
      'davon in den neuen Dateien steht, ist wieder im neuen Lake: Geben Sie die Liste unter Widerrufe an.',
    noList: 'Die Liste unter Widerrufe ist leer: Sie sagt, wer gelöscht wird.',
    noEraseKey: 'Wählen Sie die Schlüsseldatei des Lakes, oder erzeugen Sie andere Pseudonyme für alle.',
    erasedOf: (matched, asked) => `Gelöscht: ${matched} von ${asked}. Keine Datei des neuen Lakes enthält sie.`,
    notReached:
      'Der alte Lake bleibt, wo er ist, bis Sie ihn ersetzen. Das Löschen erreicht keine Kopien, Sicherungen und ' +
      'älteren Objektversionen, nichts, was aus den Tabellen gemacht wurde, und nicht die Exporte. Im neuen Lake ' +
      'sagt erasure.json, was getan wurde. Bewahren Sie die Liste auf: Geben Sie sie auch späteren Läufen.',
    saveErased: 'Neuen Lake als ZIP-Datei speichern',
    saveNewKey: 'Neuen Schlüssel speichern',
    before: 'Zeilen vorher',
    after: 'Zeilen nachher',
    removed: 'Entfernt',
    gathering: 'Die Auswahl wird gelesen …',
  },
};
