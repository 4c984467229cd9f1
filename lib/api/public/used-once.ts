import type { Once } from '../../auth/subject-tokens.ts'
import { AssentError } from '../../domain/errors.ts'

const rememberedMax = 200_000

/**
 * Snapshots serve once. They are remembered for as long as they are valid; one signed before this process began is
 * taken for used, since nobody remembers it.
 */
export class UsedOnce {
  readonly #startedAtMs: number
  readonly #used = new Map<string, number>()

  constructor(startedAtMs: number) {
    this.#startedAtMs = Math.floor(startedAtMs / 1000) * 1000
  }

  /** Runs `work` as the one use of a snapshot; where it fails, the snapshot is as good as before. */
  async use<T>(snapshot: Once, work: () => Promise<T>): Promise<T> {
    if (this.#used.has(snapshot.jti) || snapshot.issuedAtMs < this.#startedAtMs) {
      throw new AssentError('snapshot_used', 'Ask for the experience again.')
    }
    this.#remember(snapshot)
    try {
      return await work()
    } catch (error) {
      this.#used.delete(snapshot.jti)
      throw error
    }
  }

  #remember({ jti, expiresAtMs, issuedAtMs }: Once): void {
    this.#used.set(jti, expiresAtMs)
    if (this.#used.size <= rememberedMax) return
    // In the order they were used; those that have run out go first.
    for (const [old, endsAtMs] of this.#used) {
      if (endsAtMs > issuedAtMs) return
      this.#used.delete(old)
    }
  }
}
