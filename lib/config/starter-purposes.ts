import type { OrganisationDefinition, PurposeDefinition } from '../domain/definitions.ts'

/** The organisation of a new installation, with the categories of data its purposes speak of. */
export const starterOrganisation: OrganisationDefinition = {
  key: 'default',
  name: 'Your organisation',
  regime: 'default',
  namespaces: { email: 'email_v1' },
  categories: [
    {
      key: 'account',
      name: { en: 'Account details', de: 'Kontodaten' },
      special: false,
      fromDevice: false,
    },
    {
      key: 'conversations',
      name: { en: 'What you write and the answers you get', de: 'Ihre Eingaben und die Antworten darauf' },
      special: false,
      fromDevice: false,
    },
    {
      key: 'feedback',
      name: { en: 'Your ratings and comments', de: 'Ihre Bewertungen und Kommentare' },
      special: false,
      fromDevice: false,
    },
    {
      key: 'usage',
      name: { en: 'How you use the pages', de: 'Wie Sie die Seiten nutzen' },
      special: false,
      fromDevice: false,
    },
    {
      key: 'device',
      name: { en: 'Data read from your device', de: 'Von Ihrem Gerät gelesene Daten' },
      special: false,
      fromDevice: true,
    },
    {
      key: 'health',
      name: { en: 'Data about health', de: 'Gesundheitsdaten' },
      special: true,
      fromDevice: false,
    },
  ],
}

/** What the starter purposes have in common: nothing leaves the organisation, nothing decides about people. */
const kept = {
  recipients: [],
  controllers: [],
  transfers: [],
  saleOrSharing: false,
  needsCollectedAt: false,
  automatedDecisions: false,
} as const

const dpv = (term: string) => `https://w3id.org/dpv#${term}`
const dpvAi = (term: string) => `https://w3id.org/dpv/ai#${term}`

/**
 * The purposes of a new installation, parents first. Processing is paired with a purpose: the DPV has no
 * "AI training" purpose, only the processing `ai:ModelTraining` and its narrower terms.
 */
export const starterPurposes: readonly PurposeDefinition[] = [
  {
    ...kept,
    key: 'service',
    name: { en: 'Providing the service', de: 'Den Dienst erbringen' },
    description: {
      en: 'We store your account and what you write, and answer it.',
      de: 'Wir speichern Ihr Konto und Ihre Eingaben und beantworten sie.',
    },
    necessity: {
      en: 'Without your account and your words there is nothing we could answer, and nobody to answer to.',
      de: 'Ohne Ihr Konto und Ihre Eingaben gäbe es nichts, was wir beantworten könnten, und niemanden, dem.',
    },
    categories: ['account', 'conversations'],
    retentionDays: null,
    basis: 'contract',
    dpv: [dpv('RequestedServiceProvision')],
  },
  {
    ...kept,
    key: 'analytics',
    name: { en: 'Counting how pages are used', de: 'Nutzung der Seiten messen' },
    description: {
      en: 'We count which pages and buttons are used, so that we see what works and what does not.',
      de: 'Wir zählen, welche Seiten und Schaltflächen genutzt werden, um zu sehen, was funktioniert und was nicht.',
    },
    categories: ['usage', 'device'],
    retentionDays: 365,
    basis: 'consent',
    dpv: [dpv('ServiceUsageAnalytics'), dpv('Analyse')],
  },
  {
    ...kept,
    key: 'personalization',
    name: { en: 'Answers that fit you', de: 'Antworten, die zu Ihnen passen' },
    description: {
      en: 'We use your earlier conversations and ratings to fit answers to you. Nobody else sees them.',
      de: 'Wir nutzen Ihre früheren Gespräche und Bewertungen, um Antworten auf Sie abzustimmen. Niemand sonst sieht sie.',
    },
    categories: ['conversations', 'feedback', 'usage'],
    // Sharing profiles across contexts is what GPC speaks of, so this purpose answers to the signal.
    saleOrSharing: true,
    retentionDays: 365,
    basis: 'consent',
    dpv: [dpv('ServicePersonalisation')],
  },
  {
    ...kept,
    key: 'ai_training',
    name: { en: 'Training AI models', de: 'KI-Modelle trainieren' },
    description: {
      en: 'We use your conversations and ratings to teach AI models. What a model has learned cannot simply be taken out again, so we ask first and apart from everything else.',
      de: 'Wir nutzen Ihre Gespräche und Bewertungen, um KI-Modelle zu trainieren. Was ein Modell gelernt hat, lässt sich nicht einfach wieder entfernen; deshalb fragen wir vorher und getrennt von allem anderen.',
    },
    categories: ['conversations', 'feedback'],
    needsCollectedAt: true,
    retentionDays: 730,
    basis: 'consent',
    dpv: [dpv('ImproveExistingProductsAndServices'), dpvAi('ModelTraining')],
  },
  {
    ...kept,
    key: 'ai_training.fine_tuning',
    name: { en: 'Refining an existing model', de: 'Ein bestehendes Modell verfeinern' },
    description: {
      en: 'An existing model is trained further with a selection of conversations and ratings.',
      de: 'Ein bestehendes Modell wird mit ausgewählten Gesprächen und Bewertungen weiter trainiert.',
    },
    categories: ['conversations', 'feedback'],
    needsCollectedAt: true,
    retentionDays: 730,
    basis: 'consent',
    dpv: [dpv('ImproveExistingProductsAndServices'), dpvAi('ModelFineTuning')],
  },
  {
    ...kept,
    key: 'ai_training.evaluation',
    name: { en: 'Testing a model', de: 'Ein Modell prüfen' },
    description: {
      en: 'We put questions people asked to a model and compare its answers with ratings people gave.',
      de: 'Wir stellen einem Modell Fragen, die Menschen gestellt haben, und vergleichen seine Antworten mit deren Bewertungen.',
    },
    categories: ['conversations', 'feedback'],
    needsCollectedAt: true,
    retentionDays: 365,
    basis: 'consent',
    dpv: [dpv('ImproveExistingProductsAndServices'), dpvAi('Benchmarking')],
  },
]
