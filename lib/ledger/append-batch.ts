import { setTimeout as delay } from 'node:timers/promises'
import { AssentError } from '../domain/errors.ts'
import { type Batch, BatchRefused, CommitUnknown, type KeptAnswer, type LedgerStore } from './ledger-store.ts'

/** What became of a batch. */
export type Outcome =
  /** `isLost`: the connection and the lease are gone, the batch is there. */
  | { readonly is: 'committed'; readonly isLost: boolean }
  /** The log does not end where the batch expects it. */
  | { readonly is: 'moved' }
  /** Some of its calls were made before, and these are their answers. */
  | { readonly is: 'repeated'; readonly kept: readonly KeptAnswer[] }
  /** The database refuses what it holds. */
  | { readonly is: 'refused'; readonly error: BatchRefused }
  | { readonly is: 'failed'; readonly error: AssentError }

/**
 * Appends a batch; all outcomes but `committed` mean that nothing was written, now or later. Where it was not answered,
 * its outcome is read back, for as long as it takes. Never rejects.
 */
export async function appendBatch(store: LedgerStore, batch: Batch): Promise<Outcome> {
  try {
    const outcome = await store.append(batch)
    if (outcome === 'committed') return { is: 'committed', isLost: false }
    return outcome === 'moved' ? { is: 'moved' } : { is: 'repeated', kept: outcome }
  } catch (error) {
    if (error instanceof BatchRefused) return { is: 'refused', error }
    if (!(error instanceof CommitUnknown)) return { is: 'failed', error: unavailable(error) }
  }
  for (let tries = 0; ; tries++) {
    try {
      if (await store.hasCommitted(batch.id)) return { is: 'committed', isLost: true }
      const why = 'The database was cut off; nothing was written.'
      return { is: 'failed', error: new AssentError('log_unavailable', why) }
    } catch {
      await delay(Math.min(50 * 2 ** tries, 2_000))
    }
  }
}

/** An error as callers see it where the log could not be written. */
export function unavailable(error: unknown): AssentError {
  if (error instanceof AssentError) return error
  const why = 'The log cannot be written now; nothing was written.'
  return new AssentError('log_unavailable', why, { cause: error })
}
