import { AssentError } from '../domain/errors.ts'
import { parseIdentifier } from '../domain/identifier.ts'
import { parseInstant } from '../domain/parse-instant.ts'
import { formatRevision } from '../domain/revision.ts'
import type { ConsentCommand, RecordedConsents } from '../ledger/ledger.ts'
import type { Principal } from './authenticate.ts'
import { asciiJson } from './hot/answer.ts'
import type { ConsentsBody } from './schemas/consents.ts'

const evidenceBytesMax = 16_384

/**
 * What a read body asks the ledger to record in its caller's name. Throws `scope_missing`, `import_needs_evidence`,
 * `body_invalid`.
 */
export function consentCommand(body: ConsentsBody, principal: Principal): ConsentCommand {
  const isImport = body.actor === 'import'
  if (isImport && !principal.scopes.includes('consents:import')) {
    throw new AssentError('scope_missing', 'An import needs the scope consents:import.')
  }
  if (isImport && !body.evidence?.reference) {
    throw new AssentError('import_needs_evidence', 'An import names where its proof lies.', {
      pointer: '/evidence/reference',
    })
  }
  if (body.import != null && !isImport) {
    throw new AssentError('body_invalid', 'Only what the actor import brings can name its import.', {
      pointer: '/import',
    })
  }
  const evidence = { ...body.evidence, method: body.evidence?.method ?? null }
  if (JSON.stringify(evidence).length > evidenceBytesMax) {
    throw new AssentError('body_invalid', 'The evidence may have 16 KiB.', { pointer: '/evidence' })
  }
  return {
    organisationId: principal.organisationId,
    subject: parseIdentifier(body.subject)!,
    property: body.property ?? null,
    notice: body.notice ?? null,
    regime: body.regime ?? null,
    country: body.country ?? null,
    region: body.region ?? null,
    actor: body.actor ?? 'subject',
    occurredAtMs: occurredAt(body.occurred_at, body.choices),
    imported: isImport,
    namesGpcConflict: body.names_gpc_conflict ?? false,
    experience: body.experience ?? null,
    via: principal.member === undefined ? principal.name : null,
    importId: body.import ?? null,
    evidence,
    choices: body.choices.map(({ purpose, act, explicit }) => ({
      purpose,
      act,
      explicit: explicit ?? false,
    })),
  }
}

/** The answer's JSON, in ASCII. */
export function recordedJson({ revision, subjectId, recordedAtMs, events }: RecordedConsents): string {
  const recordedAt = new Date(recordedAtMs).toISOString()
  return asciiJson({
    revision: formatRevision(revision),
    subject: subjectId,
    recorded_at: recordedAt,
    events,
  })
}

/** A yes with an unreadable time is turned away; a no with one counts from now. */
function occurredAt(given: string | null | undefined, choices: readonly { act: string }[]): number | null {
  if (given === undefined || given === null) return null
  const atMs = parseInstant(given)
  if (atMs !== undefined) return Math.max(atMs, 0)
  if (choices.every(({ act }) => act !== 'grant')) return null
  throw new AssentError('body_invalid', '/occurred_at must be a time with a zone.', {
    pointer: '/occurred_at',
  })
}
