import { AssentApiError, type AssentClient, problemOf } from '../client.ts'
import { type Change, type ChangePage, FeedChain } from '../follow-changes.ts'
import { pause, pauseMs } from '../retry.ts'
import { type Position, readRevision } from '../revision.ts'
import { type Moment, momentNow, sinceMs } from './moment.ts'

/** Past this age of the last contact nothing may be answered. */
export const stalenessBoundMs = 2_000
const heartbeatEveryMs = 400
const pageMax = 1_000
const waitSeconds = 20
const graceMs = 3_000

/** What a follower tells. */
export type FollowerListener = {
  /** The following begins, or begins again: whatever was known before counts for nothing. */
  begin(at: Position): void
  see(change: Change): void
  /** An answer's `Date`, to compare clocks by. */
  hear(date: string | null, now: Moment): void
  trouble(error: AssentApiError): void
}

/**
 * Follows the change feed from now on, and knows how old that knowledge is.
 *
 * Changes come by a long poll. Beside it the server is asked every 400 ms how far its log goes: once everything up to
 * there was read, this knew everything at the moment *that question was sent*, less what the server itself lags behind.
 * Age is never counted from an answer's arrival, since an answer may have been on its way for any time. A long poll by
 * itself proves nothing while it waits.
 */
export class FeedFollower {
  readonly #client: Pick<AssentClient, 'call' | 'exchange'>
  readonly #listener: FollowerListener
  readonly #stop = new AbortController()
  #chain: FeedChain | undefined
  #contact: Moment = { monoMs: Number.NEGATIVE_INFINITY, wallMs: Number.NEGATIVE_INFINITY }
  readonly #waiting = new Set<() => void>()

  constructor(client: Pick<AssentClient, 'call' | 'exchange'>, listener: FollowerListener) {
    this.#client = client
    this.#listener = listener
    void this.#beat()
    void this.#follow()
  }

  /** The revision up to which everything was seen; undefined before the first contact. */
  get revision(): string | undefined {
    return this.#chain?.after
  }

  get at(): Position | undefined {
    return this.#chain?.at
  }

  isFresh(now: Moment): boolean {
    return sinceMs(this.#contact, now) <= stalenessBoundMs
  }

  /** Resolves true at the first contact, false after `timeoutMs`. */
  async ready(timeoutMs: number): Promise<boolean> {
    if (this.isFresh(momentNow())) return true
    return new Promise((resolve) => {
      const end = (isReady: boolean) => {
        clearTimeout(timer)
        this.#waiting.delete(wake)
        resolve(isReady)
      }
      const wake = () => end(true)
      const timer = setTimeout(() => end(false), timeoutMs)
      this.#waiting.add(wake)
    })
  }

  /** Nothing is fresh from here on. */
  close(): void {
    this.#stop.abort()
    this.#lose()
  }

  async #beat(): Promise<void> {
    const { signal } = this.#stop
    while (!signal.aborted) {
      const sent = momentNow()
      try {
        await this.#ask(sent)
      } catch (error) {
        this.#suffer(error)
      }
      await pause(Math.max(0, heartbeatEveryMs - sinceMs(sent, momentNow())), signal)
    }
  }

  /** How far the server's log goes, and whether all of it was seen. */
  async #ask(sent: Moment): Promise<void> {
    const { response, bytes } = await this.#client.exchange('GET', '/readyz', undefined, {
      signal: this.#stop.signal,
      timeoutMs: stalenessBoundMs,
    })
    const told = JSON.parse(new TextDecoder().decode(bytes)) as { revision?: unknown; lag_ms?: unknown }
    if (!response.ok) throw problemOf(response, told)
    const head = readRevision(told.revision)
    const lagMs = told.lag_ms
    if (head === undefined || typeof lagMs !== 'number' || !(lagMs >= 0)) {
      throw new AssentApiError(0, 'unreachable', 'The server does not say how far it is.')
    }
    this.#listener.hear(response.headers.get('date'), momentNow())
    // Another log: the server was restored. What was read of the old one says nothing about it.
    if (this.#chain === undefined || this.#chain.at.log !== head.log) this.#begin(told.revision as string)
    if (head.seq < this.#chain!.at.seq) {
      // A node that is behind proves nothing; a log that went back says so when it is read.
      await this.#read(0)
      return
    }
    while (!this.#hasSeen(head)) {
      const before = this.#chain?.at
      await this.#read(0)
      // A node that is behind the one that told: the next heartbeat finds them together, or another one does.
      if (this.#chain?.at === before || this.#stop.signal.aborted) return
    }
    if (this.#stop.signal.aborted) return
    // The lag is rounded.
    const contact = { monoMs: sent.monoMs - lagMs - 1, wallMs: sent.wallMs - lagMs - 1 }
    if (contact.monoMs > this.#contact.monoMs) this.#contact = contact
    if (this.isFresh(momentNow())) for (const wake of this.#waiting) wake()
  }

  #hasSeen(head: Position): boolean {
    return this.#chain?.at.log === head.log && this.#chain.at.seq >= head.seq
  }

  async #follow(): Promise<void> {
    const { signal } = this.#stop
    for (let failures = 0; !signal.aborted; ) {
      if (this.#chain === undefined) {
        await pause(50, signal)
        continue
      }
      try {
        await this.#read(waitSeconds)
        failures = 0
      } catch (error) {
        this.#suffer(error)
        failures += 1
        await pause(pauseMs(failures, error instanceof AssentApiError ? error : undefined), signal)
      }
    }
  }

  async #read(wait: number): Promise<void> {
    const chain = this.#chain
    if (chain === undefined) return
    const query = `after=${encodeURIComponent(chain.after)}&limit=${pageMax}&wait=${wait}`
    const page = await this.#client.call<ChangePage>('GET', `/v1/changes?${query}`, undefined, {
      signal: this.#stop.signal,
      timeoutMs: wait * 1_000 + graceMs,
    })
    // It may have begun again meanwhile, or the other reader may be further.
    if (chain !== this.#chain) return
    const rest = restOf(page, chain)
    if (rest === undefined) return
    chain.add(rest)
    for (const change of rest.changes) this.#listener.see(change)
  }

  #begin(revision: string): void {
    this.#lose()
    this.#chain = new FeedChain(revision)
    this.#listener.begin(this.#chain.at)
  }

  #lose(): void {
    this.#contact = { monoMs: Number.NEGATIVE_INFINITY, wallMs: Number.NEGATIVE_INFINITY }
  }

  #suffer(error: unknown): void {
    if (this.#stop.signal.aborted) return
    const known =
      error instanceof AssentApiError
        ? error
        : new AssentApiError(0, 'unreachable', 'What was received cannot be read.', error)
    if (known.code === 'feed_gap' || known.code === 'revision_unknown') {
      this.#lose()
      this.#chain = undefined
    }
    this.#listener.trouble(known)
  }
}

/** What a page has beyond `chain`, which may have gone on since it was asked for; undefined where nothing. */
function restOf(page: ChangePage, chain: FeedChain): ChangePage | undefined {
  const [from, to] = [readRevision(page.from), readRevision(page.to)]
  if (from === undefined || to === undefined || from.log !== chain.at.log || from.seq > chain.at.seq)
    return page
  if (to.seq <= chain.at.seq) return undefined
  const changes = page.changes.filter(({ revision }) => (readRevision(revision)?.seq ?? 0) > chain.at.seq)
  return { ...page, from: chain.after, changes }
}
