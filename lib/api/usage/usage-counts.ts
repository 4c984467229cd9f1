import type { OrganisationId, PurposeKey } from '../../domain/ids.ts'
import { denyReasons, permitReasons, type Reason } from '../../domain/reasons.ts'
import { KindSample, type Place } from './kind-sample.ts'
import type { UsageCount } from './usage-store.ts'

const reasons: readonly Reason[] = [...denyReasons, ...permitReasons]
const slots = new Map<string, number>(reasons.map((reason, slot) => [reason, slot]))

/** What purposes that nobody has published are counted under: a label is never what a caller made up. */
export const otherPurpose = 'other' as PurposeKey

/** Past so many kinds of answers in a day, further ones have no sample: what is kept stays bounded. */
const kindsMax = 5_000
/**
 * Between two calls of `makeRoom` so many answers are given a place, beside the first of each kind. Keeping one costs as
 * much as deciding it several times over, and where many keys begin to ask at once, all their samples are empty at once.
 */
const placesAtOnce = 200
const dayMs = 86_400_000

/** Answers of one key about one purpose, each number at the place of its reason. */
class Tally {
  readonly counts = new Float64Array(reasons.length)
  /** How many more to pass over until the next that is kept as one of its kind. */
  readonly until = new Float64Array(reasons.length)
  readonly samples: (KindSample | undefined)[] = []

  constructor(until: number) {
    this.until.fill(until)
  }
}

type KeyCounts = {
  readonly organisationId: OrganisationId
  readonly byPurpose: Map<string, Tally>
}

/**
 * Decisions by key, purpose and reason. Counting costs two look-ups and an addition, and no look-up where the same is
 * counted again; `isPurpose` is asked once for a purpose of a key. Of each kind of answer (a key, a purpose, a reason)
 * it draws up to `keptOfKind` a day, in UTC: the first of a kind always, further ones as `makeRoom` lets them, so that
 * while more are drawn than there is room for, one that comes a little later stands for each.
 */
export class UsageCounts {
  readonly #isPurpose: (organisationId: OrganisationId, purpose: PurposeKey) => boolean
  readonly #byKey = new Map<string, KeyCounts>()
  readonly #keptOfKind: number
  readonly #random: () => number
  readonly #totals = new Map<string, Float64Array>()
  #lastKey = ''
  #lastPurpose = ''
  #last = new Tally(0)
  #kinds = 0
  #day = -1
  #room = placesAtOnce

  constructor(
    isPurpose: (organisationId: OrganisationId, purpose: PurposeKey) => boolean,
    keptOfKind = 0,
    random: () => number = Math.random,
  ) {
    this.#isPurpose = isPurpose
    this.#keptOfKind = keptOfKind
    this.#random = random
  }

  /**
   * Counts one more; true where it is one to keep, which the next ones of its kind are until it, or one of them, was
   * given a place. `key` is an API key's id; ids are nobody else's in another organisation.
   */
  count(
    organisationId: OrganisationId,
    key: string,
    purpose: PurposeKey,
    reason: Reason,
    count = 1,
  ): boolean {
    const tally = this.#tally(organisationId, key, purpose)
    const slot = slots.get(reason)!
    tally.counts[slot]! += count
    const until = tally.until[slot]! - count
    tally.until[slot] = until
    return until < 0 && (this.#room > 0 || tally.samples[slot] === undefined)
  }

  /** Lets further answers be kept; called once a second. */
  makeRoom(): void {
    this.#room = placesAtOnce
  }

  /** The place of the answer counted last; undefined where there are too many kinds of them today. */
  place(organisationId: OrganisationId, key: string, purpose: PurposeKey, reason: Reason): Place | undefined {
    const tally = this.#tally(organisationId, key, purpose)
    const slot = slots.get(reason)!
    let sample = tally.samples[slot]
    if (sample === undefined) {
      if (this.#kinds >= kindsMax) {
        tally.until[slot] = Number.POSITIVE_INFINITY
        return undefined
      }
      this.#kinds += 1
      sample = new KindSample(this.#keptOfKind, this.#random)
      tally.samples[slot] = sample
    }
    this.#room -= 1
    const place = sample.place()
    tally.until[slot] = sample.gap()
    return place
  }

  #tally(organisationId: OrganisationId, key: string, purpose: PurposeKey): Tally {
    if (key !== this.#lastKey || purpose !== this.#lastPurpose) {
      this.#last = this.#countsOf(organisationId, key, purpose)
      this.#lastKey = key
      this.#lastPurpose = purpose
    }
    return this.#last
  }

  /** All samples begin again with the day. */
  #beginDay(day: number): void {
    if (day === this.#day) return
    this.#day = day
    this.#kinds = 0
    for (const { byPurpose } of this.#byKey.values()) {
      for (const tally of byPurpose.values()) {
        tally.samples.length = 0
        tally.until.fill(this.#untilFirst())
      }
    }
  }

  #untilFirst(): number {
    return this.#keptOfKind > 0 ? 0 : Number.POSITIVE_INFINITY
  }

  /** What was counted since the last call, as of the minute that begins at `minuteMs`. */
  take(minuteMs: number): readonly UsageCount[] {
    this.#beginDay(Math.floor(minuteMs / dayMs))
    const taken: UsageCount[] = []
    for (const [key, { organisationId, byPurpose }] of this.#byKey) {
      for (const [purpose, { counts }] of byPurpose) {
        const total = this.#totals.get(purpose) ?? new Float64Array(reasons.length)
        this.#totals.set(purpose, total)
        counts.forEach((count, slot) => {
          if (count === 0) return
          total[slot]! += count
          taken.push({ organisationId, key, purpose, reason: reasons[slot]!, minuteMs, count })
        })
        counts.fill(0)
      }
    }
    return taken
  }

  /** All that was ever counted here, by purpose and reason. */
  *totals(): Generator<readonly [purpose: string, reason: Reason, count: number]> {
    const all = new Map([...this.#totals].map(([purpose, counts]) => [purpose, counts.slice()]))
    for (const { byPurpose } of this.#byKey.values()) {
      for (const [purpose, { counts }] of byPurpose) {
        const total = all.get(purpose) ?? new Float64Array(reasons.length)
        all.set(purpose, total)
        for (let slot = 0; slot < counts.length; slot++) total[slot]! += counts[slot]!
      }
    }
    for (const [purpose, counts] of all) {
      for (const [slot, count] of counts.entries()) if (count > 0) yield [purpose, reasons[slot]!, count]
    }
  }

  #countsOf(organisationId: OrganisationId, key: string, asked: PurposeKey): Tally {
    let own = this.#byKey.get(key)
    if (own === undefined) {
      own = { organisationId, byPurpose: new Map() }
      this.#byKey.set(key, own)
    }
    const known = own.byPurpose.get(asked)
    if (known !== undefined) return known
    const purpose = this.#isPurpose(organisationId, asked) ? asked : otherPurpose
    let counts = own.byPurpose.get(purpose)
    if (counts === undefined) {
      counts = new Tally(this.#untilFirst())
      own.byPurpose.set(purpose, counts)
    }
    return counts
  }
}
