import type { Answer, Decisions } from '../../decisions/decisions.ts'
import { reasonWords, shownText, sinceText } from '../../domain/because.ts'
import type { NoticeUsed } from '../../domain/decision.ts'
import { AssentError } from '../../domain/errors.ts'
import { formatInstant } from '../../domain/format-instant.ts'
import type { OrganisationId } from '../../domain/ids.ts'
import type { Reason } from '../../domain/reasons.ts'
import { formatRevision } from '../../domain/revision.ts'
import type { Asked } from './read-question.ts'

/**
 * Asks once the wanted revision is applied; denies `stale` where it is not in time. Throws `regime_not_found`: a
 * regime nobody knows must not be taken for a lax one.
 */
export function ask(
  decisions: Pick<Decisions, 'evaluate' | 'policy' | 'waitFor' | 'atLeastWaitMs'>,
  organisationId: OrganisationId,
  { question, atLeast }: Asked,
): Answer | Promise<Answer> {
  const { regime } = question
  const policy = decisions.policy(organisationId)
  if (regime !== null && policy !== undefined && !policy.regimes.has(regime)) {
    throw new AssentError('regime_not_found', `There is no regime ${JSON.stringify(regime)}.`)
  }
  if (atLeast === null) return decisions.evaluate(organisationId, question)
  return decisions.waitFor(atLeast, decisions.atLeastWaitMs).then((isReached) => {
    const answer = decisions.evaluate(organisationId, question)
    if (isReached) return answer
    const basis = { seq: null, notice: null, atMs: null }
    return { ...answer, decision: { allowed: false, reason: 'stale', basis } }
  })
}

/** The body of `POST /v1/check`. */
export function checkJson(answer: Answer): string {
  const { decision, nowMs } = answer
  return `{"allowed":${decision.allowed},${shared(answer)},"decided_at":"${formatInstant(nowMs)}"}`
}

/** All of an answer that is written. */
export type WrittenAnswer = Pick<Answer, 'decision' | 'revision' | 'lagMs'>

/** The body of an AuthZEN evaluation: everything but the decision is context. */
export function evaluationJson(answer: WrittenAnswer): string {
  return `{"decision":${answer.decision.allowed},"context":{${shared(answer)}}}`
}

/** Written by hand: reasons, times and positions need no quoting, and one string is cheaper than many objects. */
function shared({ decision, revision, lagMs }: WrittenAnswer): string {
  const { seq, notice } = decision.basis
  const shown = notice === null ? nothingShown : shownOf(notice)
  const since = decision.basis.atMs === null ? '' : sinceText(decision.basis.atMs)
  const told =
    `"reason":"${decision.reason}","because":"${quotedWords[decision.reason]}${since}${shown.quoted}",` +
    `"revision":"${formatRevision(revision)}","lag_ms":${lagMs === Number.POSITIVE_INFINITY ? null : lagMs},"event":${seq === null ? 'null' : `{"seq":${seq}}`},` +
    `"notice":${shown.json}`
  if (!decision.allowed) return told
  const { categories, collectedFromMs, useUntilMs } = decision.obligations
  const obligations =
    `"obligations":{"categories":${categoriesJson(categories)},` +
    `"collected_from":"${formatInstant(collectedFromMs)}","use_until":"${formatInstant(useUntilMs)}"}`
  return decision.assumed.length === 0
    ? `${told},${obligations}`
    : `${told},${obligations},"assumed":${JSON.stringify(decision.assumed)}`
}

/** JSON in ASCII alone, which is written as it stands; other text costs an encoder. */
export function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

const quote = (text: string) => asciiJson(text).slice(1, -1)
const quotedWords = Object.fromEntries(
  Object.entries(reasonWords).map(([reason, words]) => [reason, quote(words)]),
) as Readonly<Record<Reason, string>>

type Shown = { readonly json: string; readonly quoted: string }

const nothingShown: Shown = { json: 'null', quoted: '.' }
const shownBefore = new WeakMap<NoticeUsed, Shown>()

/** A notice as JSON, and the end of the sentence about it. The same object serves the answers about many subjects. */
function shownOf(notice: NoticeUsed): Shown {
  const before = shownBefore.get(notice)
  if (before !== undefined) return before
  const { key, version, locale } = notice
  const shown = { json: asciiJson({ key, version, locale }), quoted: quote(shownText(notice)) }
  shownBefore.set(notice, shown)
  return shown
}

const categoriesBefore = new WeakMap<readonly string[], string>()

/** The same list serves many answers. */
function categoriesJson(categories: readonly string[]): string {
  let json = categoriesBefore.get(categories)
  if (json === undefined) {
    json = asciiJson(categories)
    categoriesBefore.set(categories, json)
  }
  return json
}
