import { FAILURES } from './failures.js';

/** The number of people that a message of the core names. @param {string} message */
const people = (message) => /Of these people (\d+) are/.exec(message)?.[1] ?? '';

/** What becomes of the people of such a message. @param {string} message */
const leftOut = (message) =>
  message.includes('would be left out')
    ? 'Mit „Der neueste Datensatz entscheidet“ würden sie ausgeschlossen.'
    : 'Sie sind ausgeschlossen, weil der neueste Datensatz entscheidet.';

/** @type {import('../en/core.js').CoreWords} */
export const CORE = {
  rules: {
    before_consent: 'vor dem Einwilligungsdatum',
    duplicate: 'gleich einer anderen Zeile',
    no_consent: 'keine Einwilligung in Forschung',
    no_partner: 'kein passender Messwert',
    shared_serial: 'Seriennummer mehrerer Personen',
    withdrawn: 'widerrufen',
  },
  outcomes: {
    barred: 'nein: ein abgewiesener Datensatz schließt aus',
    conflict: 'nein: zwei verschiedene Daten',
    consents: 'ja: willigt ein',
    early: 'nein: Datum vor März 1973',
    kept_out: 'nein: ein anderer Datensatz schließt aus',
    no_date: 'nein: kein Datum der Einwilligung',
    other_record: 'nein: ein neuerer Datensatz zählt',
    unreadable: 'nein: Datum nicht lesbar',
    withdrawn: 'nein: widerrufen',
  },
  reasons: {
    bad_compression: 'gzip oder zip beschädigt, was folgt, ist verloren',
    bad_json: 'kein gültiges JSON',
    bad_utf8: 'kein gültiges UTF-8',
    missing_key: 'Schlüsselfeld fehlt oder ist leer',
    not_a_number: 'keine Zahl',
    not_an_integer: 'keine ganze Zahl',
    out_of_range: 'Zahl außerhalb des Bereichs',
    too_deep: 'tiefer als 128 verschachtelt',
    too_long: 'länger als 64 MiB',
    unterminated: 'vor dem Ende abgeschnitten',
    wrong_type: 'Feld vom falschen Typ',
  },
  unread: {
    curated: 'liegt in einem Ordner namens curated, und es gibt Landing-Dateien: Ein früherer Lauf hat sie erzeugt',
    hidden: 'versteckte Dateien und Ordner werden nicht gelesen',
    marker: 'eine Markierung oder Prüfsumme, die ein System neben den Daten hinterlassen hat',
    trusted: 'liegt in einem Ordner namens trusted, und es gibt Landing-Dateien: Ein früherer Lauf hat sie erzeugt',
  },
  warnings: {
    mostly_rejected:
      'Dateien, von denen mehr abgewiesen als gelesen wurde, nach Datensätzen oder nach Bytes: Sehen Sie sich ' +
      'zuerst ihre ersten abgewiesenen Datensätze an.',
    no_customers:
      'Es gibt keine Kundendatei, also ist von niemandem eine Einwilligung bekannt: Jeder Messwert ist ' +
      'ausgeschlossen.',
    no_accelerometer:
      'Es gibt keine Datei des Beschleunigungssensors: customer_curated und alles, was daraus folgt, ' + 'ist leer.',
    no_step_trainer:
      'Es gibt keine Datei des Step-Trainers: step_trainer_trusted und machine_learning_curated sind ' + 'leer.',
    shared_serials: (message) =>
      message.includes('They are kept')
        ? 'Zu Seriennummern gehören mehrere E-Mail-Adressen, Messwerte des Step-Trainers lassen sich also ' +
          'nicht einer Person zuordnen. Sie werden wie im Original behalten; „Geräte, die sich mehrere ' +
          'Personen teilen: Ausschließen“ schließt sie aus.'
        : 'Zu Seriennummern gehören mehrere E-Mail-Adressen; ihre Messwerte des Step-Trainers sind ausgeschlossen.',
    mixed_pairs:
      'Nur über die Zeit werden Messwerte derselben Zeit verbunden, gleich von wem sie sind: Diese ' +
      'Paare von machine_learning_curated mischen zwei Personen. Verwenden Sie das nur, um die ' +
      'Anzahlen des Originals zu reproduzieren.',
    serial_identity: 'Die Seriennummer des Geräts benennt jede Testperson, und sie führt zu einer Person zurück.',
    consent_as_of_phone:
      'Messwerte des Telefons von vor dem Einwilligungsdatum sind ausgeschlossen, die des ' +
      'Step-Trainers von vorher sind behalten. Verwenden Sie das nur, um die Anzahlen des ' +
      'ursprünglichen Kurses zu reproduzieren.',
    consent_superseded:
      'In customer_trusted sind Personen, deren neuester Datensatz nicht in Forschung einwilligt: Ein ' +
      'älterer tut es, was genügt, wenn jeder Datensatz einwilligen kann. „Der neueste Datensatz ' +
      'entscheidet“ schließt sie aus.',
    duplicate_rows:
      'Zeilen der Trusted-Tabellen sind in jeder Spalte gleich einer anderen, wie bei überlappenden ' +
      'Exporten: Sie vervielfachen Paare. „Gleiche Zeilen: Jeweils die erste behalten“ behält eine.',
    consent_unreadable: (message) =>
      message.includes('100,000,000,000')
        ? 'Kundendatensätze, deren shareWithResearchAsOfDate nicht lesbar ist oder unter 100.000.000.000 ' +
          'liegt, gelten als nicht eingewilligt: Ein solches Datum ist in Sekunden oder vor 1973 und würde ' +
          'jeden Messwert zulassen.'
        : 'Kundendatensätze, deren shareWithResearchAsOfDate nicht lesbar ist, gelten als nicht eingewilligt.',
    times_not_milliseconds:
      'Messwerte haben Zeiten über 100.000.000.000.000: Sie sind in Mikro- oder Nanosekunden, ' +
      'Einwilligungsdaten aber in Millisekunden, also gilt jeder als nach dem Einwilligungsdatum ' +
      'aufgenommen. Wandeln Sie die Zeiten in Millisekunden um; Einwilligungsdaten entscheiden hier ' +
      'nichts.',
    consent_conflict:
      'Kundendatensätze nennen shareWithResearchAsOfDate zweimal, mit verschiedenen Werten: Sie gelten ' +
      'als nicht eingewilligt.',
    rejected_customers: (message) =>
      'Kundendatensätze wurden abgewiesen oder abgeschnitten, aber ihre E-Mail-Adressen sind lesbar. ' +
      'Ein solcher Datensatz kann eine Einwilligung zurückgenommen haben. Von diesen Personen sind ' +
      `${people(message)} in den Trusted-Tabellen. ${leftOut(message)}`,
    undated_refusals: (message) =>
      'Kundendatensätze ohne lastUpdateDate, oder mit einem in anderer Einheit als bei anderen Datensätzen ' +
      'derselben Personen, willigen nicht ein, andere von ihnen aber doch. ' +
      `Wie alt sie sind, ist nicht bekannt. Von diesen Personen sind ${people(message)} in ` +
      `den Trusted-Tabellen. ${leftOut(message)}`,
    withdrawals_unmet:
      'Einträge der Widerrufe passen zu keiner E-Mail-Adresse und keiner Seriennummer dieser Eingaben.',
    withdrawals_empty:
      'Eine Liste von Widerrufen ohne Eintrag wurde angegeben, sie schließt also niemanden aus. Ist es ' +
      'die richtige Datei, und nennt ihre erste Zeile die Spalte der E-Mail-Adressen oder ' +
      'Seriennummern?',
    withdrawn_steps:
      'Messwerte des Step-Trainers stammen von Geräten, die auch eine widerrufende Person hatte. Sie ' +
      'sind behalten, weil eine andere Person in customer_curated das Gerät hat; von wem jeder ist, ' +
      'lässt sich nicht wissen. „Geräte, die sich mehrere Personen teilen: Ausschließen“ schließt sie ' +
      'aus.',
    newly_admitted:
      'Personen oder Geräte sind zugelassen, die der Lake nicht oder erst ab einer späteren Zeit ' +
      'zuließ. Was frühere Dateien von ihnen enthalten, wurde nicht behalten und fehlt hier. Ein Lauf ' +
      'über alle Dateien hat es.',
    emails_differ:
      'Messwerte nennen einen user, der bis auf Großschreibung oder Leerzeichen in customer_trusted ' +
      'ist. E-Mail-Adressen werden verglichen, wie sie geschrieben sind, diese Messwerte sind also ' +
      'ausgeschlossen. „Großschreibung und Leerzeichen ignorieren“ vergleicht sie ohne.',
    customer_emails_differ:
      'Kundendatensätze haben E-Mail-Adressen, die sich nur in Großschreibung oder Leerzeichen ' +
      'unterscheiden. Jede Schreibweise gilt als eigene Person: Ein neuerer Datensatz der einen sagt ' +
      'nichts über die andere. „Großschreibung und Leerzeichen ignorieren“ nimmt sie als eine Person.',
    zones_left_out:
      'Dateien in Ordnern namens trusted oder curated wurden ausgelassen, weil es Landing-Dateien ' +
      'gibt: Frühere Läufe haben sie aus denselben Datensätzen erzeugt. „Auch die Ordner trusted und ' +
      'curated lesen“ liest sie.',
    duplicate_keys: 'Felder stehen doppelt in ihrem Datensatz; das letzte wurde verwendet.',
    unknown_fields: 'Eingaben haben Felder, die ihre Tabelle nicht hat; sie werden ignoriert.',
    array_not_closed: 'Eingaben enthalten ein Array, das nicht endet: Sie könnten abgeschnitten sein.',
    consent_field_missing:
      'Kein Kundendatensatz hat das Feld shareWithResearchAsOfDate, also willigt niemand ein und jede ' +
      'Tabelle ist leer. Das Feld kann in diesen Dateien anders heißen.',
    nobody_consents: (message) =>
      message.includes('withdrawn')
        ? 'Alle Kundendatensätze sind widerrufen, also ist jede Tabelle leer.'
        : message.includes('newest')
          ? 'Von niemandem willigt der neueste Kundendatensatz in Forschung ein, also ist jede Tabelle leer.'
          : 'Kein Kundendatensatz willigt in Forschung ein, also ist jede Tabelle leer.',
    no_trusted_readings: (message) =>
      message.startsWith('All ')
        ? 'Alle Messwerte des Telefons sind von vor dem Einwilligungsdatum der Personen.'
        : message.startsWith('No ')
          ? 'Kein Messwert des Telefons ist von einem user aus customer_trusted.'
          : 'Es gibt Messwerte des Telefons von usern aus customer_trusted, aber alle sind von vor dem ' +
            'Einwilligungsdatum.',
    no_trusted_steps: (message) =>
      message.startsWith('The two')
        ? 'Die beiden Sensoren haben keine gemeinsame Person: Kein Messwert des Step-Trainers hat die ' +
          'Seriennummer eines Kunden aus customer_curated.'
        : message.startsWith('Step trainer')
          ? 'Es gibt Messwerte des Step-Trainers mit der Seriennummer eines Kunden aus customer_curated, ' +
            'aber alle sind von vor dem Einwilligungsdatum oder gehören zu Seriennummern mehrerer ' +
            'E-Mail-Adressen.'
          : message.includes('several')
            ? 'Alle Messwerte des Step-Trainers gehören zu Seriennummern mehrerer E-Mail-Adressen.'
            : 'Alle Messwerte des Step-Trainers sind von vor dem Einwilligungsdatum der Personen.',
    no_common_time: (message) =>
      `Kein Messwert des Telefons und kein Messwert des Step-Trainers einer Person haben dieselbe Zeit. ${
        message.includes('Both look like')
          ? 'Beide Zeiten haben dieselbe Einheit: Wurden die Geräte zu anderen Zeiten benutzt, oder geht ' +
            'eine Uhr falsch?'
          : 'Die Zeiten haben verschiedene Einheiten; beide müssen in Millisekunden sein.'
      }`,
    customers_unreadable:
      'Kundendatensätze wurden abgewiesen, abgeschnitten oder sind beschädigt, und keine ' +
      'E-Mail-Adresse ist darin lesbar: Es ist nicht bekannt, von wem sie sind und ob diese Personen ' +
      'noch einwilligen.',
    customers_cut:
      'Kundendateien enthalten ein Array, das nicht endet: Sie könnten abgeschnitten sein, und wessen ' +
      'Datensätze fehlen, ist nicht bekannt.',
    customers_rejected:
      'Dateien haben abgewiesene Datensätze, die E-Mail-Adressen nennen und von Kunden sein können: ' +
      'Sie stehen zwischen Messwerten, oder kein Datensatz der Datei hat, was ein Kundendatensatz ' +
      'braucht, email und serialNumber. Was sie über die Einwilligung sagen, ist nicht bekannt.',
    files_damaged:
      'Dateien sind beschädigt oder konnten nicht gelesen werden, also ist nicht bekannt, ob sie ' +
      'Kundendatensätze enthalten.',
    files_unread:
      'Dateien sind verschlüsselt, in ihrem ersten Datensatz abgeschnitten oder so gepackt oder ' +
      'geschrieben, dass sie nicht gelesen werden, also ist nicht bekannt, ob sie Kundendatensätze ' +
      'enthalten. Entpacken oder konvertieren Sie sie, oder lassen Sie sie weg, wenn sie keine ' +
      'enthalten.',
    random_key:
      'Ein Lauf hatte einen eigenen zufälligen Schlüssel, seine Pseudonyme sind also nicht die des ' +
      'anderen, und machine_learning_curated unterscheidet sich in jeder Zeile.',
    other_key:
      'Die beiden Läufe hatten verschiedene Schlüssel, eine Person hat also zwei Pseudonyme, und ' +
      'machine_learning_curated unterscheidet sich in jeder Zeile.',
    key_unknown:
      'Ein Bericht hat keinen Prüfwert seines Schlüssels, also ist nicht bekannt, ob eine Person in ' +
      'beiden Läufen dasselbe Pseudonym hat.',
    times_undone:
      'Die beiden Läufe hatten einen Schlüssel und verschiedene Zeiten, die Tabellen heben einander also auf: Eine ' +
      'Person hat in beiden ein Pseudonym, und wer beide hat, findet darüber die Zeiten, die eine der beiden ' +
      'verbergen sollte. Geben Sie niemandem beide, oder erzeugen Sie eine davon mit einem anderen Schlüssel.',
    gone_on:
      'Ein Lauf wurde aus einem Lake fortgeführt. Die Zeilen dieses Lakes ersetzen die Exporte, aus denen er erzeugt ' +
      'wurde. Der Bericht zählt deshalb weder die Landing-Zeilen dieser Exporte noch, was die Regeln davon ' +
      'ausgeschlossen haben: Zeilen im Eingang und ausgeschlossene oder abgewiesene Zeilen sind von anderen Dateien ' +
      'als im anderen Bericht. Vergleichen lässt sich, was die Trusted- und Curated-Tabellen enthalten.',
    no_hashes:
      'Ein Bericht hat keinen SHA-256 seiner Eingaben, deshalb werden Eingaben nur nach Name und Größe ' +
      'verglichen.',
    numbered:
      'Ein Bericht gehört zu einem Forschungsexport: Er nummeriert seine Eingaben, und seine ' +
      'Kundendateien haben keinen SHA-256. Eingaben werden nach SHA-256 verglichen, sonst nach Größe.',
    other_program: 'Die beiden Läufe stammen von verschiedenen Versionen des Programms, die verschieden zählen können.',
  },
  columns: {
    customername: 'Name der Person',
    email: 'E-Mail-Adresse: wer die Person ist',
    phone: 'Telefonnummer, wie geschrieben',
    birthday: 'Geburtsdatum, wie geschrieben',
    serialnumber: 'Seriennummer des Step-Trainers',
    registrationdate: 'Wann sich die Person registriert hat',
    lastupdatedate: 'Wann der Datensatz zuletzt geändert wurde',
    sharewithresearchasofdate: 'Seit wann die Person in Forschung einwilligt; ohne Wert: keine Einwilligung',
    sharewithpublicasofdate: 'Seit wann die Person öffentlich teilt',
    sharewithfriendsasofdate: 'Seit wann die Person mit Freunden teilt',
    user: 'E-Mail-Adresse der Person',
    timestamp: 'Wann das Telefon gemessen hat',
    x: 'Beschleunigung entlang der x-Achse des Telefons',
    y: 'Beschleunigung entlang der y-Achse des Telefons',
    z: 'Beschleunigung entlang der z-Achse des Telefons',
    sensorreadingtime:
      'Wann der Step-Trainer gemessen hat; in der Forschungstabelle zugleich das Telefon, und verschoben, wenn ' +
      'der Lauf so eingestellt war',
    distancefromobject: 'Abstand zum Objekt, das der Step-Trainer sieht',
    subject: 'Steht für die Person: ein Pseudonym, oder die Seriennummer, wenn der Lauf so eingestellt war',
  },
  failures: FAILURES,
  privacy(
    { owners, subjects, smallest_rows, median_rows, timestamps, timestamps_of_one_subject: alone },
    { identity, join, times },
    count,
  ) {
    if (subjects === 0) return 'machine_learning_curated enthält niemanden.';
    const named = identity === 'pseudonym' ? 'unter Pseudonymen' : 'unter den Seriennummern ihrer Geräte';
    const mixed =
      join === 'time' ? ' Nur über die Zeit verbunden, kann eine Zeile Messwerte zweier Personen paaren.' : '';
    // Reports of earlier versions have no times.
    const unmoved = times === undefined || times === 'exact';
    const found = unmoved
      ? ': Wer weiß, dass eine Person zu einer solchen Zeit gemessen wurde, kann erkennen, welche Testperson sie ' +
        'ist, und so alle ihre Zeilen finden.'
      : '. Das sind nicht die Zeiten der Messung: Die Zeiten jeder Testperson ' +
        (times === 'shifted' ? 'liegen um eine eigene Anzahl von Wochen früher' : 'zählen ab ihrer ersten Zeile') +
        '. Wer weiß, wann eine Person gemessen wurde, findet sie darüber also nicht. ' +
        (times === 'shifted' ? 'Wochentag, Stunde in UTC und alle Abstände' : 'Alle Abstände') +
        ' sind wie gemessen, und wer viele davon kennt, kann eine Person darüber vielleicht doch finden. Das ' +
        'verhindert eine Verknüpfung über Zeitpunkte, nicht über den Gang: Wer andere Bewegungsdaten einer Person ' +
        'hat, kann vielleicht erkennen, wie sie geht.';
    const leads =
      identity === 'pseudonym'
        ? 'Die Tabelle ist pseudonymisiert, nicht anonym: Wer den Schlüssel und die E-Mail-Adressen hat, ' +
          'kann jede Testperson einer Person zuordnen, und Bewegungsdaten können eine Person von selbst ' +
          'verraten.'
        : 'Die Tabelle ist nicht pseudonymisiert: Eine Seriennummer führt über die Kundentabellen zu einer ' +
          'Person zurück.';
    return (
      `machine_learning_curated enthält ${count(owners)} ${owners === 1 ? 'Person' : 'Personen'} ${named}; die ` +
      `Testperson mit den wenigsten Zeilen hat ${count(smallest_rows)}, der Median ist ${count(median_rows)}. Zu ` +
      `${count(alone)} von ${count(timestamps)} Zeiten hat nur eine Testperson Zeilen${found}${mixed} ${leads}`
    );
  },
  quality({ few_values, steps_visible, rate_before_join, tables }, count, hertz) {
    const released = tables.machine_learning_curated;
    if (!released || released.subjects === 0)
      return 'machine_learning_curated enthält keine Messwerte: Daraus lässt sich nichts lernen.';
    const { subjects, median_rate, coarse, with_gaps, constant, measures } = released;
    const of = (/** @type {number} */ some) => `${count(some)} von ${count(subjects)} Testpersonen`;
    const values =
      few_values !== null
        ? few_values === 1
          ? 'ein verschiedener Wert je Achse'
          : `höchstens ${['keine', 'ein', 'zwei', 'drei', 'vier'][few_values]} verschiedene Werte je Achse`
        : coarse === 0
          ? 'mehr als vier verschiedene Werte je Achse'
          : `höchstens vier verschiedene Werte je Achse bei ${of(coarse)}`;
    const meaning = steps_visible
      ? 'Schritte sind darin zu sehen; um sie zu lernen, braucht es Labels von anderswo.'
      : 'Schritte lassen sich daraus nicht lernen.';
    const joined =
      rate_before_join !== null
        ? ` Der Beschleunigungssensor hat vor dem Verbinden ${hertz(rate_before_join)}: Zu wenigen seiner Messwerte ` +
          'gibt es einen des Step Trainers in derselben Millisekunde.'
        : '';
    const outOfRange = Object.values(measures).reduce((sum, one) => sum + (one?.out_of_range ?? 0), 0);
    const flaws = [
      ...(with_gaps > 0 ? [`${of(with_gaps)} haben Lücken`] : []),
      ...(constant > 0 ? [`${of(constant)} haben eine Messgröße, die sich nie ändert`] : []),
      ...(outOfRange > 0 ? [`${count(outOfRange)} Werte liegen außerhalb des Messbereichs`] : []),
    ];
    const flawed = flaws.length > 0 ? ` ${flaws.join('; ')}.` : '';
    return `${hertz(median_rate)}, ${values}, keine Labels: ${meaning}${joined}${flawed}`;
  },
};
