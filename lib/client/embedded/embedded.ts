import type { AssentApiError, AssentClient, CheckQuestion } from '../client.ts'
import { type Decided, unanswered } from '../decided.ts'
import { readRevision } from '../revision.ts'
import { FeedFollower } from './feed-follower.ts'
import { type Moment, momentNow } from './moment.ts'
import { plainInstant } from './plain-instant.ts'
import { resolveSpans, type Terms } from './resolve-spans.ts'
import { ServerClock } from './server-clock.ts'
import { reasonAt, reasonNow, reasonWithoutTime, type SpanEntry } from './span-entry.ts'
import { SpanIndex, type TermsEntries } from './span-index.ts'

export type EmbeddedOptions = {
  /** How many answers are kept at most, one for each person and question; 100,000 where not given. */
  readonly entriesMax?: number
  /** Told of whatever goes wrong in following; answers are `stale` before long. */
  readonly onTrouble?: (error: AssentApiError) => void
}

export type Embedded = {
  /** As `Assent.check`, from the index where it holds the answer, else from the server. Never rejects. */
  check(question: CheckQuestion): Promise<Decided>
  /** The answer where it is at hand, in microseconds; undefined where the server must be asked. */
  peek(question: CheckQuestion): Decided | undefined
  /** Resolves `namespace:id`s beforehand; answers how many are kept. Rejects where the server does not answer. */
  preload(ids: AsyncIterable<string> | Iterable<string>, terms: Terms): Promise<number>
  /** Resolves true once answers are fresh, false after `timeoutMs`. */
  ready(timeoutMs: number): Promise<boolean>
  /** How many answers are kept, and up to which revision they are known to hold. */
  state(): { readonly size: number; readonly revision: string | null; readonly isFresh: boolean }
  /** Ends the following; every answer is `stale` from then on. */
  close(): void
}

const entriesMaxDefault = 100_000
const termsMax = 1_000
const idsAtOnce = 2_000

type Group = {
  readonly key: string
  readonly terms: Terms
  readonly entries: TermsEntries
  /** Whether the purpose takes "now" for a missing collection time, and the revision that was learned at. */
  assumesNow: { readonly is: boolean; readonly seq: number } | undefined
  /** By namespace: ids to be resolved together, and who waits for them. */
  readonly wanted: Map<
    string,
    { readonly ids: Set<string>; readonly done: Promise<AssentApiError | undefined> }
  >
}

/**
 * A client with an index of its own: what was resolved once is answered from memory until the change feed says
 * otherwise. See docs/decisions/017-embedded-client.md for why an answer is never older than two seconds.
 */
