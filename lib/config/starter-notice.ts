import type { NoticeDefinition, NoticeText } from '../domain/definitions.ts'
import { starterPurposes } from './starter-purposes.ts'

const english: NoticeText = {
  title: 'What we do with your data',
  body: [
    'To give you this service we store your account and what you write, and answer it. For everything below we need your yes. You can use the service in full whatever you choose.',
    'Counting: we count which pages and buttons are used, to see what works. Kept for one year.',
    'Answers that fit you: we use your earlier conversations and ratings to fit answers to you. Kept for one year.',
    'AI training: we use your conversations and ratings from now on to train AI models: to refine an existing model with a selection of them, and to test models against them. Used for at most two years after you wrote them, one year for tests. What you wrote before you said yes is left out. What a model has learned cannot simply be taken out again; what is not yet learned is left out as soon as you withdraw.',
    'None of it is given or sold to others.',
  ],
  withdrawal:
    'You can take back any yes at any time, with one click, on the preference page that every page links to. It takes effect at once and costs you nothing.',
  rights:
    'You may ask for your data and for their correction or deletion, restrict or object to their use, have them handed over, and complain to a data protection authority.',
  controller: 'Your organisation',
  contact: 'privacy@example.com',
}

const german: NoticeText = {
  title: 'Was wir mit Ihren Daten tun',
  body: [
    'Um diesen Dienst zu erbringen, speichern wir Ihr Konto und Ihre Eingaben und beantworten sie. Für alles Weitere brauchen wir Ihr Ja. Sie können den Dienst in vollem Umfang nutzen, gleich wie Sie sich entscheiden.',
    'Messen: Wir zählen, welche Seiten und Schaltflächen genutzt werden, um zu sehen, was funktioniert. Ein Jahr lang gespeichert.',
    'Antworten, die zu Ihnen passen: Wir nutzen Ihre früheren Gespräche und Bewertungen, um Antworten auf Sie abzustimmen. Ein Jahr lang gespeichert.',
    'KI-Training: Wir nutzen Ihre Gespräche und Bewertungen von jetzt an, um KI-Modelle zu trainieren: um ein bestehendes Modell mit einer Auswahl davon zu verfeinern und um Modelle daran zu prüfen. Genutzt höchstens zwei Jahre, nachdem Sie sie geschrieben haben, zum Prüfen ein Jahr. Was Sie vor Ihrem Ja geschrieben haben, bleibt außen vor. Was ein Modell gelernt hat, lässt sich nicht einfach wieder entfernen; was noch nicht gelernt ist, bleibt außen vor, sobald Sie widerrufen.',
    'Nichts davon wird an andere weitergegeben oder verkauft.',
  ],
  withdrawal:
    'Sie können jedes Ja jederzeit mit einem Klick auf der Einstellungsseite zurücknehmen, auf die jede Seite verweist. Das wirkt sofort und hat keine Nachteile für Sie.',
  rights:
    'Sie können Auskunft, Berichtigung, Löschung und Herausgabe Ihrer Daten verlangen, ihre Nutzung einschränken lassen, ihr widersprechen und sich bei einer Datenschutzbehörde beschweren.',
  controller: 'Ihre Organisation',
  contact: 'privacy@example.com',
}

/** The notice of a new installation. It reaches the organisation and covers nothing collected earlier. */
export const starterNotice: NoticeDefinition = {
  key: 'starter',
  version: 1,
  property: null,
  purposes: starterPurposes.map(({ key }) => ({
    purpose: key,
    version: 1,
    coversEarlier: null,
    explicitCategories: [],
  })),
  texts: { en: english, de: german },
}
