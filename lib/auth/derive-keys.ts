import { createHash, hkdfSync } from 'node:crypto'
import type { OrganisationId } from '../domain/ids.ts'

/** All keys that follow from the root secret (HKDF-SHA-256, RFC 5869), one label each. */
export type Keys = {
  /** 16 bytes: digests of identifiers (SipHash-2-4-128). */
  readonly lookup: Uint8Array
  /** Wraps the key of each subject. */
  readonly wrap: Uint8Array
  /** Seals the evidence of configuration events. */
  readonly organisationSeal: Uint8Array
  readonly subjectToken: Uint8Array
  readonly snapshot: Uint8Array
  /** Fingerprints of repeatable requests. */
  readonly idempotency: Uint8Array
  /** 16 bytes: digests of who repeats them under which key (SipHash-2-4-128). */
  readonly idempotencyName: Uint8Array
  readonly nextAuth: Uint8Array
  /** Seals the secrets of members' second factors. */
  readonly secondFactor: Uint8Array
  /** Seals what is known of somebody between the steps of signing in. */
  readonly signInTicket: Uint8Array
  /** Seals whom a link or a hand-over opens the choices of. */
  readonly subjectCode: Uint8Array
  readonly filter: Uint8Array
  /** Digests of what questions named that no registry has. */
  readonly question: Uint8Array
  /** Seals where a search goes on. */
  readonly search: Uint8Array
  /** Of which each organisation's export key is derived; see `exportKeyOf`. */
  readonly snapshotExport: Uint8Array
  /** 16 hex digits by which a database recognises its root secret. */
  readonly fingerprint: string
}

/** `secret` is 32 random bytes. */
export function deriveKeys(secret: Uint8Array): Keys {
  const derive = (label: string, bytes = 32) =>
    new Uint8Array(hkdfSync('sha256', secret, new Uint8Array(), `assent/${label}`, bytes))
  return {
    lookup: derive('lookup', 16),
    wrap: derive('wrap'),
    organisationSeal: derive('organisation-seal'),
    subjectToken: derive('subject-token'),
    snapshot: derive('snapshot'),
    idempotency: derive('idempotency'),
    idempotencyName: derive('idempotency-name', 16),
    nextAuth: derive('next-auth'),
    secondFactor: derive('second-factor'),
    signInTicket: derive('sign-in-ticket'),
    subjectCode: derive('subject-code'),
    filter: derive('filter'),
    question: derive('question'),
    search: derive('search'),
    snapshotExport: derive('snapshot-export'),
    fingerprint: createHash('sha256').update(derive('fingerprint')).digest('hex').slice(0, 16),
  }
}

/** The key of one organisation's join keys in snapshots: 32 bytes. It opens nothing that is sealed. */
export function exportKeyOf(keys: Pick<Keys, 'snapshotExport'>, organisationId: OrganisationId): Uint8Array {
  const info = `assent/snapshot-export/${organisationId}`
  return new Uint8Array(hkdfSync('sha256', keys.snapshotExport, new Uint8Array(), info, 32))
}