export function createEmbedded(
  client: Pick<AssentClient, 'call' | 'exchange'>,
  /** Asks the server; never rejects. */
  ask: (question: CheckQuestion) => Promise<Decided>,
  timeoutMs: number,
  options: EmbeddedOptions = {},
): Embedded {
  const index = new SpanIndex(options.entriesMax ?? entriesMaxDefault)
  const clock = new ServerClock()
  const groups = new Map<string, Group>()
  let permits: ReadonlySet<string> = new Set()

  const follower = new FeedFollower(client, {
    begin: (at) => index.begin(at),
    see: (change) => index.see(change),
    hear(date, now) {
      // Somebody set a clock: what was kept was measured by another.
      if (clock.isContradictedBy(date, now)) index.clear()
    },
    trouble: (error) => options.onTrouble?.(error),
  })

  /** The group that a question belongs to; undefined where only the server can read it. */
  function groupOf(question: CheckQuestion): Group | undefined {
    const key = keyOf(question)
    if (key === undefined) return undefined
    const known = groups.get(key)
    if (known !== undefined) return known
    if (groups.size >= termsMax) return undefined
    const { subject: _, collected_at: __, at_least: ___, ...terms } = question
    const group: Group = {
      key,
      terms,
      entries: index.entriesOf(key),
      assumesNow: undefined,
      wanted: new Map(),
    }
    groups.set(key, group)
    return group
  }

  function isReached(atLeast: string | null | undefined): boolean {
    if (atLeast === undefined || atLeast === null) return true
    const [wanted, at] = [readRevision(atLeast), follower.at]
    return wanted !== undefined && at !== undefined && wanted.log === at.log && wanted.seq <= at.seq
  }

  function reasonOf(
    group: Group,
    entry: SpanEntry,
    question: CheckQuestion,
    now: Moment,
  ): string | undefined {
    const time = { earliestMs: clock.earliest(now), latestMs: clock.latest(now) }
    const collectedAt = question.collected_at
    if (typeof collectedAt === 'string') {
      const collectedAtMs = plainInstant(collectedAt)
      return collectedAtMs === undefined ? undefined : reasonAt(entry, collectedAtMs, time)
    }
    const { assumesNow } = group
    if (assumesNow === undefined || !index.isUnderRulesOf(assumesNow.seq)) return undefined
    return assumesNow.is ? reasonNow(entry, time) : reasonWithoutTime(entry, time)
  }

  function peek(question: CheckQuestion): Decided | undefined {
    const now = momentNow()
    if (!follower.isFresh(now)) return stale
    const group = groupOf(question)
    if (group === undefined || !isReached(question.at_least)) return undefined
    const entry = index.find(group.entries, question.subject)
    const reason = entry === undefined ? undefined : reasonOf(group, entry, question, now)
    if (reason === undefined) return undefined
    const allowed = permits.has(reason)
    const revision = follower.revision!
    const because = 'From the local index.'
    if (!allowed) return { allowed, reason, because, revision, isLocal: true }
    return { allowed, reason, because, revision, isLocal: true, useUntilMs: entry!.useUntilMs }
  }

  function mayResolve(group: Group, { subject, at_least }: CheckQuestion): boolean {
    if (!isLine(subject) || !isReached(at_least)) return false
    return index.find(group.entries, subject)?.isForServer !== true
  }

  /** Resolves ids and keeps them; rejects where the server does not answer. */
  async function load(group: Group, namespace: string, ids: readonly string[]): Promise<number> {
    const resolution = await resolveSpans(client.exchange, group.terms, namespace, ids, timeoutMs)
    clock.set(resolution.decidedAtMs, resolution.sent, resolution.received)
    permits = resolution.permits
    const subjects = ids.map((id) => `${namespace}:${id}`)
    return index.keep(group.entries, subjects, resolution)
  }

  /** Resolves the id with all that are asked for in the same turn; resolves with what went wrong. */
  function want(group: Group, subject: string): Promise<AssentApiError | undefined> {
    const colon = subject.indexOf(':')
    const [namespace, id] = [subject.slice(0, colon), subject.slice(colon + 1)]
    const joined = group.wanted.get(namespace)
    if (joined !== undefined && joined.ids.size < idsAtOnce) {
      joined.ids.add(id)
      return joined.done
    }
    const ids = new Set([id])
    const done = new Promise<void>((resolve) => setTimeout(resolve, 0)).then(() => {
      if (group.wanted.get(namespace)?.ids === ids) group.wanted.delete(namespace)
      return load(group, namespace, [...ids]).then(
        () => undefined,
        (error: unknown) => unanswered(error).error,
      )
    })
    group.wanted.set(namespace, { ids, done })
    return done
  }

  /** The server's own answer, at no earlier revision than what was seen here. */
  async function askServer(question: CheckQuestion, group: Group | undefined): Promise<Decided> {
    const seen = follower.revision
    const isBehind = isReached(question.at_least) && seen !== undefined
    const answer = await ask(isBehind ? { ...question, at_least: seen } : question)
    const at = readRevision(answer.revision)
    const isTimeless = question.collected_at === undefined || question.collected_at === null
    if (group !== undefined && at !== undefined && isTimeless) {
      if (answer.assumed?.includes('collected_at')) group.assumesNow = { is: true, seq: at.seq }
      else if (answer.reason === 'collected_at_required') group.assumesNow = { is: false, seq: at.seq }
    }
    return answer
  }

  return {
    peek,
    async check(question) {
      try {
        const local = peek(question)
        if (local !== undefined) return local
        const group = groupOf(question)
        if (group !== undefined && mayResolve(group, question)) {
          const error = await want(group, question.subject)
          if (error !== undefined && error.code === 'unreachable') return unanswered(error)
          const resolved = peek(question)
          if (resolved !== undefined) return resolved
        }
        return await askServer(question, group)
      } catch (error) {
        return unanswered(error)
      }
    },
    async preload(ids, terms) {
      const group = groupOf({ ...terms, subject: '' } as CheckQuestion)
      if (group === undefined) return 0
      const batches = new Map<string, string[]>()
      let kept = 0
      const flush = async (namespace: string) => {
        const batch = batches.get(namespace) ?? []
        batches.set(namespace, [])
        if (batch.length > 0) kept += await load(group, namespace, batch)
      }
      for await (const subject of ids) {
        if (!isLine(subject)) continue
        const colon = subject.indexOf(':')
        const namespace = subject.slice(0, colon)
        const batch = batches.get(namespace) ?? []
        batches.set(namespace, batch)
        batch.push(subject.slice(colon + 1))
        if (batch.length === idsAtOnce) await flush(namespace)
      }
      for (const namespace of batches.keys()) await flush(namespace)
      return kept
    },
    ready: (patienceMs) => follower.ready(patienceMs),
    state: () => ({
      size: index.size,
      revision: follower.revision ?? null,
      isFresh: follower.isFresh(momentNow()),
    }),
    close: () => follower.close(),
  }
}

const stale: Decided = {
  allowed: false,
  reason: 'stale',
  because: 'The change feed was not heard from recently enough to answer.',
  isLocal: true,
}

const isLine = (subject: string) => /^[^:\n]+:[^\n]+$/.test(subject)

/**
 * One text for all questions that differ in nothing but whom they are about, and when. Undefined where a member is not
 * known or of another kind than it should be: the server says what is wrong with it.
 */
function keyOf(question: CheckQuestion): string | undefined {
  let property = ''
  let recipient = ''
  let regime = ''
  let source = ''
  let categories = ''
  for (const name in question) {
    const value: unknown = question[name as keyof CheckQuestion]
    if (value === undefined || value === null) continue
    if (name === 'categories') {
      if (!Array.isArray(value) || value.length === 0) return undefined
      categories = JSON.stringify(value)
      continue
    }
    if (typeof value !== 'string' || (value === '' && name !== 'subject')) return undefined
    switch (name) {
      case 'property':
        property = value
        break
      case 'recipient':
        recipient = value
        break
      case 'regime':
        regime = value
        break
      case 'source_purpose':
        source = value
        break
      case 'purpose':
      case 'subject':
      case 'collected_at':
      case 'at_least':
        break
      default:
        return undefined
    }
  }
  const { purpose } = question
  if (property === '' && recipient === '' && regime === '' && source === '' && categories === '')
    return purpose
  return `${purpose}\0${property}\0${recipient}\0${regime}\0${source}\0${categories}`
}
