import { setImmediate as giveWay } from 'node:timers/promises'
import { combineDecisions } from '../../domain/combine-decisions.ts'
import { decide } from '../../domain/decide.ts'
import type { Decision, Query } from '../../domain/decision.ts'
import { impossible } from '../../domain/errors.ts'
import type { ConfigBody } from '../../domain/events.ts'
import type { SubjectId } from '../../domain/ids.ts'
import type { Policy } from '../../domain/policy.ts'
import { afterBody } from '../../domain/release-bodies.ts'
import type { SubjectState } from '../../domain/state.ts'
import type { FlipExample, FlipItem, FlipReport } from './flip-report.ts'
import { type AskedTerms, type DigestOf, type KeptQuestion, termsAgain } from './kept-question.ts'
import { registryTexts } from './registry-texts.ts'
import { FlipTally } from './tally-flips.ts'

/** Questions wait for so many milliseconds at most. */
const sliceMs = 2

/** A question that was asked and kept. */
export type SampledQuestion = {
  readonly askedAtMs: number
  /** The API key's id. */
  readonly key: string
  readonly route: string
  readonly subjectId: SubjectId | null
  readonly question: KeptQuestion
  /** About how many asked questions it stands for. */
  readonly weight: number
}

/** What was kept of one day in UTC, `2026-11-28`, and how many questions were asked on it. */
export type SampledDay = {
  readonly day: string
  readonly asked: number
  readonly questions: readonly SampledQuestion[]
}

/**
 * Decides each kept question twice now, against its subjects as they stand: under `policy`, and as it would be after
 * all of `steps`. Reads, and writes nothing. What turns an answer is the step after which it stays turned, in their
 * order. A question that named when its data was collected is also asked about data of this moment: what a release
 * changes for the future alone is found too. Gives way to others every few milliseconds.
 */
export async function findFlips(of: {
  readonly policy: Policy
  readonly steps: readonly { readonly item: FlipItem; readonly body: ConfigBody }[]
  readonly nowMs: number
  readonly days: AsyncIterable<SampledDay>
  /** Undefined for one whom nobody knows, or knows no more. */
  readonly stateOf: (subject: SubjectId) => SubjectState | undefined
  readonly digestOf: DigestOf
}): Promise<FlipReport> {
  const { policy, steps, nowMs, stateOf } = of
  const policies = [policy]
  for (const { body } of steps) policies.push(afterBody(policies.at(-1) ?? policy, body, nowMs))
  const candidate = policies.at(-1) ?? policy
  const texts = new Map<string, string>()
  for (const text of [...registryTexts(policy), ...registryTexts(candidate)]) {
    texts.set(of.digestOf(policy.organisationId, text), text)
  }
  const tally = new FlipTally()

  function consider({ question, subjectId, weight, ...asked }: SampledQuestion): void {
    const terms = termsAgain(question, (digest) => texts.get(digest))
    const states = [subjectId, ...question.others].map((id) => (id === null ? undefined : stateOf(id)))
    const decided = (under: Policy, collectedAtMs: number | null): Decision => {
      const query: Query = { ...terms, collectedAtMs, nowMs, freshness: 'fresh' }
      return combineDecisions(states.map((state) => decide(under, state, query)))
    }
    const times = terms.collectedAtMs === null ? [null] : [terms.collectedAtMs, nowMs]
    for (const collectedAtMs of times) {
      const before = decided(policy, collectedAtMs)
      const after = decided(candidate, collectedAtMs)
      if (before.allowed !== after.allowed) {
        const item = causeOf((under) => decided(under, collectedAtMs).allowed, after.allowed)
        const service = { key: asked.key, name: policy.keys.get(asked.key)?.name ?? null }
        const data = collectedAtMs === terms.collectedAtMs ? 'asked' : 'new'
        const reasons = { before: before.reason, after: after.reason }
        const example = { ...shown(terms), ...reasons, data, subject: subjectId } as const
        const { askedAtMs: at, key, route } = asked
        tally.flipped({ before, after, weight, item, service, example: { ...example, at, key, route } })
        return
      }
    }
    const before = decided(policy, terms.collectedAtMs)
    tally.unchanged({ before, after: before, weight })
  }

  /** The step after which the answer is what it is in the end, and stays so. */
  function causeOf(isAllowed: (under: Policy) => boolean, inTheEnd: boolean): FlipItem {
    let step = steps.length
    while (step > 1 && isAllowed(policies[step - 1] ?? policy) === inTheEnd) step -= 1
    return steps[step - 1]?.item ?? impossible('an answer that nothing changed')
  }

  let sliceEndsAt = performance.now() + sliceMs
  for await (const { day, asked, questions } of of.days) {
    tally.day(day, asked, questions.length)
    for (const question of questions) {
      consider(question)
      if (performance.now() > sliceEndsAt) {
        await giveWay()
        sliceEndsAt = performance.now() + sliceMs
      }
    }
  }
  return tally.result()
}

type Shown = Pick<
  FlipExample,
  'purpose' | 'property' | 'categories' | 'recipient' | 'regime' | 'source' | 'collected'
>

function shown(terms: AskedTerms): Shown {
  const text = (of: string | null) => (of?.startsWith('\u0000') ? 'unknown' : of)
  return {
    purpose: text(terms.purpose) ?? terms.purpose,
    property: text(terms.property),
    categories: terms.categories?.map((key) => text(key) ?? key) ?? null,
    ...{ recipient: text(terms.recipient), regime: text(terms.regime), source: text(terms.sourcePurpose) },
    collected: terms.collectedAtMs,
  }
}
