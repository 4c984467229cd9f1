import { createHash } from 'node:crypto'
import type { createSubjectTokens } from '../../auth/subject-tokens.ts'
import { type BannerWord, bannerWords, type Experience } from '../../web/experience.ts'
import { directionOf } from '../../words/negotiate.ts'
import { messagesFor } from '../../words/words.ts'
import {
  type DeviceView,
  formOf,
  honouredForGpc,
  namedPurposes,
  pickLocale,
  purposeBody,
  textOf,
} from './device-view.ts'
import { stepOf } from './steps.ts'

/** What is asked of someone nobody knows yet, in a locale of the notice: the same bytes for all who see a property alike. */
export async function experienceBody(
  view: DeviceView,
  tokens: Pick<ReturnType<typeof createSubjectTokens>, 'signServing'>,
  seen: {
    readonly locale: string
    readonly gpc: boolean
    /** On the preference page everything can be answered; elsewhere what needs a step more is left to it. */
    readonly isPage: boolean
  },
): Promise<Experience> {
  const { definition } = view.notice
  const { property } = view
  const locales = Object.keys(definition.texts)
  const { locale } = seen
  const { title, body, withdrawal, rights, controller, contact } = textOf(view, locale)
  const published = view.experience
  const experience = published === null ? null : { key: published.definition.key, version: published.version }
  const notice = { key: definition.key, version: definition.version, locale }
  const { token, expiresAtMs } = await tokens.signServing({ property, notice, experience })
  const words = messagesFor(locale)
  const texts = published?.definition.texts
  return {
    ...{ property, locale, locales, controller, experience },
    direction: directionOf(locale),
    layout: published?.definition.layout ?? 'box',
    theme: published?.definition.theme ?? null,
    form: formOf(view),
    texts: texts === undefined ? words : texts[pickLocale(Object.keys(texts), locale)]!,
    words: Object.fromEntries(bannerWords.map((word) => [word, words[word]])) as Record<BannerWord, string>,
    notice: { ...notice, title, body, withdrawal, rights, contact },
    purposes: namedPurposes(view).map((each) => {
      const step = stepOf(view, each)
      const body = purposeBody(view, each, locale)
      return { ...body, step, is_asked: body.is_asked && (seen.isPage || step === null) }
    }),
    serving: token,
    expires_at: new Date(expiresAtMs).toISOString(),
    gpc: { seen: seen.gpc, honoured_for: seen.gpc ? honouredForGpc(view) : [] },
  }
}

/** A body and its ETag (RFC 9110 §8.8.3); the same body has the same. */
export type Tagged = { readonly json: string; readonly etag: string }

export function tagged(body: object): Tagged {
  const json = JSON.stringify(body)
  return { json, etag: `"${createHash('sha256').update(json).digest('base64url').slice(0, 22)}"` }
}

/** Whether what a cache holds is still what there is (RFC 9110 §13.1.2). */
export function isHeld(ifNoneMatch: string | undefined, etag: string): boolean {
  return (
    ifNoneMatch?.split(',').some((each) => each.trim() === '*' || each.trim().replace(/^W\//, '') === etag) ??
    false
  )
}
