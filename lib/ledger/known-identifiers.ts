import type { OrganisationId, SubjectId } from '../domain/ids.ts'
import { unseal } from './seal.ts'

/** An identifier as it is stored. */
export type SealedIdentifier = {
  /** 16 bytes; pages go on from it. */
  readonly digest: Uint8Array
  readonly namespace: string
  readonly subjectId: SubjectId
  readonly sealed: Uint8Array
  readonly wrappedKey: Uint8Array
}

/** Where identifiers lie sealed. */
export type SealedIdentifiers = {
  /** At most `limit` of an organisation's, ordered by digest, after `after`; those that were erased are not among them. */
  page(
    organisationId: OrganisationId,
    after: Uint8Array | null,
    limit: number,
  ): Promise<readonly SealedIdentifier[]>
}

/** An identifier in clear: it must not leave the process so. */
export type KnownIdentifier = {
  readonly namespace: string
  /** In its namespace's normal form. */
  readonly id: string
  readonly subjectId: SubjectId
}

const pageSize = 2_000

/**
 * Opens every identifier of an organisation, one after another in no telling order, a page in memory at a time. One
 * that is recorded meanwhile may be missed. Throws where one does not open.
 */
export async function* openIdentifiers(
  store: SealedIdentifiers,
  /** 32 bytes, under which subjects' keys are stored. */
  wrapKey: Uint8Array,
  organisationId: OrganisationId,
): AsyncGenerator<KnownIdentifier> {
  let page = await store.page(organisationId, null, pageSize)
  while (page.length > 0) {
    const next = page.length < pageSize ? [] : store.page(organisationId, page.at(-1)!.digest, pageSize)
    // It is awaited below; until then its failure is nobody's.
    if (next instanceof Promise) next.catch(() => undefined)
    for (const { namespace, subjectId, sealed, wrappedKey } of page) {
      const id = Buffer.from(unseal(unseal(wrapKey, wrappedKey), sealed)).toString()
      yield { namespace, id, subjectId }
    }
    page = await next
  }
}
