import { hash } from 'node:crypto'
import { AssentError } from '../domain/errors.ts'
import { IdentifierDigest } from '../domain/identifier-digest.ts'
import type { OrganisationId } from '../domain/ids.ts'
import type { Call, Repeat } from './call.ts'
import type { Idempotency } from './ledger.ts'
import type { KeptAnswer } from './ledger-store.ts'

/** Recognises repeated calls by keyed digests, so that neither keys nor requests are stored. */
export class Repeats {
  readonly #names: IdentifierDigest
  readonly #fingerprintKey: Uint8Array

  /** `nameKey` is 16 bytes, `fingerprintKey` 32. */
  constructor(nameKey: Uint8Array, fingerprintKey: Uint8Array) {
    this.#names = new IdentifierDigest(nameKey)
    this.#fingerprintKey = fingerprintKey
  }

  of(organisationId: OrganisationId, { principal, key, request }: Idempotency): Repeat {
    const name = { namespace: 'idempotency', id: `${principal}\0${key}` }
    const digest = Buffer.from(this.#names.bytes(organisationId, name)).toString('hex')
    // Key and message are of one length always, so that a plain hash of both is a sound PRF.
    const keyed = Buffer.concat([this.#fingerprintKey, request], 64)
    return { digest, fingerprint: Buffer.from(hash('sha256', keyed, 'hex'), 'hex') }
  }
}

/** What is kept to answer a call again. */
export function keptAnswer({ digest, fingerprint }: Repeat, outcome: object, seq: number): KeptAnswer {
  return { digest, fingerprint, outcome: JSON.stringify({ ...outcome, seq }) }
}

/** Gives a call the answer that is kept under its digest; `idempotency_key_reused` where that is another request's. */
export function answerFromKept(call: Call, kept: KeptAnswer): void {
  if (call.repeat !== null && Buffer.compare(kept.fingerprint, call.repeat.fingerprint) === 0) {
    const { seq, ...outcome } = JSON.parse(kept.outcome) as { seq: number }
    call.resolve({ outcome, seq, isReplay: true })
  } else {
    const why = 'This idempotency key was used for another request.'
    call.reject(new AssentError('idempotency_key_reused', why))
  }
}

/** How far the log must be applied before a kept answer may be given. */
export function seqOf(kept: KeptAnswer): number {
  return (JSON.parse(kept.outcome) as { seq: number }).seq
}
