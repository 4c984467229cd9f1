import { createHash } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AssentApiError, createClient } from '../client/client.ts'
import { type DraftConflict, type Release, releasesOf } from '../client/releases.ts'
import { starterNotice } from '../config/starter-notice.ts'
import { starterPurposes } from '../config/starter-purposes.ts'
import { canonicalJson } from '../domain/canonical-json.ts'
import type { ReleaseItem } from '../domain/release.ts'
import { createPublishJob } from '../jobs/publish-releases.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { createReleases } from '../releases/create-releases.ts'
import { aConsent } from '../storage/ledger/testing/start-ledger.ts'
import { otherOrganisation } from './testing/other-organisation.ts'
import { type RunningApi, startApi } from './testing/start-api.ts'

type Person = ReturnType<typeof releasesOf>

let api: RunningApi
let nowMs = Date.now()
let author: Person
let second: Person
let third: Person
let key: Person
let owner: pg.Client

const as = (headers: Record<string, string>): Person =>
  releasesOf(createClient({ baseUrl: api.url, headers, timeoutMs: 60_000 }))

beforeAll(async () => {
  api = await startApi({ clock: () => nowMs })
  author = as(await api.signInAs('officer'))
  second = as(await api.signInAs('officer'))
  third = as(await api.signInAs('owner'))
  key = as({ Authorization: `Bearer ${await api.makeKey()}` })
  owner = new pg.Client(api.database.owner)
  await owner.connect()
})
afterAll(async () => {
  await owner.end()
  await api.close()
})

const analytics = starterPurposes.find(({ key }) => key === 'analytics')!
const { version: _, ...noticeDraft } = starterNotice
const policy = () => api.decisions.policy(api.organisationId)!
/** The problem that a call ends with. */
const refusal = async (called: Promise<unknown>): Promise<AssentApiError> => {
  const error = await called.then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(error).toBeInstanceOf(AssentApiError)
  return error as AssentApiError
}

let sites = 0
const aSite = (name = 'A site') => {
  const key = `site-${++sites}`
  return { kind: 'property' as const, key, edit: 0, definition: { key, name, origins: [] as string[] } }
}

/** A release by `author` with one site in it, submitted. */
async function submitted(by = author): Promise<Release & { site: string }> {
  const { id } = await by.open('A site')
  const site = aSite()
  await by.edit(id, site)
  return { ...(await by.submit(id)), site: site.key }
}

async function approved(): Promise<Release & { site: string }> {
  const release = await submitted()
  return { ...(await second.approve(release.id, release)), site: release.site }
}

const acts = async (id: string): Promise<readonly string[]> => {
  const { rows } = await owner.query(
    "SELECT act FROM admin_acts WHERE detail ->> 'release' = $1 ORDER BY at, id",
    [id],
  )
  return rows.map(({ act }) => act)
}

