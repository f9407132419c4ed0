/** @type {typeof import('../en/static.js').STATIC} */
export const STATIC = {
  framed:
    'Diese Seite läuft nicht innerhalb einer anderen Seite, denn diese könnte Sie darüber täuschen, was Sie sehen ' +
    'und anklicken.',
  framedOpen: 'In einem eigenen Tab öffnen',
  noScript: 'Diese Seite ist ein Programm: Sie braucht JavaScript.',
  packageLong: 'Forschungspaket herunterladen',
  packageShort: 'Forschungspaket',
  runAgain: 'Erneut ausführen',
  navResult: 'Ergebnis',
  navStart: 'Start',
  navExplore: 'Erkunden',
  navSql: 'SQL',
  navCompare: 'Vergleich',
  navEvidence: 'Nachweis',
  navPrivacy: 'Datenschutz',
  promise:
    'Macht aus STEDI-Sensorexporten in diesem Tab eine Forschungstabelle der Personen, die ' +
    'eingewilligt haben: Ihre Dateien <strong>bleiben auf Ihrem Gerät</strong>. <a>Ihr Browser setzt ' +
    'das durch, und Sie können es prüfen</a>.',
  drop: 'Exporte hier ablegen',
  dropOther: 'Andere Exporte',
  dropWhat:
    'Kunden, Beschleunigungssensor und Step-Trainer auf einmal: Dateien, Ordner, <code>.gz</code> ' +
    'oder <code>.zip</code>. Die Art einer Datei wird an ihrem Inhalt erkannt.',
  dropLake:
    'Auch ein gespeicherter Lake kann abgelegt werden: um ihn zu prüfen, eine Person darin zu suchen, Personen ' +
    'daraus zu löschen oder von ihm aus fortzufahren.',
  chooseFiles: 'Dateien wählen',
  chooseFolder: 'Ordner wählen',
  noExport: 'Kein Export zur Hand?',
  sample: 'Mit Beispieldaten ausführen',
  sampleSteps: 'Beispiel mit Schritten',
  defects: 'mit fehlerhaften Datensätzen und Dateien',
  savedLakes: 'In diesem Browser gespeichert',
  savedLakesHint:
    'Dieser Speicher gehört zum Ursprung (Origin): Jede Seite derselben Adresse (Schema, Hostname ' +
    'und Port) kann ihn lesen.',
  settings: 'Einstellungen',
  effect: 'Auswirkung dieser Änderung',
  defaults: 'Standard',
  keyFile: 'Schlüsseldatei',
  allZones: 'Auch die Ordner trusted und curated lesen',
  allZonesHint:
    'Wenn es Dateien in einem Ordner namens landing gibt, werden die in Ordnern namens trusted oder ' +
    'curated ausgelassen: Frühere Läufe haben sie aus denselben Datensätzen erzeugt.',
  addressHint:
    'Die Adresse der Seite enthält diese Einstellungen und kann deshalb geteilt werden. Widerrufe, ' +
    'Schlüssel und Daten enthält sie nie.',
  copyCommand: 'Als Befehl kopieren',
  saveConfig: 'Als Konfiguration speichern',
  withdrawals: 'Widerrufe',
  withdrawalsHint:
    'Personen oder Geräte, die überall entfernt werden: E-Mail-Adressen oder Seriennummern, eine pro ' + 'Zeile.',
  withdrawalsFile: 'Widerrufe aus einer Datei',
  remove: 'Entfernen',
  withdrawalsFileHint:
    'Ein Eintrag pro Zeile, oder eine CSV-Datei mit einer Spalte namens email oder serialNumber. Die ' +
    'Datei und die Liste oben gelten beide.',
  running: 'Läuft',
  done: 'Fertig',
  failed: 'Fehlgeschlagen',
  cancelled: 'Abgebrochen',
  incomplete: 'Dieser Lauf ist unvollständig: Personen in diesen Tabellen könnten ihre Einwilligung widerrufen haben',
  warnings: 'Warnungen zu diesen Ergebnissen',
  cancel: 'Abbrechen',
  without: 'Ohne diese Datei ausführen',
  eachFile: 'Die einzelnen Dateien',
  downloads: 'Downloads',
  allInOne: 'Als ein Paket',
  whatToDownload: 'Was heruntergeladen wird',
  landing: 'mit den Landing-Dateien',
  raw: 'ROH',
  landingHint:
    'Ihre Dateien, wie sie sind, auch mit Personen, die nicht eingewilligt haben. Dateien aus einem ' +
    'ZIP-Archiv sind nicht dabei.',
  delta: 'als Tabellen von Delta Lake',
  deltaHint:
    'Jeder Tabellenordner bekommt auch ein Protokoll, _delta_log, das Programme wie Spark, DuckDB und Polars lesen. ' +
    'Es beginnt mit einer Version; die Befehlszeile fügt Versionen hinzu.',
  testShare: 'Anteil der Personen zum Testen',
  testShareHint:
    'Leer: alle Daten in einer Datei zum Trainieren. Mit einem Anteil wie 0,2 enthält eine zweite Datei diesen ' +
    'Anteil der Personen, zum Testen. Der Schlüssel bestimmt, wer das ist: derselbe Schlüssel bestimmt immer dasselbe.',
  saveZip: 'Als ZIP-Datei speichern',
  saveFolder: 'In einen Ordner schreiben',
  saveLake: 'In diesem Browser speichern',
  saveLakeHint:
    'Das Speichern in diesem Browser ist für Ihren nächsten Besuch: Die fünf Tabellen bleiben in ' +
    'seinem Speicher auf diesem Gerät, auch die Namen von Personen, bis Sie sie entfernen. Dieser ' +
    'Speicher gehört zum Ursprung (Origin): Jede Seite derselben Adresse (Schema, Hostname und Port) ' +
    'kann ihn lesen. Landing-Dateien werden dort nie gespeichert.',
  keyHint:
    'Dieser Lauf hat einen zufälligen Schlüssel verwendet. Sie brauchen ihn, um später Personen aus ' +
    'diesen Ergebnissen zu löschen oder Daten hinzuzufügen. Er ist weg, sobald Sie die Seite ' +
    'schließen oder neue Dateien ablegen. Halten Sie ihn geheim: Zusammen mit den E-Mail-Adressen ' +
    'verbindet er Pseudonyme mit Personen.',
  saveKey: 'Schlüssel dieses Laufs speichern',
  labelsHint:
    'In diesem Beispiel gehen Personen, und wann jeder Schritt war, ist bekannt: Labels, an denen sich eine ' +
    'Schritterkennung messen lässt. Sie sind keine Eingabe des Laufs.',
  saveLabels: 'Labels speichern',
  file: 'Datei',
  rows: 'Zeilen',
  size: 'Größe',
  saveColumn: 'Speichern',
  identifies: 'Identifiziert Personen',
  identifiesMore: 'Vier weitere Tabellen: Kunden und Messwerte mit Namen',
  pipeline: 'Die Pipeline',
  kept: 'behalten',
  leftOut: 'durch eine Regel ausgeschlossen',
  rejected: 'abgewiesen: kein gültiger Datensatz',
  decides: 'entscheidet, welche Zeilen behalten werden',
  bandWidth: 'Die Breite eines Bandes zeigt die Zahl der Zeilen.',
  showRows: 'Zeilen anzeigen',
  columns: 'Spalten',
  sql: 'SQL',
  rejects: 'Abgewiesene Datensätze',
  explore: 'Erkunden',
  rowsTab: 'Zeilen',
  dates: 'Zeiten als Datum, in UTC',
  goToRow: 'Gehe zu Zeile',
  go: 'Los',
  onlyWhere: 'Filtern nach',
  sortBy: 'Sortieren nach',
  largestFirst: 'größte zuerst',
  apply: 'Anwenden',
  conditionHint:
    'Text: Zeilen, die ihn enthalten. Zahlen und Zeiten: <code>>= 5</code>, <code>< ' +
    '2022-06-18</code> oder der Wert.',
  rawShown: 'ROH: angezeigt, nicht gespeichert',
  rawHint: 'Erneut aus Ihrer Datei gelesen, rund um die Stelle, die Sie wählen.',
  rawConsent:
    'Die erste Spalte gehört nicht zur Tabelle: Sie sagt, was die Regeln der Einwilligung in diesem Lauf aus jedem ' +
    'Datensatz gemacht haben. Eine Person kann mehrere Datensätze haben.',
  earlier: 'Weiter vorn',
  later: 'Weiter hinten',
  charts: 'Diagramme',
  inputs: 'Eingaben',
  name: 'Name',
  status: 'Status',
  content: 'Inhalt',
  rejectsHint: 'Der Text ist',
  rawWord: 'roh',
  rejectsHintMore:
    ': wie er in Ihrer Datei steht. Er wird hier angezeigt und nur gespeichert, wenn Sie es ' +
    'verlangen. Der Bericht enthält nur Stelle und Grund.',
  unknown: 'Unbekannte Felder',
  unknownHint:
    'Keine Tabelle hat diese Felder, deshalb wurden sie ignoriert. Ihre Namen stehen nur auf dieser ' +
    'Seite; der Bericht enthält nur ihre Anzahl.',
  console: 'SQL-Konsole',
  consoleAbsent:
    'Diese Variante der Seite hat keine SQL-Engine und ist deshalb klein. Um alle acht Tabellen mit SQL abzufragen, ' +
    'holen Sie die Datei <code>stedi-lakehouse-sql.html</code> dort, wo Sie diese her haben: Sie gehört zur selben ' +
    'Veröffentlichung, ist dieselbe Seite mit Engine, und auch sie öffnet sich mit einem Doppelklick. Wenn Sie die ' +
    'Seite selbst bauen, erzeugt <code>make dist-sql</code> sie.',
  compare: 'Mit einem früheren Bericht vergleichen',
  compareHint:
    'Was sich seither geändert hat und warum: Zeilen jeder Tabelle, Einstellungen, Eingaben. Zum Beispiel ' +
    'nach einem Widerruf. Die Datei bleibt auf Ihrem Gerät, wie alle anderen. Für einen Vergleich mit dem ' +
    'ursprünglichen Kurs nehmen Sie seine Anzahlen: Sie stehen bei den Vorlagen, in den Einstellungen.',
  chooseReport: 'report.json auswählen',
  evidence: 'Nachweis',
  evidenceHint:
    'Das Protokoll dieses Laufs für Ihre Akten: Drucken Sie es, oder speichern Sie es im Druckdialog ' +
    'als PDF. Es enthält Anzahlen, Dateinamen, Regeln und Hashwerte, aber keinen Wert eines ' +
    'Datensatzes. „Nachweis speichern“ erzeugt daraus eine HTML-Datei zum Drucken und Aufbewahren, auf Englisch ' +
    'und ohne Namen von Eingaben.',
  saveEvidence: 'Nachweis speichern',
  printRecord: 'Dieses Protokoll drucken',
  privacy: 'Datenschutz',
  staysHere:
    '<b>Bleibt auf Ihrem Gerät.</b> Ihre Dateien werden in diesem Tab von Code gelesen, der mit der ' +
    'Seite kam; rohe Landing-Zeilen werden gelesen und gezählt, nicht gespeichert.',
  enforced:
    '<b>Von Ihrem Browser durchgesetzt.</b> Eine Richtlinie in der Seite verbietet jedes Hochladen, ' +
    'Abrufen und jede Socket-Verbindung; und die Seite funktioniert ohne Netzwerk.',
  pseudonymised:
    '<b>Pseudonymisiert.</b> Die Forschungstabelle enthält keine Namen, aber wer ihren Schlüssel und ' +
    'die E-Mail-Adressen hat, kann sie Personen zuordnen. Die Trusted-Tabellen nennen Personen.',
  checkIt: 'Prüfen Sie es selbst',
  checkItHint:
    'Diese Seite ist eine Datei mit einer Content-Security-Policy. Unter dieser Richtlinie ' +
    'verweigert der Browser ihrem Code, in der Seite und in ihren Workern, jedes Abrufen und ' +
    'Hochladen, jeden Socket und jedes Formular sowie jedes Skript, jedes Stylesheet, jede Schriftart ' +
    'und jedes Bild von anderswo. Der Selbsttest unternimmt die Versuche, die eine unehrliche Seite ' +
    'unternehmen würde, und zeigt, was jeden davon abgelehnt hat.',
  address: 'Adresse für den Versuch',
  selfTest: 'Selbsttest ausführen',
  selfTestHint:
    'Voreingestellt ist ein Port Ihres eigenen Rechners, an dem nichts lauscht. Besser: eine Adresse ' +
    'und ein Port, an dem Sie lauschen. Was auch geschieht, von Ihren Daten wird nichts gesendet.',
  way: 'Weg nach außen',
  byPage: 'In dieser Seite, abgelehnt durch',
  byWorker: 'In einem Worker, abgelehnt durch',
  policy: 'Die Richtlinie im Wortlaut',
  notCovered: 'Was die Richtlinie nicht abdeckt',
  notWebRtc:
    'WebRTC, Frames, neue Fenster und Verbindungen, die nichts übertragen, etwa solche, die im ' +
    'Voraus geöffnet werden. Das erste Skript der Seite schließt jeden bekannten Weg dorthin: Nur ' +
    'aufgelistete Elemente können erzeugt werden, und kein Dokument oder Fenster. Das setzt das ' +
    'Skript durch, nicht die Richtlinie.',
  notAddress:
    'Eine andere Adresse: jede außer der dieser Seite, deren Teil nach <code>#</code> sich ändern ' +
    'darf. Dorthin zu gehen sendet eine Anfrage, die Daten tragen kann, auch wenn die Seite bleibt. ' +
    'Das erste Skript lässt Links nur zu einer Stelle in dieser Seite führen oder zu einer Datei, ' +
    'die die Seite speichert. Es bricht jede andere Änderung der Adresse ab, wenn der Browser die ' +
    'Navigation-API hat; ohne sie könnte ein Skript <code>location</code> setzen. Selbst mit ihr ' +
    'lassen manche Browser ein Skript ein anderes Programm öffnen, etwa ein E-Mail-Programm. Nichts ' +
    'in dieser Seite tut das eine oder das andere.',
  notHost:
    'Der Host dieser Seite. Er kann den Browser melden lassen, was die Richtlinie abgelehnt hat, ' +
    'samt Adressen. Um das auszuschließen, öffnen Sie die Datei vom Datenträger.',
  notOrigin:
    'Andere Seiten desselben Ursprungs (dasselbe Schema, derselbe Hostname und Port). Sie können ' +
    'diese Seite öffnen, lesen, was sie anzeigt, und lesen, was in diesem Browser gespeichert ist. ' +
    'Stellen Sie sie unter einem eigenen Ursprung bereit oder mit dem Header ' +
    '<code>Cross-Origin-Opener-Policy: same-origin</code>, der die geöffnete Seite schützt, aber ' +
    'nicht das Gespeicherte.',
  notExtensions: 'Browser-Erweiterungen und das Betriebssystem, die alles sehen können, was dieser Tab sieht.',
  notSaved:
    'Was Sie speichern: customer_trusted, customer_curated, accelerometer_trusted und ' +
    'step_trainer_trusted nennen Personen oder ihre Geräte, und machine_learning_curated ist ' +
    'pseudonymisiert, nicht anonym.',
  checkFile: 'Prüfen, ob die Datei die veröffentlichte ist',
  checkFileHow:
    'Eine Seite kann ihren eigenen Hashwert nicht enthalten, prüfen Sie die Datei also von außen. ' +
    'Laden Sie sie herunter, statt „Seite speichern unter“ zu verwenden, das sie verändern kann; ' +
    'legen Sie die veröffentlichte Datei SHA256SUMS daneben; dann meldet',
  checkFileSays:
    '<code>stedi-lakehouse.html: OK</code>. Unter macOS heißt der Befehl <code>shasum -a 256 -c ' +
    'SHA256SUMS</code>, unter Windows <code>Get-FileHash stedi-lakehouse.html</code>, mit Vergleich ' +
    'von Hand. Der Commit und der SHA-256 des enthaltenen Kerns stehen am Ende dieser Seite.',
  unplugged: 'Ohne Netzwerk verwenden',
  unpluggedHow:
    'Die Seite ist eine Datei und braucht keine andere. Laden Sie sie herunter, trennen Sie die ' +
    'Netzwerkverbindung, und öffnen Sie sie mit einem Doppelklick vom Datenträger: Sie tut dasselbe, auch mit den ' +
    'Beispieldaten. Wenn die Netzwerkanalyse der Entwicklerwerkzeuge geöffnet ist, zeigt sie nach ' +
    'der Seite selbst keine Anfrage.',
  noResults: 'Es gibt noch keine Ergebnisse',
  noResultsHint:
    'Dieser Teil zeigt die Ergebnisse eines Laufs. <a>Legen Sie zuerst Ihre Exporte ab, oder ' +
    'verwenden Sie die Beispieldaten</a>.',
  undo: 'Änderungen zurücknehmen',
  replace: 'Diese Ergebnisse ersetzen?',
  replaceHint: 'Die Ergebnisse auf der Seite wurden nicht gespeichert. Wenn Sie fortfahren, gehen sie verloren.',
  replaceNo: 'Ergebnisse behalten',
  replaceYes: 'Ersetzen',
  version: 'Version',
  commit: 'Commit',
  wasmHash: 'SHA-256 des Kerns (WebAssembly)',
  lakeRaw:
    'Die Rohdateien daneben werden wie üblich ausgeführt; die Tabellen des Lakes werden nicht als Rohdateien gelesen.',
  lakeRows: 'Zeilen der Tabellen',
  checkLake: 'Diesen Lake prüfen',
  checkLakeHint:
    'Vergleicht jede Datei mit den Hashwerten im Bericht und jede Zeile mit den Regeln. Nichts wird geändert.',
  personTitle: 'Ist diese Person im Lake?',
  personEntry: 'E-Mail-Adresse oder Seriennummer',
  lakeKey: 'Schlüsseldatei des Lakes',
  lakeKeyHint:
    'Einmal gewählt, für alles, was hier möglich ist: Mit ihr lassen sich Pseudonyme durchsuchen, und Personen ' +
    'behalten ihre, wenn Sie fortfahren oder löschen.',
  personFind: 'Suchen',
  personHint: 'Was Sie hier eingeben, bleibt auf dieser Seite.',
  lakeHistory: 'Verlauf',
  lakeEvidenceHint:
    'Eine HTML-Datei zum Drucken und Aufbewahren, auf Englisch: Ergebnis, Zeilen, Regeln, Löschungen, ' +
    'Hashwerte und wie man sie prüft. Sie enthält keinen Wert eines Datensatzes und keinen Namen einer Eingabe.',
  continueLake: 'Von diesem Lake aus fortfahren',
  continueHint:
    'Fügt neue Exporte hinzu, ohne dass die früheren Dateien nötig sind: Der Lake ersetzt die Messwerte, aus denen ' +
    'er erzeugt wurde. Wählen Sie alle Kunden, wie ein neuer Export sie enthält, und die neuen Messwerte. ' +
    'Einstellungen und Widerrufe dieser Seite gelten für alles.',
  newKey:
    'Andere Pseudonyme für alle, mit einem anderen Schlüssel: Was bisher aus diesem Lake gemacht wurde, lässt sich ' +
    'dann nicht mehr damit verknüpfen',
  newFiles: 'Neue Dateien wählen',
  newFolder: 'Neuen Ordner wählen',
  continueBeside: 'Mit den Dateien daneben fortfahren',
  eraseLake: 'Personen daraus löschen',
  eraseHint:
    'Erzeugt allein aus diesem Lake einen neuen ohne die Personen, die auf dieser Seite unter Widerrufe stehen. ' +
    'Jeder Wert des neuen wird nach ihnen durchsucht, bevor Sie ihn bekommen. Landing-Dateien kommen nicht mit.',
  eraseReference: 'Angabe zum Antrag, falls es einen gibt',
  eraseReferenceHint:
    'Sein Datum oder ein Aktenzeichen. Sie bleibt im neuen Lake und steht in seinem Nachweis: Name, E-Mail-Adresse ' +
    'und Seriennummer gehören nicht hinein.',
  toWithdrawals: 'Zu den Widerrufen',
  ofDropped:
    'Alles außer der Löschung zeigt den Lake, wie er abgelegt wurde, mit den gelöschten Personen. Um mit dem neuen ' +
    'Lake weiterzuarbeiten, speichern Sie ihn unter „Löschen“, und legen Sie ihn hier ab.',
  printLake: 'Drucken',
  eraseNewKey:
    'Andere Pseudonyme für alle, mit einem neuen Schlüssel: Was bisher aus diesem Lake gemacht wurde, lässt sich ' +
    'dann nicht mehr damit verknüpfen',
  eraseBegin: 'Löschen',
  table: 'Tabelle',
  parts: 'Teile der Seite',
  presets: 'Vorlagen',
  presetsHint:
    'Die Jobs des ursprünglichen Kurses machen aus seinen Daten 43.681 Zeilen für die Forschung: „Wie im ' +
    'ursprünglichen Kurs“. Seine Zusatzaufgabe macht 34.437: Wählen Sie außerdem „Messwerte des Telefons ab dem ' +
    'Einwilligungsdatum“.',
  command: 'Befehl',
  allFiles: 'Alle Dateien',
  files: 'Dateien',
  hashing: 'Hashwerte',
  identifyingFiles: 'Dateien, die Personen identifizieren',
  legend: 'Farben der Zeichnung',
  tablesAndCharts: 'Tabellen und Diagramme',
  filterAndSort: 'Filtern und sortieren',
  condition: 'Bedingung',
  conditionExample: 'Text, oder >= 5',
  placeInFile: 'Stelle in der Datei',
  inputList: 'Liste der Eingaben',
  attempts: 'Versuche',
  changedSettings: 'Geänderte Einstellungen',
  close: 'Schließen',
  language: 'Sprache',
  languageHint: 'Die Seite wird dafür neu geladen.',
};
