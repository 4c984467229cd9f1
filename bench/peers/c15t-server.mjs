// c15t over the PostgreSQL whose address is given as JSON, filled with subjects by its own tables, on a port it prints.
import { createServer } from 'node:http'
import { Readable } from 'node:stream'
import { c15tInstance } from '@c15t/backend'
import { kyselyAdapter } from '@c15t/backend/db/adapters/kysely'
import { migrator } from '@c15t/backend/db/migrator'
import { DB } from '@c15t/backend/db/schema'
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'

const database = 'c15t_bench'
const address = JSON.parse(process.argv[2])
const subjects = Number(process.argv[3])

const admin = new pg.Client(address)
await admin.connect()
await admin.query(`CREATE DATABASE ${database}`)
await admin.end()

const pool = new pg.Pool({ ...address, database, max: 20 })
const adapter = kyselyAdapter({
  db: new Kysely({ dialect: new PostgresDialect({ pool }) }),
  provider: 'postgresql',
})
await (await migrator({ db: DB.client(adapter), schema: 'latest' })).execute()
const { handler } = c15tInstance({
  appName: 'bench',
  basePath: '/',
  adapter,
  trustedOrigins: ['localhost'],
  advanced: { disableGeoLocation: true },
  logger: { level: 'error' },
})

const server = createServer(async (incoming, outgoing) => {
  const hasBody = incoming.method !== 'GET'
  const answer = await handler(
    new Request(`http://localhost${incoming.url}`, {
      method: incoming.method,
      headers: incoming.headers,
      ...(hasBody ? { body: Readable.toWeb(incoming), duplex: 'half' } : {}),
    }),
  )
  const body = await answer.text()
  outgoing.writeHead(answer.status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
  })
  outgoing.end(body)
})
server.listen(0, '127.0.0.1', async () => {
  const { port } = server.address()
  await fill(`http://127.0.0.1:${port}`)
  console.log(`port ${port}`)
})

/** Its ids are base58, which has no 0. One choice through its own API, so that policy, purposes and domain are its own; then as many copies as are wanted. */
async function fill(url) {
  const answer = await fetch(`${url}/subjects`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({
      type: 'cookie_banner',
      subjectId: 'sub_first',
      externalSubjectId: 'user_first',
      domain: 'localhost',
      preferences: { necessary: true, marketing: false },
      givenAt: Date.now(),
    }),
  })
  if (!answer.ok) throw new Error(`c15t did not take a choice: ${answer.status} ${await answer.text()}`)
  await pool.query(
    `INSERT INTO subject (id, "externalId", "identityProvider", "createdAt", "updatedAt")
     SELECT 'sub_' || translate(n::text, '0', 'z'), 'user_' || n, 'external', now(), now() FROM generate_series(1, $1::int) AS n`,
    [subjects],
  )
  await pool.query(
    `INSERT INTO consent (id, "subjectId", "domainId", "policyId", "purposeIds", "givenAt", jurisdiction)
     SELECT 'cns_' || n, 'sub_' || translate(n::text, '0', 'z'), c."domainId", c."policyId", c."purposeIds", now(), c.jurisdiction
     FROM generate_series(1, $1::int) AS n, (SELECT * FROM consent LIMIT 1) AS c`,
    [subjects],
  )
  await pool.query('ANALYZE')
}
