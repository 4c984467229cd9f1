import { createServer, get } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aConsent } from '../storage/ledger/testing/start-ledger.ts'
import type { EvidenceReader, EvidenceRow } from './evidence/evidence-store.ts'
import { exportEvidence } from './evidence/export-evidence.ts'
import { otherOrganisation } from './testing/other-organisation.ts'
import { type RunningApi, startApi } from './testing/start-api.ts'

type Row = { id: string; kind: string; seq: number | null; actor: string; about: string | null }

const aRow: EvidenceRow = {
  ...{ atMs: 1_000, source: 'act', position: 1, id: `act_${'0'.repeat(32)}`, kind: 'room_opened' },
  ...{
    actor: 'member:1',
    purpose: null,
    property: null,
    subject: null,
    notice: null,
    detail: {},
    event: null,
  },
}

let api: RunningApi
let auditor: Record<string, string>
beforeAll(async () => {
  api = await startApi()
  auditor = await api.signInAs('auditor')
  for (let n = 0; n < 30; n++) {
    const act = n % 2 === 0 ? 'grant' : 'withdraw'
    await api.ledger.recordConsents(
      aConsent(api.organisationId, {
        ...{ subject: { namespace: 'user', id: `person_${n % 7}` } },
        ...{ actor: n % 3 === 0 ? 'guardian' : 'subject', choices: [{ purpose: 'ai_training', act }] },
      }),
      null,
    )
  }
})
afterAll(() => api.close())

const list = async (query: string) => {
  const { status, body } = await api.call('GET', `/v1/evidence${query}`)
  return {
    status,
    ...(body as { evidence: Row[]; next: string | null; previous: string | null; code?: string }),
  }
}
const text = (query: string, headers: Record<string, string> = auditor) =>
  fetch(`${api.url}/v1/evidence/export${query}`, { headers }).then(async (response) => ({
    status: response.status,
    type: response.headers.get('content-type'),
    body: await response.text(),
  }))

describe('the log of evidence, over the API', () => {
  test('has what was just done, events and acts alike, by any filter', async () => {
    const { status } = await api.call('POST', '/v1/invitations', {
      email: 'bob@example.com',
      role: 'auditor',
    })
    expect(status).toBe(201)
    expect((await list('?kind=member_invited')).evidence).toMatchObject([
      { kind: 'member_invited', about: 'bob@example.com', seq: null },
    ])
    const guardians = await list('?actor=guardian&purpose=ai_training&property=demo&kind=granted&kind=denied')
    expect(guardians.evidence.map(({ kind, actor }) => `${kind} ${actor}`)).toEqual(
      Array.from({ length: 5 }, () => 'granted guardian'),
    )
    expect(await list('?kind=never')).toMatchObject({ evidence: [], next: null, previous: null })
    expect((await list('?from=2999-01-01')).evidence).toEqual([])
    expect((await list('?to=2000-01-01T00:00:00Z')).evidence).toEqual([])
  })

  test('is paged from both ends, and back', async () => {
    const first = await list('?kind=granted&kind=withdrawn&limit=12')
    expect(first).toMatchObject({ previous: null })
    const second = await list(`?kind=granted&kind=withdrawn&limit=12&cursor=${first.next}`)
    const third = await list(`?kind=granted&kind=withdrawn&limit=12&cursor=${second.next}`)
    expect(third).toMatchObject({ next: null })
    const rows = [first, second, third].flatMap(({ evidence }) => evidence)
    expect(new Set(rows.map(({ id }) => id)).size).toBe(30)
    expect(rows.map(({ seq }) => seq)).toEqual(rows.map(({ seq }) => seq).sort((a, b) => b! - a!))
    const back = await list(`?kind=granted&kind=withdrawn&limit=12&cursor=${third.previous}`)
    expect(back.evidence).toEqual(second.evidence)
    const last = await list('?kind=granted&kind=withdrawn&limit=12&cursor=last')
    expect(last).toMatchObject({ next: null })
    expect(last.evidence).toEqual(rows.slice(-12))
  })

  test.each(['cursor=x', 'limit=501', 'from=yesterday', 'order=random'])(
    'refuses %s in words',
    async (query) => {
      expect(await list(`?${query}`)).toMatchObject({ status: 400, code: 'parameter_invalid' })
    },
  )

  test('opens each row to its full record: an event with its place in the chain, an act with its detail', async () => {
    const [event] = (await list('?kind=granted&limit=1')).evidence
    const { body } = await api.call('GET', `/v1/evidence/${event!.id}`)
    expect(body).toMatchObject({
      ...event,
      detail: { act: 'granted', method: 'form' },
      chain: { hash: expect.stringMatching(/^[0-9a-f]{64}$/), previous_hash: expect.any(String) },
      words: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/), title: 'What we do with your data' },
    })
    const [act] = (await list('?kind=member_invited')).evidence
    expect((await api.call('GET', `/v1/evidence/${act!.id}`)).body).toMatchObject({
      ...{ ...act, detail: { email: 'bob@example.com' }, chain: null },
    })
  })

  test('says what one can filter by, and whose names the caller may know', async () => {
    const { body } = await api.call('GET', '/v1/evidence/facets')
    expect(body).toMatchObject({
      kinds: expect.arrayContaining([{ value: 'withdrawn', name: null, count: 15 }]),
      actors: expect.arrayContaining([{ value: 'guardian', name: null, count: 10 }]),
    })
    await fetch(`${api.url}/v1/evidence/export`, { headers: auditor }).then((response) => response.text())
    const named = (of: Record<string, unknown>) =>
      (of.actors as { value: string; name: string | null }[]).find(({ value }) => value.startsWith('member:'))
        ?.name
    expect(named((await api.call('GET', '/v1/evidence/facets')).body)).toMatch(/@example\.com$/)
    const key = await api.makeKey('audit:read')
    const { body: seen } = await api.call('GET', '/v1/evidence/facets', undefined, {
      Authorization: `Bearer ${key}`,
    })
    expect(named(seen)).toBeNull()
  })

  test('shows an organisation its own alone', async () => {
    const other = await otherOrganisation(api)
    const headers = { Authorization: `Bearer ${other.key}` }
    const { body } = await api.call(
      'GET',
      '/v1/evidence?kind=granted&kind=member_invited',
      undefined,
      headers,
    )
    expect(body).toMatchObject({ evidence: [] })
    const exported = await text('?format=ndjson', headers)
    const kinds = exported.body
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as Row).kind)
    expect(kinds).toContain('notice_published')
    expect(kinds).not.toContain('granted')
  })
})

