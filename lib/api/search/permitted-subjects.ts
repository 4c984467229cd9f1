import { setImmediate as giveWay } from 'node:timers/promises'
import type { IdentifierReader } from '../../ledger/identifier-reader.ts'
import type { Asking } from './asking.ts'

/** Identifiers read and decided at once; a few milliseconds. */
const readAtOnce = 200
/** A page ends after so many that are not found, so that a call has an end. */
const lookedAtMax = 5_000

/**
 * A page of those of a namespace for whom the question is permitted, by the digests of their identifiers. A digest is an
 * identifier's for life, so a later page neither repeats nor passes over anyone, whoever comes and goes between.
 */
export async function permittedSubjects(
  asking: Asking,
  reader: IdentifierReader,
  options: { readonly namespace: string; readonly after: Uint8Array; readonly limit: number },
): Promise<{ readonly results: readonly object[]; readonly next: Uint8Array | null }> {
  const { namespace, limit } = options
  const results: object[] = []
  let { after } = options
  for (let lookedAt = 0; lookedAt < lookedAtMax; lookedAt += readAtOnce) {
    if (results.length >= limit) return { results, next: after }
    const { identifiers, end } = await reader.page(asking.organisationId, namespace, {
      ...{ after, limit: readAtOnce },
    })
    for (const { digest, id } of identifiers) {
      if (results.length >= limit) return { results, next: after }
      if (asking.isPermittedFor(namespace, id)) results.push({ type: namespace, id })
      after = digest
    }
    if (end === null) return { results, next: null }
    after = end
    await giveWay()
  }
  return { results, next: after }
}
