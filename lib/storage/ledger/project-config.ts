import type pg from 'pg'
import type { OrganisationDefinition } from '../../domain/definitions.ts'
import { AssentError } from '../../domain/errors.ts'
import type { ConfigEvent } from '../../domain/events.ts'
import { parentOf } from '../../domain/ids.ts'
import { normalFormOf } from '../../domain/normal-form.ts'
import { BatchRefused } from '../../ledger/ledger-store.ts'
import { toUuid } from '../row-ids.ts'

/**
 * Writes what a configuration event says into the tables people and reports read. Decisions never read them: the
 * event is the truth, and this happens in its transaction.
 */
export async function projectConfig(client: pg.Client, event: ConfigEvent): Promise<void> {
  const { body, seq } = event
  const organisation = toUuid(event.organisationId)
  const run = (sql: string, ...values: unknown[]) => client.query(sql, [organisation, ...values])
  switch (body.act) {
    case 'organisation_published':
      await keepForms(run, body.definition)
      await run(
        'UPDATE organisations SET definition = $2, name = $3 WHERE id = $1',
        body.definition,
        body.definition.name,
      )
      return
    case 'property_published':
      await run(
        `INSERT INTO properties (organisation_id, key, definition, published_seq) VALUES ($1, $2, $3, $4)
         ON CONFLICT (organisation_id, key) DO UPDATE SET definition = $3, published_seq = $4`,
        body.definition.key,
        body.definition,
        seq,
      )
      return
    case 'regime_published':
      await run(
        'INSERT INTO regimes (organisation_id, key, version, definition, published_seq) VALUES ($1, $2, $3, $4, $5)',
        body.definition.key,
        body.version,
        body.definition,
        seq,
      )
      return
    case 'purpose_published':
      await run(
        'INSERT INTO purposes (organisation_id, key, parent) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
        body.definition.key,
        parentOf(body.definition.key) ?? null,
      )
      await run(
        'UPDATE purposes SET retired_seq = NULL WHERE organisation_id = $1 AND key = $2',
        body.definition.key,
      )
      await run(
        `INSERT INTO purpose_versions (organisation_id, purpose, version, definition, published_seq)
         VALUES ($1, $2, $3, $4, $5)`,
        body.definition.key,
        body.version,
        body.definition,
        seq,
      )
      return
    case 'purpose_retired':
      await run(
        'UPDATE purposes SET retired_seq = $3 WHERE organisation_id = $1 AND key = $2',
        body.purpose,
        seq,
      )
      return
    case 'notice_published':
      return projectNotice(run, body, seq)
    case 'notice_withdrawn':
    case 'notice_invalidated': {
      const column = body.act === 'notice_withdrawn' ? 'withdrawn_seq' : 'invalidated_seq'
      await run(
        `UPDATE notice_versions SET ${column} = coalesce(${column}, $4)
         WHERE organisation_id = $1 AND notice = $2 AND version = $3`,
        body.notice,
        body.version,
        seq,
      )
      return
    }
    case 'experience_published':
      await run(
        `INSERT INTO experience_versions (organisation_id, experience, version, definition, published_seq)
         VALUES ($1, $2, $3, $4, $5)`,
        body.definition.key,
        body.version,
        body.definition,
        seq,
      )
      return
    case 'consents_invalidated': {
      const { scope, reason, by } = body
      if (scope.kind === 'notice') {
        await run(
          `UPDATE notice_versions SET invalidated_seq = coalesce(invalidated_seq, $4)
           WHERE organisation_id = $1 AND notice = $2 AND version = $3`,
          scope.key,
          scope.version,
          seq,
        )
      }
      await run(
        `INSERT INTO recalls (organisation_id, id, seq, scope, reason, recalled_by, recalled_at)
         VALUES ($1, $2, $3, $4, $5, $6, to_timestamp($7 / 1000.0))`,
        toUuid(event.id),
        seq,
        scope,
        reason,
        by,
        event.recordedAtMs,
      )
      return
    }
    case 'assessment_approved':
      await run(
        `INSERT INTO assessments (organisation_id, key, definition, approved_seq) VALUES ($1, $2, $3, $4)
         ON CONFLICT (organisation_id, key) DO UPDATE SET definition = $3, approved_seq = $4, revoked_seq = NULL`,
        body.definition.key,
        body.definition,
        seq,
      )
      return
    case 'assessment_revoked':
      await run(
        'UPDATE assessments SET revoked_seq = $3 WHERE organisation_id = $1 AND key = $2',
        body.assessment,
        seq,
      )
      return
    case 'key_created':
      await run(
        `INSERT INTO api_keys (organisation_id, id, name, prefix, sha256, scopes, created_seq, legal_entity,
           created_by, replaces)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
        body.definition.id,
        body.definition.name,
        body.definition.prefix,
        Buffer.from(body.definition.sha256, 'hex'),
        body.definition.scopes,
        seq,
        body.definition.legalEntity ?? null,
        body.definition.createdBy ?? null,
        body.definition.replaces ?? null,
      )
      return
    case 'key_expires':
      await run(
        'UPDATE api_keys SET ends_at = to_timestamp($3::float8 / 1000) WHERE organisation_id = $1 AND id = $2',
        body.key,
        body.atMs,
      )
      return
    case 'key_revoked':
      await run(
        'UPDATE api_keys SET revoked_seq = $3, revoked_by = $4 WHERE organisation_id = $1 AND id = $2',
        body.key,
        seq,
        body.by ?? null,
      )
  }
}

type Run = (sql: string, ...values: unknown[]) => Promise<pg.QueryResult>

/**
 * Refuses another normal form for a namespace that has identifiers: they were digested in the old one, so nobody would
 * find them, and what a person refused would stand under an id that no question reaches. It is asked here, under the
 * head's lock, because nobody can add an identifier meanwhile.
 */
async function keepForms(run: Run, definition: OrganisationDefinition): Promise<void> {
  const { rows } = await run('SELECT definition FROM organisations WHERE id = $1')
  const standing = rows[0]?.definition as OrganisationDefinition | undefined
  const stated = [standing, definition].flatMap((each) => Object.keys(each?.namespaces ?? {}))
  const changed = [...new Set(stated)].filter(
    (namespace) => normalFormOf(standing, namespace) !== normalFormOf(definition, namespace),
  )
  if (changed.length === 0) return
  const used = await run(
    'SELECT namespace FROM identifiers WHERE organisation_id = $1 AND namespace = ANY($2::text[]) LIMIT 1',
    changed,
  )
  const namespace: string | undefined = used.rows[0]?.namespace
  if (namespace === undefined) return
  const cause = new AssentError(
    'definition_invalid',
    `The namespace ${namespace} has identifiers in the form ${normalFormOf(standing, namespace)}: with another, none of them would be found. Use a new namespace.`,
    { pointer: `/namespaces/${namespace}` },
  )
  throw new BatchRefused('a namespace in use changes its normal form', { cause })
}

async function projectNotice(
  run: Run,
  body: Extract<ConfigEvent['body'], { act: 'notice_published' }>,
  seq: number,
): Promise<void> {
  const { key, version, property, purposes, texts } = body.definition
  await run('INSERT INTO notices (organisation_id, key) VALUES ($1, $2) ON CONFLICT DO NOTHING', key)
  await run(
    `INSERT INTO notice_versions (organisation_id, notice, version, property, sha256, definition, published_seq)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    key,
    version,
    property,
    body.sha256,
    body.definition,
    seq,
  )
  for (const [locale, text] of Object.entries(texts)) {
    await run(
      `INSERT INTO notice_translations (organisation_id, notice, version, locale, text) VALUES ($1, $2, $3, $4, $5)`,
      key,
      version,
      locale,
      text,
    )
  }
  for (const entry of purposes) {
    await run(
      `INSERT INTO notice_purposes (organisation_id, notice, notice_version, purpose, purpose_version)
       VALUES ($1, $2, $3, $4, $5)`,
      key,
      version,
      entry.purpose,
      entry.version,
    )
  }
}