describe('its export', () => {
  test('is itself an act, with what was asked for', async () => {
    expect(await text('?format=csv&purpose=ai_training&kind=granted')).toMatchObject({
      ...{ status: 200, type: 'text/csv; charset=utf-8; header=present' },
    })
    const [act] = (await list('?kind=evidence_exported&limit=1')).evidence
    const { body } = await api.call('GET', `/v1/evidence/${act!.id}`)
    expect(body).toMatchObject({
      ...{ actor: expect.stringMatching(/^member:/), purpose: 'ai_training' },
      detail: { format: 'csv', purpose: 'ai_training', kinds: 'granted' },
    })
  })

  test('has the same rows as the list, oldest first', async () => {
    const { body } = await text('?kind=granted&kind=withdrawn')
    const ids = body
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as Row).id)
    const { evidence } = await list('?kind=granted&kind=withdrawn&order=oldest&limit=500')
    expect(ids).toEqual(evidence.map(({ id }) => id))
    const csv = await text('?format=csv&kind=granted&kind=withdrawn')
    expect(csv.body.trim().split('\r\n')).toHaveLength(31)
    const empty = await text('?format=csv&kind=never')
    expect(empty.body).toMatch(/^id,at,[a-z_,]+\r\n$/)
  })

  test('runs nothing in a spreadsheet', async () => {
    for (const name of ['=1+1', '+1', '-1', '@SUM(1)', '\t=1', '"=1']) {
      await api.call('POST', '/v1/keys', { name, scopes: ['decisions:read'] })
    }
    const { body } = await text('?format=csv&kind=key_created')
    for (const cell of ["'=1+1", "'+1", "'-1", "'@SUM(1)"]) expect(body).toContain(`,${cell},`)
    // Every cell of every line, read as CSV is.
    const cells = [...body.matchAll(/(?:^|,|\n)("(?:[^"]|"")*"|[^,"\r\n]*)/g)].map(([, cell]) => cell!)
    expect(cells.length).toBeGreaterThan(100)
    expect(cells.filter((cell) => /^"?[=+@\t\r-]/.test(cell))).toEqual([])
  })

  test('stops reading when its caller goes away', async () => {
    let pages = 0
    let ended: (how: string) => void = () => undefined
    const over = new Promise<string>((resolve) => {
      ended = resolve
    })
    // A log without an end, on a server of its own.
    const endless: Pick<EvidenceReader, 'page'> = {
      page: async () => {
        pages += 1
        return Array.from({ length: 1_000 }, () => aRow)
      },
    }
    const none = { fromMs: null, toMs: null, actor: null, purpose: null, property: null, kinds: [] }
    const server = createServer(
      getRequestListener(
        () => new Response(exportEvidence(endless, api.organisationId, none, { format: 'csv', ended })),
      ),
    )
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { port: number }
    const request = get({ port, host: '127.0.0.1' }, (response) => {
      // Reads once, and no more: what is on its way fills the buffers in between, and then nothing more is read.
      response.once('data', () => response.pause())
    })
    request.on('error', () => undefined)
    const atRest = async () => {
      const before = pages
      await new Promise((resolve) => setTimeout(resolve, 200))
      return pages > 0 && pages === before
    }
    await expect.poll(atRest, { timeout: 60_000 }).toBe(true)
    expect(pages).toBeLessThan(200)
    request.destroy()
    expect(await over).toBe('gone')
    server.closeAllConnections()
    server.close()
  })
})
