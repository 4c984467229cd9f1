import type { ExperienceDefinition, PurposeDefinition } from '../../lib/domain/definitions.ts'
import type { NoticeDraft } from '../../lib/domain/release.ts'
import type { Experience } from '../../lib/web/experience.ts'
import type { Words } from '../../lib/words/create-words.ts'
import { directionOf } from '../../lib/words/negotiate.ts'

/** What a preview needs of a purpose: as in force, or as it travels in the same release. */
export type PreviewPurpose = Pick<
  PurposeDefinition,
  | 'key'
  | 'name'
  | 'description'
  | 'necessity'
  | 'categories'
  | 'recipients'
  | 'retentionDays'
  | 'basis'
  | 'needsConfirmation'
>

const inLocale = (texts: Readonly<Record<string, string>> | undefined, locale: string, key: string) =>
  texts?.[locale] ?? texts?.en ?? Object.values(texts ?? {})[0] ?? key

const retentionWords = ({ say }: Words, days: number | null) =>
  days === null ? say('unbounded') : say('days', { count: days })

/** The experience that people would be shown under a draft, in one of its languages. What is missing is left empty. */
export function previewExperience(
  draft: NoticeDraft,
  locale: string,
  purposes: readonly PreviewPurpose[],
  words: Words,
): Experience {
  const text = draft.texts[locale]
  const byKey = new Map(purposes.map((purpose) => [purpose.key as string, purpose]))
  return {
    property: draft.property ?? '',
    locale,
    locales: Object.keys(draft.texts),
    direction: directionOf(locale),
    ...{ experience: null, layout: 'box', theme: null, form: 'opt_in' },
    texts: words.messages,
    words: words.messages,
    controller: text?.controller ?? '',
    notice: {
      ...{ key: draft.key, version: 0, title: text?.title ?? '', body: text?.body ?? [] },
      ...{ withdrawal: text?.withdrawal ?? '', rights: text?.rights ?? '', contact: text?.contact ?? '' },
    },
    purposes: draft.purposes.map(({ purpose: key }) => {
      const purpose = byKey.get(key)
      const isGiven = purpose?.basis !== undefined && purpose.basis !== 'consent'
      return {
        key,
        name: inLocale(purpose?.name, locale, key),
        description: inLocale(purpose?.description, locale, ''),
        ...(purpose?.necessity === undefined ? {} : { necessity: inLocale(purpose.necessity, locale, '') }),
        parent: key.includes('.') ? key.slice(0, key.lastIndexOf('.')) : null,
        rule: isGiven ? 'notice_only' : 'opt_in',
        categories: purpose?.categories ?? [],
        recipients: purpose?.recipients ?? [],
        retention_days: purpose?.retentionDays ?? null,
        retention: retentionWords(words, purpose?.retentionDays ?? null),
        ...{ is_sale_or_sharing: false, is_sensitive: false },
        is_ai_training: key === 'ai_training' || key.startsWith('ai_training.'),
        // Elsewhere than on the preference page it is not asked.
        is_asked: !isGiven && purpose?.needsConfirmation !== true,
      }
    }),
    serving: '',
    expires_at: '',
    gpc: { seen: false, honoured_for: [] },
  }
}

/** The same, in the layout, colours and order of an experience that shows the notice. */
export function draftExperience(
  { layout, theme, texts, purposes: order }: ExperienceDefinition,
  notice: NoticeDraft,
  locale: string,
  purposes: readonly PreviewPurpose[],
  words: Words,
): Experience {
  const shown = previewExperience(notice, locale, purposes, words)
  const places = new Map<string, number>(order.map((key, place) => [key, place]))
  const placeOf = (key: string) => places.get(key) ?? order.length
  const sorted = [...shown.purposes].sort((a, b) => placeOf(a.key) - placeOf(b.key))
  return { ...shown, layout, theme: theme ?? null, purposes: sorted, texts: texts[locale] ?? shown.texts }
}
