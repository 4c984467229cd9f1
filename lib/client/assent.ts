import { checkMany } from './check-many.ts'
import { type CheckAnswer, type CheckQuestion, createClient } from './client.ts'
import { type Decided, readAnswer, unanswered } from './decided.ts'
import { createEmbedded, type Embedded, type EmbeddedOptions } from './embedded/embedded.ts'
import { type Filtered, type FilterQuestion, filterRecords } from './filter-records.ts'
import { type Change, type FollowOptions, followChanges } from './follow-changes.ts'
import { type Recorded, recordConsents, type Statement } from './record-consents.ts'
import { retrying } from './retry.ts'

export type AssentOptions = {
  /** Where Assent answers: `https://consent.example.com`. */
  readonly url: string
  readonly key: string
  /** How long a decision may take, repeated attempts included; 2,000 where not given. Past it the answer is no. */
  readonly timeoutMs?: number
  /** How long a write may take, or a filter stand still; 15,000 where not given. */
  readonly patienceMs?: number
  readonly fetch?: typeof fetch
}

export type Assent = ReturnType<typeof createAssent>

/**
 * Assent for services: asks before data is used, and fails closed.
 *
 * `check`, `isAllowed` and `checkMany` **never reject**: what is not answered in time and whole is a no, with `error`.
 * `filter`, `watch` and `recordConsents` **reject**, since half of a file, a gap or a lost withdrawal must not pass
 * unseen. Needs the scopes of what is called: `decisions:read`, `changes:read`, `consents:write`.
 */
export function createAssent(options: AssentOptions) {
  const baseUrl = options.url.replace(/\/+$/, '')
  const { key, timeoutMs = 2_000, patienceMs = 15_000 } = options
  const fetchOption = options.fetch === undefined ? {} : { fetch: options.fetch }
  const client = createClient({ baseUrl, key, timeoutMs: patienceMs, ...fetchOption })
  const { call } = client

  async function check(question: CheckQuestion): Promise<Decided> {
    try {
      return await retrying(timeoutMs, async (leftMs) =>
        readAnswer(await call<CheckAnswer>('POST', '/v1/check', question, { timeoutMs: leftMs })),
      )
    } catch (error) {
      return unanswered(error)
    }
  }

  return {
    /** May this data be used for this purpose, now? */
    check,
    /** The same as a boolean: `if (await assent.isAllowed(…))`. An answer of `check` is an object, and always truthy. */
    isAllowed: async (question: CheckQuestion): Promise<boolean> => (await check(question)).allowed === true,
    /** Many questions, 1,000 a request; the answers are in their order. */
    checkMany: (questions: readonly CheckQuestion[]) => checkMany(call, questions, timeoutMs),
    /** The records that may be used. Rejects where it cannot be complete; see `filterRecords`. */
    filter: <Item extends object | string>(
      records: AsyncIterable<Item> | Iterable<Item>,
      question: FilterQuestion,
    ): Filtered<Item> =>
      filterRecords(
        {
          baseUrl,
          call,
          headers: { Authorization: `Bearer ${key}` },
          fetch: options.fetch ?? fetch,
          timeoutMs: patienceMs,
        },
        records,
        question,
      ),
    /** Every change after a revision, without a gap; rejects where one cannot be ruled out. Resume with the last one's `revision`. */
    async *watch(following: FollowOptions): AsyncGenerator<Change, void, void> {
      for await (const { changes } of followChanges(call, following)) yield* changes
    },
    /** A client that keeps what it was told, and follows the feed to know what still holds. Close it at the end. */
    embed: (embedding: EmbeddedOptions = {}): Embedded => createEmbedded(client, check, timeoutMs, embedding),
    /** Records what a person said; rejects where it is not known to be recorded. */
    recordConsents: (
      statement: Statement,
      more: { readonly idempotencyKey?: string } = {},
    ): Promise<Recorded> =>
      recordConsents(call, statement, {
        idempotencyKey: more.idempotencyKey ?? crypto.randomUUID(),
        timeoutMs: patienceMs,
      }),
  }
}
