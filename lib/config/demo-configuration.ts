import type { NoticeDefinition, PurposeDefinition } from '../domain/definitions.ts'
import type { ConfigBody } from '../domain/events.ts'
import { noticePublished } from './notice-published.ts'
import { starterNotice } from './starter-notice.ts'
import { starterPurposes } from './starter-purposes.ts'

/** A second site with a notice of its own, which reaches nothing else. */
const studyProperty: ConfigBody = {
  act: 'property_published',
  definition: { key: 'study', name: 'Study', origins: [] },
}

const research: PurposeDefinition = {
  ...starterPurposes[1]!,
  key: 'research',
  name: { en: 'Studying how people ask', de: 'Erforschen, wie Menschen fragen' },
  description: {
    en: 'We read questions people asked to learn how they ask.',
    de: 'Wir lesen gestellte Fragen, um zu lernen, wie Menschen fragen.',
  },
  categories: ['conversations'],
  retentionDays: 180,
}

/** Widened: ratings too. Whoever agreed to the first version must be asked again. */
const widerResearch: PurposeDefinition = { ...research, categories: ['conversations', 'feedback'] }

function studyNotice(version: number, purposeVersion: number, sentence: string): NoticeDefinition {
  const { en, de } = starterNotice.texts
  const named = { coversEarlier: null, explicitCategories: [] }
  return {
    key: 'study',
    version,
    property: 'study',
    purposes: [
      { purpose: 'research', version: purposeVersion, ...named },
      { purpose: 'ai_training', version: 1, ...named },
    ],
    texts: {
      en: { ...en!, title: 'Taking part in the study', body: [sentence, en!.body[3]!] },
      de: { ...de!, title: 'An der Studie teilnehmen', body: [`(${version}) ${de!.body[3]!}`] },
    },
  }
}

/** A notice that turned out to be misleading; it was struck, and with it every yes given under it. */
const struckNotice: NoticeDefinition = {
  ...starterNotice,
  key: 'popup',
  property: 'study',
  texts: { en: { ...starterNotice.texts.en!, title: 'One quick thing' } },
}

/** What the demo publishes besides the starter configuration, and on which of its 120 days. */
export const demoConfiguration: readonly { readonly day: number; readonly bodies: readonly ConfigBody[] }[] =
  [
    {
      day: 0,
      bodies: [
        studyProperty,
        { act: 'purpose_published', version: 1, definition: research },
        noticePublished(
          studyNotice(1, 1, 'We read your questions to learn how people ask. Kept for half a year.'),
        ),
        noticePublished(struckNotice),
      ],
    },
    {
      day: 60,
      bodies: [
        { act: 'purpose_published', version: 2, definition: widerResearch },
        noticePublished(
          studyNotice(
            2,
            2,
            'We read your questions and ratings to learn how people ask. Kept for half a year.',
          ),
        ),
      ],
    },
    { day: 80, bodies: [{ act: 'notice_invalidated', notice: 'popup', version: 1 }] },
  ]
