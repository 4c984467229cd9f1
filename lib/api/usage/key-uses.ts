import type { OrganisationId } from '../../domain/ids.ts'
import type { KeyUse } from './usage-store.ts'

/** Which keys were presented, whatever for, to the minute. Noting the same key again costs a comparison. */
export class KeyUses {
  readonly #used = new Map<string, OrganisationId>()
  /** Beginning of the last minute that was taken, by key. */
  readonly #taken = new Map<string, number>()
  #last = ''

  /** `key` is an API key's id; ids are nobody else's in another organisation. */
  note(organisationId: OrganisationId, key: string): void {
    if (key === this.#last) return
    this.#last = key
    this.#used.set(key, organisationId)
  }

  /** What was noted since the last call, as of the minute that begins at `minuteMs`. */
  take(minuteMs: number): readonly KeyUse[] {
    const taken = [...this.#used].map(([key, organisationId]) => ({ organisationId, key, minuteMs }))
    for (const { key } of taken) this.#taken.set(key, minuteMs)
    this.#used.clear()
    this.#last = ''
    return taken
  }

  /** When this process saw the key last: `nowMs` where it is to be taken yet; undefined where it never did. */
  lastMs(key: string, nowMs: number): number | undefined {
    return this.#used.has(key) ? nowMs : this.#taken.get(key)
  }
}
