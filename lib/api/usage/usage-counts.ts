import type { OrganisationId, PurposeKey } from '../../domain/ids.ts'
import { denyReasons, permitReasons, type Reason } from '../../domain/reasons.ts'
import type { UsageCount } from './usage-store.ts'

const reasons: readonly Reason[] = [...denyReasons, ...permitReasons]
const slots = new Map<string, number>(reasons.map((reason, slot) => [reason, slot]))

/** What purposes that nobody has published are counted under: a label is never what a caller made up. */
export const otherPurpose = 'other' as PurposeKey

type KeyCounts = {
  readonly organisationId: OrganisationId
  readonly byPurpose: Map<string, Float64Array>
}

/**
 * Decisions by key, purpose and reason. Counting costs two look-ups and an addition, and nothing where the same is
 * counted again; `isPurpose` is asked once for a purpose of a key.
 */
export class UsageCounts {
  readonly #isPurpose: (organisationId: OrganisationId, purpose: PurposeKey) => boolean
  readonly #byKey = new Map<string, KeyCounts>()
  readonly #totals = new Map<string, Float64Array>()
  #lastKey = ''
  #lastPurpose = ''
  #last: Float64Array = new Float64Array(reasons.length)

  constructor(isPurpose: (organisationId: OrganisationId, purpose: PurposeKey) => boolean) {
    this.#isPurpose = isPurpose
  }

  /** `key` is an API key's id; ids are nobody else's in another organisation. */
  count(organisationId: OrganisationId, key: string, purpose: PurposeKey, reason: Reason, count = 1): void {
    if (key !== this.#lastKey || purpose !== this.#lastPurpose) {
      this.#last = this.#countsOf(organisationId, key, purpose)
      this.#lastKey = key
      this.#lastPurpose = purpose
    }
    this.#last[slots.get(reason)!]! += count
  }

  /** What was counted since the last call, as of the minute that begins at `minuteMs`. */
  take(minuteMs: number): readonly UsageCount[] {
    const taken: UsageCount[] = []
    for (const [key, { organisationId, byPurpose }] of this.#byKey) {
      for (const [purpose, counts] of byPurpose) {
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
      for (const [purpose, counts] of byPurpose) {
        const total = all.get(purpose) ?? new Float64Array(reasons.length)
        all.set(purpose, total)
        for (let slot = 0; slot < counts.length; slot++) total[slot]! += counts[slot]!
      }
    }
    for (const [purpose, counts] of all) {
      for (const [slot, count] of counts.entries()) if (count > 0) yield [purpose, reasons[slot]!, count]
    }
  }

  #countsOf(organisationId: OrganisationId, key: string, asked: PurposeKey): Float64Array {
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
      counts = new Float64Array(reasons.length)
      own.byPurpose.set(purpose, counts)
    }
    return counts
  }
}