describe('a release', () => {
  test('goes from a draft over review and approval to publication, and says who did what', async () => {
    const opened = await author.open('A site of our own')
    expect(opened).toMatchObject({ state: 'draft', items: [], approvals_needed: 1, approvers: [] })
    const site = aSite()
    const edited = await author.edit(opened.id, site)
    expect(edited.items).toMatchObject([
      { kind: 'property', key: site.key, edit: 1, definition: site.definition },
    ])
    await author.comment(opened.id, 'For the shop.', site)
    const inReview = await author.submit(opened.id)
    expect(inReview).toMatchObject({ state: 'in_review', comments: [{ text: 'For the shop.' }] })
    const after = await second.approve(opened.id, inReview)
    expect(after).toMatchObject({ state: 'approved', approvals: [{ void_because: null }] })
    const published = await author.publish(opened.id)
    expect(published).toMatchObject({ state: 'published', approvers: after.approvers, publish_error: null })
    expect(policy().properties.get(site.key)).toEqual(site.definition)
    expect(published.last_seq).toBe(published.first_seq! + 1)
    // Who approved what is in the log itself, bound by the hash of the items.
    const items = published.items.map(({ kind, key, definition }) => ({ kind, key, definition }))
    expect(policy().releases.get(opened.id)).toMatchObject({
      author: opened.author,
      approvers: after.approvers,
      sha256: createHash('sha256').update(canonicalJson(items)).digest('hex'),
      seq: published.first_seq,
    })
    expect(Object.keys(published.people).sort()).toEqual([opened.author, ...after.approvers].sort())
    expect([...(await acts(opened.id))].sort()).toEqual(
      [
        'release_opened',
        'release_edited',
        'release_commented',
        'release_submitted',
        'release_approved',
        'release_publish_begun',
      ].sort(),
    )
    expect((await author.list('published')).releases[0]).toMatchObject({ id: opened.id, state: 'published' })
  })

  test('is published once, however often it is asked for', async () => {
    const { id } = await approved()
    const outcomes = await Promise.allSettled([author.publish(id), second.publish(id), author.publish(id)])
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await refusal(author.publish(id))).toMatchObject({ status: 409, code: 'release_state' })
    const events = await owner.query("SELECT 1 FROM events WHERE body ->> 'release' = $1", [id])
    expect(events.rowCount).toBe(1)
  })

  test('is published as a whole or not at all', async () => {
    const { id } = await author.open('One of two is broken')
    const site = aSite()
    await author.edit(id, site)
    const other = aSite()
    await author.edit(id, {
      ...other,
      definition: { ...other.definition, origins: ['https://a.example/path'] },
    })
    const error = await refusal(author.submit(id))
    expect(error).toMatchObject({ status: 422, code: 'release_incomplete' })
    expect(error.details.complaints).toMatchObject([
      { kind: 'property', key: other.key, pointer: '/origins/0' },
    ])
    // Broken only when it comes to be published: what is in force has changed beneath it.
    await author.takeOut(id, { ...other, edit: 1 })
    const release = await author.submit(id)
    await second.approve(id, release)
    const before = api.decisions.revision()
    const ledger: Pick<Ledger, 'publish'> = {
      publish: (organisationId, bodies) =>
        api.ledger.publish(organisationId, [
          ...bodies,
          { act: 'purpose_retired', purpose: 'no such purpose' },
        ]),
    }
    await expect(
      releasesWith(ledger).publish(api.organisationId, id, null, release.author),
    ).rejects.toMatchObject({
      code: 'definition_invalid',
    })
    expect(api.decisions.revision()).toEqual(before)
    expect(policy().properties.has(site.key)).toBe(false)
    expect(await author.get(id)).toMatchObject({
      state: 'approved',
      publish_error: { code: 'definition_invalid' },
    })
    expect(await author.publish(id)).toMatchObject({ state: 'published' })
  })

  test.each(['draft', 'discarded', 'published'] as const)(
    'that is %s is neither approved nor published',
    async (state) => {
      const { id, ...release } = state === 'published' ? await approved() : await author.open('Not now')
      if (state === 'published') await author.publish(id)
      if (state === 'discarded') await author.discard(id)
      for (const error of await Promise.all(
        [second.approve(id, release), author.publish(id), author.unschedule(id)].map(refusal),
      )) {
        expect(error).toMatchObject({ status: 409, code: 'release_state' })
      }
      if (state === 'draft') return
      const site = aSite()
      for (const error of await Promise.all(
        [author.edit(id, site), author.submit(id), author.comment(id, 'x'), author.discard(id)].map(refusal),
      )) {
        expect(error).toMatchObject({ status: 409, code: 'release_state' })
      }
    },
  )

  test('of another organisation is not there', async () => {
    const other = await otherOrganisation(api)
    const theirs = as({ Authorization: `Bearer ${other.key}` })
    const mine = await author.open('Ours')
    const open = await theirs.open('Theirs')
    expect((await theirs.list('all')).releases.map(({ id }) => id)).toEqual([open.id])
    expect((await author.list('all')).releases.map(({ id }) => id)).not.toContain(open.id)
    const unknown = await refusal(theirs.get('00000000-0000-4000-8000-000000000000'))
    for (const error of await Promise.all(
      [theirs.get(mine.id), theirs.check(mine.id), theirs.edit(mine.id, aSite()), theirs.submit(mine.id)].map(
        refusal,
      ),
    )) {
      expect(error).toMatchObject({ status: 404, message: unknown.message })
    }
    expect((await author.get(mine.id)).items).toEqual([])
    expect((await theirs.settings()).may_approve).toBe(0)
  })

  test('lists come in pages', async () => {
    const first = (await author.list('all')).releases
    const next = (await author.list('all', first[0]!.id)).releases
    expect(next.map(({ id }) => id)).toEqual(first.slice(1).map(({ id }) => id))
  })
})

