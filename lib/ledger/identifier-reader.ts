import type { OrganisationId } from '../domain/ids.ts'
import { unseal } from './seal.ts'

/** An identifier as it is stored. */
export type SealedIdentifier = {
  /** 16 bytes. */
  readonly digest: Uint8Array
  readonly namespace: string
  /** Null where it was erased, or is not of the namespace asked for. */
  readonly sealed: Uint8Array | null
  /** The key it is sealed under, itself wrapped; null as above. */
  readonly wrappedKey: Uint8Array | null
}

/** Where identifiers are kept. */
export type IdentifierStore = {
  /** At most `limit` rows with a digest after `after`, in its order, sealed values of `namespace` alone. */
  after(
    organisationId: OrganisationId,
    namespace: string,
    options: { readonly after: Uint8Array; readonly limit: number },
  ): Promise<readonly SealedIdentifier[]>
}

/** Identifiers in clear: for those who may search, never for a decision. */
export type IdentifierReader = {
  /**
   * Looks at `limit` stored identifiers after the digest `after` (empty: from the first) and answers those of the
   * namespace, in the order of their digests, which an identifier keeps for life. `end` is the last one looked at; null
   * where none are left.
   */
  page(
    organisationId: OrganisationId,
    namespace: string,
    options: { readonly after: Uint8Array; readonly limit: number },
  ): Promise<{
    readonly identifiers: readonly { readonly digest: Uint8Array; readonly id: string }[]
    readonly end: Uint8Array | null
  }>
}

/** `wrap` is the 32-byte key that subjects' keys are stored under. */
export function createIdentifierReader(store: IdentifierStore, wrap: Uint8Array): IdentifierReader {
  return {
    async page(organisationId, namespace, options) {
      const rows = await store.after(organisationId, namespace, options)
      const identifiers = rows.flatMap(({ digest, sealed, wrappedKey }) => {
        if (sealed === null || wrappedKey === null) return []
        return [{ digest, id: Buffer.from(unseal(unseal(wrap, wrappedKey), sealed)).toString('utf8') }]
      })
      return { identifiers, end: rows.length < options.limit ? null : (rows.at(-1)?.digest ?? null) }
    },
  }
}
