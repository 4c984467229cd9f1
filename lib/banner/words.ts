/** What the banner itself says; everything about purposes comes from the notice. Plain, and the same for yes and no. */
export type Words = {
  readonly accept: string
  readonly reject: string
  readonly choose: string
  readonly save: string
  readonly back: string
  readonly close: string
  readonly yes: string
  readonly no: string
  readonly alwaysOn: string
  readonly askTraining: (name: string) => string
  readonly apart: string
  readonly covers: string
  readonly choices: string
  readonly withdrawAll: string
  readonly withdrawn: string
  readonly pending: string
  readonly saved: string
  readonly failed: string
  readonly gpc: string
  readonly details: string
  readonly data: string
  readonly recipients: string
  readonly retention: string
  readonly days: string
  readonly nobody: string
}

const en: Words = {
  accept: 'Accept all',
  reject: 'Reject all',
  choose: 'Choose',
  save: 'Save choices',
  back: 'Back',
  close: 'Close',
  yes: 'Yes',
  no: 'No',
  alwaysOn: 'Always on',
  askTraining: (name) => `${name}?`,
  apart: 'Asked on its own. “Accept all” does not include it.',
  covers: 'A yes covers',
  choices: 'Privacy choices',
  withdrawAll: 'Withdraw all',
  withdrawn: 'Withdrawn. Your data may no longer be used for what you had allowed.',
  pending: 'Withdrawn on this device. It will be sent as soon as the service can be reached.',
  saved: 'Your choices are saved.',
  failed: 'That could not be saved, and nothing was changed. Please try again.',
  gpc: 'Your browser sends Global Privacy Control. It is honoured for:',
  details: 'Details',
  data: 'Data',
  recipients: 'Recipients',
  retention: 'Kept for',
  days: 'days',
  nobody: 'Nobody else',
}

const de: Words = {
  accept: 'Alle annehmen',
  reject: 'Alle ablehnen',
  choose: 'Auswählen',
  save: 'Auswahl speichern',
  back: 'Zurück',
  close: 'Schließen',
  yes: 'Ja',
  no: 'Nein',
  alwaysOn: 'Immer an',
  askTraining: (name) => `${name}?`,
  apart: 'Eine eigene Frage. „Alle annehmen“ schließt sie nicht ein.',
  covers: 'Ein Ja umfasst',
  choices: 'Datenschutz',
  withdrawAll: 'Alles widerrufen',
  withdrawn: 'Widerrufen. Ihre Daten dürfen nicht mehr für das genutzt werden, was Sie erlaubt hatten.',
  pending: 'Auf diesem Gerät widerrufen. Es wird gesendet, sobald der Dienst erreichbar ist.',
  saved: 'Ihre Auswahl ist gespeichert.',
  failed: 'Das konnte nicht gespeichert werden, nichts wurde geändert. Bitte noch einmal versuchen.',
  gpc: 'Ihr Browser sendet Global Privacy Control. Es wird beachtet für:',
  details: 'Einzelheiten',
  data: 'Daten',
  recipients: 'Empfänger',
  retention: 'Aufbewahrung',
  days: 'Tage',
  nobody: 'Niemand sonst',
}

/** The words for a locale; English where there are none. */
export function wordsFor(locale: string): Words {
  return locale.toLowerCase().startsWith('de') ? de : en
}