describe('two editors', () => {
  test('get a conflict, never a lost draft', async () => {
    const { id } = await author.open('Two at once')
    const site = aSite('first')
    await author.edit(id, site)
    const [mine, hers] = ['mine', 'hers'].map((name) => ({
      ...site,
      edit: 1,
      definition: { ...site.definition, name },
    }))
    const done = await Promise.allSettled([author.edit(id, mine!), second.edit(id, hers!)])
    expect(done.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const lost = done.findIndex(({ status }) => status === 'rejected')
    const error = await refusal(lost === 0 ? author.edit(id, mine!) : second.edit(id, hers!))
    expect(error).toMatchObject({ status: 409, code: 'draft_conflict' })
    const { current } = error.details as DraftConflict
    expect(current).toMatchObject({ edit: 2, definition: { name: lost === 0 ? 'hers' : 'mine' } })
    expect(current!.edited_by).toMatch(/^member:/)
    // She compares, and sends hers again as an edit of that.
    const merged = await author.edit(id, { ...mine!, edit: current!.edit })
    expect(merged.items).toMatchObject([{ edit: 3, definition: { name: 'mine' } }])
  })

  test('who puts in what is there, or edits what was taken out, is told who did it', async () => {
    const { id } = await author.open('Taken out')
    const site = aSite()
    await author.edit(id, site)
    expect(await refusal(second.edit(id, site))).toMatchObject({ code: 'draft_conflict' })
    await second.takeOut(id, { ...site, edit: 1 })
    const error = await refusal(author.edit(id, { ...site, edit: 1 }))
    expect(error.details).toMatchObject({ current: { definition: null, edit: 2 } })
    const again = await author.edit(id, { ...site, edit: 2 })
    expect(again.items).toMatchObject([{ edit: 3 }])
    expect(again.editors).toHaveLength(2)
  })

  test('a draft may be unfinished, and must be of its kind', async () => {
    const { id } = await author.open('Unfinished')
    const text = { title: '', body: [], withdrawal: '', rights: '', controller: '', contact: '' }
    const definition = { key: 'half', property: null, purposes: [], texts: { de: text } }
    await author.edit(id, { kind: 'notice', key: 'half', edit: 0, definition })
    const { complaints, may_be_published } = await author.check(id)
    expect(may_be_published).toBe(false)
    expect(complaints.map(({ pointer }) => pointer)).toEqual(['/purposes', '/texts/de'])
    for (const [definition, pointer] of [
      [{ key: 'half', property: null, purposes: [] }, '/definition/texts'],
      [{ key: 'other', property: null, purposes: [], texts: {} }, '/definition/key'],
    ] as const) {
      const called = await api.call('PUT', `/v1/releases/${id}/items/notice/half`, { edit: 1, definition })
      expect(called).toMatchObject({ status: 400, body: { code: 'body_invalid', pointer } })
    }
    expect((await author.get(id)).items).toMatchObject([{ edit: 1 }])
  })
})

describe('an approval', () => {
  test('is another person’s: not the author’s, nor of whoever edited', async () => {
    const { id } = await author.open('Own work')
    const site = aSite()
    await author.edit(id, site)
    await third.edit(id, { ...site, edit: 1 })
    const release = await author.submit(id)
    for (const own of [author, third]) {
      expect(await refusal(own.approve(id, release))).toMatchObject({ status: 403, code: 'own_work' })
    }
    expect(await refusal(author.publish(id))).toMatchObject({ status: 409, code: 'approval_missing' })
    expect(await second.approve(id, release)).toMatchObject({ state: 'approved' })
  })

  test('is never a key’s', async () => {
    const release = await submitted()
    expect(await refusal(key.approve(release.id, release))).toMatchObject({
      status: 403,
      code: 'scope_missing',
    })
  })

  test('is of what was seen: not of what it has become since', async () => {
    const seen = await submitted()
    await author.edit(seen.id, { ...aSite(), edit: 0 })
    expect(await refusal(second.approve(seen.id, seen))).toMatchObject({
      status: 409,
      code: 'draft_conflict',
    })
    expect((await author.get(seen.id)).approvals).toEqual([])
  })

  test.each(['changed', 'added', 'taken out'])('is void once an item was %s', async (what) => {
    const { id, site } = await approved()
    const item = { kind: 'property', key: site, edit: 1 } as const
    if (what === 'changed') {
      await author.edit(id, { ...item, definition: { key: site, name: 'Other', origins: [] } })
    }
    if (what === 'added') await author.edit(id, aSite())
    if (what === 'taken out') await author.takeOut(id, item)
    expect(await author.get(id)).toMatchObject({
      state: 'in_review',
      approvers: [],
      approvals: [{ void_because: 'items_changed' }],
    })
    expect(await refusal(author.publish(id))).toMatchObject({ code: 'approval_missing' })
  })

  test('is void once what is in force has changed beneath it, and says so', async () => {
    const { id } = await author.open('Builds on the notice')
    await author.edit(id, { kind: 'notice', key: 'starter', edit: 0, definition: noticeDraft })
    const release = await author.submit(id)
    await second.approve(id, release)
    await api.ledger.publish(api.organisationId, [
      { act: 'notice_withdrawn', notice: 'starter', version: policy().notices.get('starter')!.length },
    ])
    expect(await author.get(id)).toMatchObject({
      state: 'in_review',
      approvals: [{ void_because: 'base_changed' }],
    })
    expect(await refusal(author.publish(id))).toMatchObject({ code: 'approval_missing' })
    expect(await refusal(second.approve(id, release))).toMatchObject({ code: 'draft_conflict' })
    expect(await second.approve(id, await second.get(id))).toMatchObject({ state: 'approved' })
    expect(await author.publish(id)).toMatchObject({ state: 'published' })
  })

  test('counts no more once its giver may approve no more', async () => {
    const { id, approvers } = await approved()
    const member = approvers[0]!.slice(7)
    await owner.query("UPDATE members SET role = 'auditor' WHERE id = $1", [member])
    expect(await author.get(id)).toMatchObject({ approvals: [{ void_because: 'may_not_approve' }] })
    expect(await refusal(author.publish(id))).toMatchObject({ code: 'approval_missing' })
    await owner.query("UPDATE members SET role = 'officer' WHERE id = $1", [member])
    expect(await author.publish(id)).toMatchObject({ state: 'published' })
  })

  test('is withdrawn by its giver, and all are by whoever sends it back with words', async () => {
    const { id } = await approved()
    expect(await refusal(third.withdrawApproval(id))).toMatchObject({ code: 'release_state' })
    expect(await second.withdrawApproval(id)).toMatchObject({
      state: 'in_review',
      approvals: [{ void_because: 'withdrawn' }],
    })
    await second.approve(id, await second.get(id))
    const back = await third.requestChanges(id, 'Which shop?')
    expect(back).toMatchObject({ state: 'draft', approvers: [], comments: [{ text: 'Which shop?' }] })
    expect(await author.submit(id)).toMatchObject({ state: 'in_review', approvers: [] })
  })

  test('twice is once', async () => {
    const release = await submitted()
    await second.approve(release.id, release)
    expect((await second.approve(release.id, release)).approvals).toHaveLength(1)
  })

  test('of two is needed for what turns a no into a yes, whatever is settled', async () => {
    await third.settle('off')
    try {
      const release = await submitted()
      await reported(release.id)
      await api.releases.store.keepFlips(api.organisationId, release.id, aReportOn(release))
      expect(await author.get(release.id)).toMatchObject({ approvals_needed: 2, has_new_yes: true })
      expect(await second.approve(release.id, release)).toMatchObject({ state: 'in_review' })
      expect(await refusal(author.publish(release.id))).toMatchObject({
        code: 'approval_missing',
        message: expect.stringContaining('two people'),
      })
      expect(await third.approve(release.id, release)).toMatchObject({ state: 'approved' })
      expect(await author.publish(release.id)).toMatchObject({ state: 'published' })
      // A report on other items than these says nothing of them.
      const other = await submitted()
      await reported(other.id)
      const stale = aReportOn({ ...other, sha256: 'a'.repeat(64) })
      await api.releases.store.keepFlips(api.organisationId, other.id, stale)
      expect(await author.get(other.id)).toMatchObject({ approvals_needed: 0, has_new_yes: false })
    } finally {
      await third.settle('auto')
    }
  })
})

/** Waits for the report that review began, so that it does not take the place of another. */
const reported = async (id: string) => {
  const release = await api.releases.find(api.organisationId, id)
  expect(await api.flipReports.makeNow(api.organisationId, release, release.author)).toBe(true)
}

/** A report that was made now, and shows a new yes. */
const aReportOn = ({ sha256, base_sha256 }: { readonly sha256: string; readonly base_sha256: string }) => ({
  ...{ sha256, baseSha256: base_sha256, madeAtMs: nowMs, hasNewYes: true, newYes: { 'some cause': nowMs } },
  ...{ allowed: 1, denied: 0, questions: 1 },
})

describe('four eyes', () => {
  test('are an owner’s to settle, by an act', async () => {
    expect(await author.settings()).toEqual({ four_eyes: 'auto', is_four_eyes: true, may_approve: 4 })
    for (const one of [author, key]) {
      expect(await refusal(one.settle('off'))).toMatchObject({ status: 403, code: 'scope_missing' })
    }
    expect(await third.settle('off')).toMatchObject({ four_eyes: 'off', is_four_eyes: false })
    const release = await submitted()
    expect(release).toMatchObject({ approvals_needed: 0, state: 'in_review' })
    expect(await author.publish(release.id)).toMatchObject({ state: 'published', approvers: [] })
    await third.settle('auto')
    const { rows } = await owner.query("SELECT detail FROM admin_acts WHERE act = 'four_eyes_set'")
    expect(rows.length).toBeGreaterThanOrEqual(2)
  })

  test('let no notice past them', async () => {
    const notice = { ...starterNotice, key: 'direct', version: 1 }
    expect(await api.call('POST', '/v1/notices', notice)).toMatchObject({
      status: 409,
      body: { code: 'release_needed', detail: expect.stringContaining('/v1/releases') },
    })
    await third.settle('off')
    expect(await api.call('POST', '/v1/notices', notice)).toMatchObject({ status: 201 })
    await third.settle('auto')
  })
})

/** As after a restart: nothing is under way. `ledger` may fail in its own way. */
function releasesWith(ledger: Pick<Ledger, 'publish'> = api.ledger) {
  const { store } = api.releases
  const { decisions } = api
  return createReleases({
    store,
    ledger,
    decisions,
    flips: api.flipReports,
    clock: () => nowMs,
    log: { error: () => {}, warn: () => {} },
  })
}

describe('a process that ends in the middle', () => {
  test('after the log was written: the row is brought up to the log, and nothing is published twice', async () => {
    const { id, site, author: name } = await approved()
    const dies: Pick<Ledger, 'publish'> = {
      async publish(organisationId, bodies) {
        const done = await api.ledger.publish(organisationId, bodies)
        await owner.query(
          'ALTER TABLE releases ADD CONSTRAINT killed CHECK (state <> $$published$$) NOT VALID',
        )
        return done
      },
    }
    await expect(releasesWith(dies).publish(api.organisationId, id, null, name)).rejects.toThrow()
    await owner.query('ALTER TABLE releases DROP CONSTRAINT killed')
    expect(await author.get(id)).toMatchObject({ state: 'publishing' })
    expect(policy().properties.has(site)).toBe(true)
    const before = api.decisions.revision()
    await releasesWith().reconcile()
    await releasesWith().reconcile()
    expect(await author.get(id)).toMatchObject({
      state: 'published',
      first_seq: before.seq - 1,
      last_seq: before.seq,
    })
    expect(api.decisions.revision()).toEqual(before)
  })

  test('before the log was written: it is approved as before, and can be published', async () => {
    const { id, site } = await approved()
    await owner.query("UPDATE releases SET state = 'publishing' WHERE id = $1", [id])
    // Nothing else is published meanwhile.
    const other = await approved()
    expect(await refusal(author.publish(other.id))).toMatchObject({ code: 'release_state' })
    await releasesWith().reconcile()
    expect(await author.get(id)).toMatchObject({
      state: 'approved',
      publish_error: { code: 'log_unavailable' },
    })
    expect(policy().properties.has(site)).toBe(false)
    expect(await author.publish(id)).toMatchObject({ state: 'published', publish_error: null })
    expect(await author.publish(other.id)).toMatchObject({ state: 'published' })
  })

  test('what this process is writing is left alone', async () => {
    const { id, author: name } = await approved()
    const releases: ReturnType<typeof createReleases> = releasesWith({
      async publish(organisationId, bodies) {
        await releases.reconcile()
        return api.ledger.publish(organisationId, bodies)
      },
    })
    expect(await releases.publish(api.organisationId, id, null, name)).toMatchObject({ state: 'published' })
  })

  test('a log that cannot be written publishes nothing, and keeps why', async () => {
    const { id, author: name } = await approved()
    const { AssentError } = await import('../domain/errors.ts')
    const away = releasesWith({ publish: () => Promise.reject(new AssentError('log_unavailable', 'Away.')) })
    await expect(away.publish(api.organisationId, id, null, name)).rejects.toMatchObject({
      code: 'log_unavailable',
    })
    expect(await author.get(id)).toMatchObject({ state: 'approved', publish_error: { message: 'Away.' } })
  })
})

describe('a scheduled release', () => {
  const hour = 3_600_000
  const at = (ms: number) => new Date(ms).toISOString()
  const job = (releases = releasesWith()) =>
    createPublishJob({
      releases,
      nextDueMs: api.releases.store.nextDueMs,
      clock: () => nowMs,
      log: { error: () => undefined },
    })

  test('is published when its time has come, not before, by whichever process is there then', async () => {
    const { id, site } = await approved()
    const dueMs = nowMs + hour
    expect(await author.publish(id, at(dueMs))).toMatchObject({ state: 'scheduled', publish_at: at(dueMs) })
    nowMs = dueMs - 1
    await job().run()
    expect(policy().properties.has(site)).toBe(false)
    expect(await api.releases.store.nextDueMs(nowMs)).toBe(dueMs)
    nowMs = dueMs
    const again = job()
    await Promise.all([again.run(), again.run(), job().run()])
    expect(await author.get(id)).toMatchObject({ state: 'published' })
    expect(policy().properties.has(site)).toBe(true)
  })

  test('cannot be scheduled in the past, nor unapproved', async () => {
    const { id } = await submitted()
    expect(await refusal(author.publish(id, at(nowMs)))).toMatchObject({ status: 400, code: 'body_invalid' })
    expect(await refusal(author.publish(id, at(nowMs + hour)))).toMatchObject({ code: 'approval_missing' })
    expect(await refusal(author.publish(id, 'tomorrow'))).toMatchObject({ status: 400, code: 'body_invalid' })
  })

  test('is taken off by whoever may publish, and by an edit', async () => {
    const { id } = await approved()
    await author.publish(id, at(nowMs + hour))
    expect(await refusal(author.discard(id))).toMatchObject({ code: 'release_state' })
    expect(await second.unschedule(id)).toMatchObject({ state: 'approved', publish_at: null })
    await author.publish(id, at(nowMs + hour))
    expect(await author.edit(id, aSite())).toMatchObject({ state: 'in_review', publish_at: null })
  })

  test('that may not be published when it is due stays, says why, and is tried again', async () => {
    const { id, approvers } = await approved()
    await author.publish(id, at(nowMs + hour))
    nowMs += hour
    const member = approvers[0]!.slice(7)
    await owner.query("UPDATE members SET role = 'auditor' WHERE id = $1", [member])
    await job().run()
    await job().run()
    expect(await author.get(id)).toMatchObject({
      state: 'scheduled',
      publish_error: { code: 'approval_missing', at: at(nowMs) },
    })
    expect((await acts(id)).filter((act) => act === 'release_publish_failed')).toHaveLength(1)
    // What has failed is no next one: it is tried with the next round.
    expect(await api.releases.store.nextDueMs(nowMs)).toBeUndefined()
    await owner.query("UPDATE members SET role = 'officer' WHERE id = $1", [member])
    await job().run()
    expect(await author.get(id)).toMatchObject({ state: 'published', publish_error: null })
  })

  test('is published by the clock alone once the job was begun', async () => {
    const { id } = await approved()
    await author.publish(id, at(nowMs + hour))
    nowMs += hour
    const begun = job()
    begun.start()
    await expect.poll(async () => (await author.get(id)).state, { timeout: 60_000 }).toBe('published')
    await begun.close()
  })
})

describe('what a release would do', () => {
  test('is its difference, by leaf, with what it widens', async () => {
    const { id } = await author.open('Wider')
    const wider = { ...analytics, recipients: ['Example Ltd'], retentionDays: 400 }
    await author.edit(id, { kind: 'purpose', key: 'analytics', edit: 0, definition: wider })
    const [body, ...rest] = noticeDraft.texts.de!.body
    const texts = {
      ...noticeDraft.texts,
      de: { ...noticeDraft.texts.de!, body: [`${body} Danke.`, ...rest] },
    }
    const purposes = noticeDraft.purposes.map((each) =>
      each.purpose === 'analytics' ? { ...each, version: 'next' } : each,
    )
    await author.edit(id, {
      kind: 'notice',
      key: 'starter',
      edit: 0,
      definition: { ...noticeDraft, texts, purposes },
    })
    const { items } = await author.difference(id)
    const version = policy().notices.get('starter')!.length
    expect(items).toMatchObject([
      {
        kind: 'purpose',
        is_material: true,
        widenings: [
          { kind: 'recipient_added', added: 'Example Ltd' },
          { kind: 'retention_longer', from: 365, to: 400 },
        ],
        changes: [
          { path: '/recipients/0', after: 'Example Ltd' },
          { path: '/retentionDays', before: 365, after: 400 },
        ],
      },
      {
        kind: 'notice',
        version_before: version,
        version_after: version + 1,
        changes: [
          { path: '/purposes/1/version', before: 1, after: 2 },
          { path: '/texts/de/body/0', before: body, after: `${body} Danke.` },
        ],
      },
    ])
  })

  test('is how many consents would have to be renewed', async () => {
    await api.ledger.recordConsents(
      aConsent(api.organisationId, {
        subject: { namespace: 'user', id: 'renewed' },
        choices: [
          { purpose: 'analytics', act: 'grant' },
          { purpose: 'personalization', act: 'grant' },
        ],
      }),
      null,
    )
    const { id } = await author.open('Renewals')
    const item = { kind: 'purpose', key: 'analytics', edit: 0 } as const
    await author.edit(id, { ...item, definition: { ...analytics, categories: ['usage'] } })
    expect(await author.effects(id)).toMatchObject({ superseded: 0, ended: 0 })
    // An officer may ask for more than the definition does.
    await author.edit(id, { ...item, edit: 1, definition: { ...analytics, material: true } })
    await author.edit(id, {
      ...{ kind: 'purpose_retirement', key: 'personalization', edit: 0 },
      definition: { purpose: 'personalization' },
    })
    expect(await author.effects(id)).toMatchObject({
      ...{ superseded: 1, ended: 1 },
      purposes: [
        { purpose: 'analytics', in_force: 1, superseded: 1, ended: 0 },
        { purpose: 'personalization', in_force: 1, superseded: 0, ended: 1 },
      ],
    })
    await author.edit(id, { ...aSite(), definition: { key: `site-${sites}`, name: '', origins: [] } })
    expect(await refusal(author.effects(id))).toMatchObject({ code: 'release_incomplete' })
  })

  test('nothing, for what is in force: exported and previewed it differs in no leaf', async () => {
    const { items } = await author.configuration()
    const previewed = await author.preview(items)
    expect(previewed.items.flatMap(({ changes }) => changes)).toEqual([])
    const one = structuredClone(items) as ReleaseItem[]
    const notice = one.find(({ kind, key }) => kind === 'notice' && key === 'starter')!
    const texts = (notice.definition as typeof noticeDraft).texts as unknown as { de: { title: string } }
    texts.de.title = 'Was wir tun'
    const changed = await author.preview(one as unknown as typeof items)
    expect(changed.items.flatMap(({ changes }) => changes)).toMatchObject([{ path: '/texts/de/title' }])
    const twice = [items[0]!, items[0]!]
    expect(await refusal(author.preview(twice))).toMatchObject({ status: 400, code: 'body_invalid' })
  })

  test('a purpose without the assessments that its kind demands is not submitted', async () => {
    const training = starterPurposes.find(({ key }) => key === 'ai_training')!
    const { id } = await author.open('AI training')
    const item = { kind: 'purpose', key: 'ai_training', edit: 0 } as const
    await author.edit(id, { ...item, definition: { ...training, transfers: ['US'] } })
    const error = await refusal(author.submit(id))
    expect(error).toMatchObject({ status: 422, code: 'release_incomplete' })
    expect(error.details.lacking).toMatchObject([
      { kind: 'transfer' },
      { kind: 'dpia', source: 'GDPR Art. 35(1)' },
    ])
    const assessments = [
      { kind: 'dpia', title: 'Impact', reference: 'DPIA-7', approvedOn: '2026-11-01' },
      { kind: 'transfer', title: 'Transfers', url: 'https://example.com/tia', approvedOn: '2026-11-01' },
    ]
    await author.edit(id, { ...item, edit: 1, definition: { ...training, transfers: ['US'], assessments } })
    expect(await author.submit(id)).toMatchObject({ state: 'in_review' })
  })

  test('AI training is never essential: our rule, with its reason', async () => {
    const training = starterPurposes.find(({ key }) => key === 'ai_training')!
    const { id } = await author.open('Essential AI training')
    const definition = { ...training, basis: 'contract', necessity: { en: 'We need it.' } }
    await author.edit(id, { kind: 'purpose', key: 'ai_training', edit: 0, definition })
    const { complaints } = await author.check(id)
    expect(complaints.map(({ pointer }) => pointer)).toEqual(['/basis', '/necessity'])
    expect(complaints[0]?.message).toMatch(/Assent’s own rule/)
  })
})

describe('what was published in a release', () => {
  test('names it: a purpose’s versions, an experience, a notice', async () => {
    const { id } = await author.open('Named')
    await author.edit(id, {
      ...{ kind: 'purpose', key: 'analytics', edit: 0 },
      definition: { ...analytics, recipients: ['Example Ltd'] },
    })
    const purposes = noticeDraft.purposes.map((each) =>
      each.purpose === 'analytics' ? { ...each, version: 'next' } : each,
    )
    const named = { ...noticeDraft, key: 'named', purposes }
    await author.edit(id, { kind: 'notice', key: 'named', edit: 0, definition: named })
    const words = { accept: 'Yes to all', reject: 'No to all', choose: 'Choose' }
    const experience = {
      ...{ key: 'banner', property: 'demo', layout: 'bar', notices: ['named'], purposes: ['analytics'] },
      texts: { en: words, de: { accept: 'Allem zustimmen', reject: 'Alles ablehnen', choose: 'Auswählen' } },
    }
    await author.edit(id, { kind: 'experience', key: 'banner', edit: 0, definition: experience })
    await second.approve(id, await author.submit(id))
    const { approvers } = await author.publish(id)
    const release = { id, title: 'Named', approved_by: approvers }
    expect(await author.purpose('analytics')).toMatchObject({
      version: 2,
      material_version: 2,
      versions: [
        { version: 1, is_material: false, widenings: [], release: null },
        { version: 2, is_material: true, widenings: [{ kind: 'recipient_added' }], release },
      ],
    })
    expect((await api.call('GET', '/v1/notices/named/1')).body).toMatchObject({
      approved_by: approvers,
      release,
      purposes: expect.arrayContaining([expect.objectContaining({ purpose: 'analytics', version: 2 })]),
    })
    expect((await api.call('GET', '/v1/notices/starter/1')).body).toMatchObject({
      approved_by: null,
      release: null,
    })
    const { body } = await api.call('GET', '/v1/experiences')
    expect(body.experiences).toMatchObject([{ key: 'banner', version: 1, release }])
    expect(await refusal(author.purpose('unheard_of'))).toMatchObject({ status: 404 })
  })
})
