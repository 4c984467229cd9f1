import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningApi, startApi } from '../api/testing/start-api.ts'
import { noticePublished } from '../config/notice-published.ts'
import { starterNotice } from '../config/starter-notice.ts'

let api: RunningApi
let serve: pg.Client
let owner: pg.Client

/** A release of one property with a comment and an approval, and whether it is to be published. */
async function aRelease(key: string, isPublished: boolean): Promise<string> {
  const { releases, organisationId } = api
  const { id } = await releases.open(organisationId, key, 'key_author')
  const definition = { key, name: key, origins: [] }
  await releases.edit(organisationId, id, { kind: 'property', key, edit: 0, definition }, 'key_author')
  await releases.comment(organisationId, id, { text: 'Why?', item: null }, 'key_author')
  await releases.submit(organisationId, id, 'key_author')
  const approval = { approver: 'member:somebody', sha256: 'a'.repeat(64), baseSha256: 'b'.repeat(64) }
  await releases.store.change(organisationId, id, { actor: 'key_author', atMs: Date.now() }, () => ({
    approval,
  }))
  if (isPublished) await releases.publish(organisationId, id, null, 'key_author')
  return id
}

beforeAll(async () => {
  api = await startApi()
  const words = { accept: 'Yes', reject: 'No', choose: 'Choose' }
  await api.ledger.publish(api.organisationId, [
    {
      act: 'experience_published',
      version: 1,
      definition: {
        ...{ key: 'banner', property: 'demo', layout: 'bar', notices: ['starter'], purposes: [] },
        texts: { en: words, de: { accept: 'Ja', reject: 'Nein', choose: 'Auswählen' } },
      },
    },
    noticePublished({ ...starterNotice, key: 'ended' }),
    { act: 'notice_withdrawn', notice: 'ended', version: 1 },
    { act: 'notice_invalidated', notice: 'ended', version: 1 },
  ])
  await aRelease('published', true)
  await aRelease('open', false)
  serve = new pg.Client(api.database.serve)
  owner = new pg.Client(api.database.owner)
  await Promise.all([serve.connect(), owner.connect()])
})
afterAll(async () => {
  await Promise.all([serve.end(), owner.end()])
  await api.close()
})

const published = "(SELECT id FROM releases WHERE state = 'published')"
const open = "(SELECT id FROM releases WHERE state <> 'published')"

describe('what is published', () => {
  // The role that serves has no right to, or is stopped as the owner would be.
  test.each([
    "UPDATE purpose_versions SET definition = '{}'",
    'DELETE FROM purpose_versions',
    "UPDATE notice_versions SET definition = '{}'",
    "UPDATE notice_versions SET sha256 = repeat('0', 64)",
    "UPDATE notice_versions SET withdrawn_seq = 1 WHERE notice = 'ended'",
    "UPDATE notice_versions SET withdrawn_seq = NULL WHERE notice = 'ended'",
    "UPDATE notice_versions SET invalidated_seq = 1 WHERE notice = 'ended'",
    "UPDATE notice_versions SET invalidated_seq = NULL WHERE notice = 'ended'",
    'DELETE FROM notice_versions',
    "UPDATE notice_translations SET text = '{}'",
    'DELETE FROM notice_translations',
    'UPDATE notice_purposes SET purpose_version = 1',
    'DELETE FROM notice_purposes',
    "UPDATE regimes SET definition = '{}'",
    'DELETE FROM regimes',
    "UPDATE experience_versions SET definition = '{}'",
    'DELETE FROM experience_versions',
    `UPDATE releases SET title = 'Other' WHERE id = ${published}`,
    `UPDATE releases SET state = 'draft', published_at = NULL, first_seq = NULL, last_seq = NULL WHERE id = ${published}`,
    `DELETE FROM releases WHERE id = ${published}`,
    `UPDATE release_items SET definition = '{}' WHERE release_id = ${published}`,
    `UPDATE release_items SET release_id = ${published} WHERE release_id = ${open}`,
    `DELETE FROM release_items WHERE release_id = ${published}`,
    `INSERT INTO release_items SELECT organisation_id, release_id, kind, 'more', definition, edit, edited_by, edited_at
     FROM release_items WHERE release_id = ${published}`,
    `UPDATE release_approvals SET withdrawn_at = now() WHERE release_id = ${published}`,
    `INSERT INTO release_approvals SELECT gen_random_uuid(), organisation_id, release_id, 'member:x', sha256, base_sha256, at
     FROM release_approvals WHERE release_id = ${published}`,
    `DELETE FROM release_approvals WHERE release_id = ${published}`,
    "UPDATE release_comments SET text = 'Other'",
    'DELETE FROM release_comments',
  ])('stays: %s', async (sql) => {
    const refused = { code: expect.stringMatching(/^(23001|42501)$/) }
    await expect(serve.query(sql)).rejects.toMatchObject(refused)
    await expect(owner.query(sql)).rejects.toMatchObject({ code: '23001' })
  })

  test.each([
    'purpose_versions',
    'notice_versions',
    'notice_translations',
    'notice_purposes',
    'regimes',
    'experience_versions',
    'releases',
    'release_items',
    'release_approvals',
    'release_comments',
  ])('is not emptied: %s', async (table) => {
    await expect(serve.query(`TRUNCATE ${table} CASCADE`)).rejects.toMatchObject({ code: '42501' })
    await expect(owner.query(`TRUNCATE ${table} CASCADE`)).rejects.toMatchObject({ code: '23001' })
  })
})

describe('an open release', () => {
  test('is edited by the role that serves, and its approval withdrawn once', async () => {
    await serve.query(`UPDATE release_items SET edit = edit + 1 WHERE release_id = ${open}`)
    await serve.query(`UPDATE release_approvals SET withdrawn_at = now() WHERE release_id = ${open}`)
    for (const change of [
      'withdrawn_at = NULL',
      "withdrawn_at = now() + interval '1 day'",
      "approver = 'member:x'",
    ]) {
      const sql = `UPDATE release_approvals SET ${change} WHERE release_id = ${open}`
      await expect(serve.query(sql)).rejects.toMatchObject({ code: '23001' })
    }
    await expect(serve.query(`DELETE FROM releases WHERE id = ${open}`)).rejects.toMatchObject({
      code: '42501',
    })
    await expect(owner.query(`DELETE FROM releases WHERE id = ${open}`)).rejects.toMatchObject({
      code: '23001',
    })
  })

  test('a version that has not ended may end, once', async () => {
    await serve.query("UPDATE notice_versions SET withdrawn_seq = 9 WHERE notice = 'starter'")
    await expect(
      serve.query("UPDATE notice_versions SET withdrawn_seq = 10 WHERE notice = 'starter'"),
    ).rejects.toMatchObject({ code: '23001' })
  })
})
