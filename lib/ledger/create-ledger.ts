import type { Clock } from '../domain/clock.ts'
import { AssentError } from '../domain/errors.ts'
import type { AppliedIndex } from './applied-index.ts'
import { BatchPipeline } from './batch-pipeline.ts'
import type { Call, CallAnswer, Repeat } from './call.ts'
import type { Ids } from './draft.ts'
import type { Ledger, RecordedConsents } from './ledger.ts'
import type { LedgerStore } from './ledger-store.ts'
import { planConsents } from './plan-consents.ts'
import { planGpc } from './plan-gpc.ts'
import { planLink, planUnlink } from './plan-link.ts'
import { planPublish } from './plan-publish.ts'
import { Repeats } from './repeats.ts'
import { Sealer } from './sealer.ts'

const forgetEveryMs = 3_600_000

/** The keys the writer uses; see `deriveKeys`. */
export type LedgerKeys = {
  readonly lookup: Uint8Array
  readonly wrap: Uint8Array
  readonly organisationSeal: Uint8Array
  readonly idempotency: Uint8Array
  readonly idempotencyName: Uint8Array
}

/**
 * The one writer of a log, as `Ledger` promises. It becomes the writer with its first batch, and again after the
 * database was away. `fatal` is called where a committed batch cannot be applied: the process must end then, so
 * that it never answers from before a withdrawal it acknowledged; no call is answered any more.
 */
export function createLedger(options: {
  readonly store: LedgerStore
  readonly index: AppliedIndex
  readonly keys: LedgerKeys
  readonly clock: Clock
  readonly ids: Ids
  readonly fatal: (error: unknown) => void
}): Ledger {
  const { store, index, keys, clock } = options
  const repeats = new Repeats(keys.idempotencyName, keys.idempotency)
  const pipeline = new BatchPipeline({ ...options, sealer: new Sealer(keys) })
  /** Digests of repeatable calls that are not answered yet. */
  const underWay = new Set<string>()
  let isClosed = false

  function submit(plan: Call['plan'], repeat: Repeat | null = null): Promise<CallAnswer> {
    if (isClosed) throw new AssentError('log_unavailable', 'The server is stopping; nothing was written.')
    return new Promise((resolve, reject) => {
      pipeline.submit({ plan, repeat, nowMs: clock(), resolve, reject, tries: 0 })
    })
  }

  const at = (seq: number) => ({ ...index.revision(), seq })
  const forgetting = setInterval(() => void store.forget().catch(() => undefined), forgetEveryMs)
  forgetting.unref()

  return {
    async recordConsents(command, idempotency) {
      const { organisationId } = command
      const repeat = idempotency === null ? null : repeats.of(organisationId, idempotency)
      if (repeat !== null && underWay.has(repeat.digest)) {
        throw new AssentError('idempotency_key_in_use', 'A request with this idempotency key is under way.')
      }
      if (repeat !== null) underWay.add(repeat.digest)
      try {
        const { outcome, seq, isReplay } = await submit((draft) => planConsents(draft, command), repeat)
        const recorded = outcome as Omit<RecordedConsents, 'revision' | 'isReplay'>
        return { ...recorded, revision: at(seq), isReplay }
      } finally {
        if (repeat !== null) underWay.delete(repeat.digest)
      }
    },
    async recordGpc(organisationId, subject, property) {
      const { outcome, seq } = await submit((draft) => planGpc(draft, organisationId, subject, property))
      return { revision: at(seq), isNew: (outcome as { isNew: boolean }).isNew }
    },
    async recordFact(organisationId, subject, body) {
      const { seq } = await submit((draft) => {
        const subjectId = draft.subjectFor(organisationId, subject)
        draft.appendToSubject(organisationId, subjectId, { body, occurredAtMs: null, evidence: {} })
        return {}
      })
      return { revision: at(seq) }
    },
    async linkSubjects(organisationId, a, b) {
      const { seq } = await submit((draft) => planLink(draft, organisationId, a, b))
      return { revision: at(seq) }
    },
    async unlinkSubjects(organisationId, a, b) {
      const { seq } = await submit((draft) => planUnlink(draft, organisationId, a, b))
      return { revision: at(seq) }
    },
    async publish(organisationId, bodies) {
      const { outcome, seq } = await submit((draft) => planPublish(draft, organisationId, bodies))
      return { revision: at(seq), firstSeq: (outcome as { firstSeq: number }).firstSeq }
    },
    load: () => pipeline.load(),
    async close() {
      isClosed = true
      clearInterval(forgetting)
      await pipeline.whenIdle()
      await store.close()
    },
  }
}
