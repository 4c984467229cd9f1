import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import pg from 'pg'

/**
 * The reference that most teams would write: a row of a table for each subject and purpose, and a prepared SELECT
 * through `pg` for each question. Takes the body of `POST /v1/check`; prints its port once the table is filled.
 */
const address = JSON.parse(process.argv[2] ?? '{}') as pg.PoolConfig
const subjects = Number(process.argv[3])
const purposes = ['ai_training', 'analytics', 'personalization', 'ai_training.evaluation']

const pool = new pg.Pool({ ...address, max: 16 })
await pool.query('DROP TABLE IF EXISTS bench_consents')
await pool.query(
  'CREATE TABLE bench_consents (subject text, purpose text, granted_at timestamptz, withdrawn_at timestamptz)',
)
await pool.query(
  `INSERT INTO bench_consents
   SELECT 'user:user_' || lpad(n::text, 8, '0'), purpose, now() - interval '1 day',
     CASE WHEN (n + p) % 2 = 0 THEN now() END
   FROM generate_series(1, $1::int) AS n, unnest($2::text[]) WITH ORDINALITY AS u(purpose, p)`,
  [subjects, purposes],
)
await pool.query('ALTER TABLE bench_consents ADD PRIMARY KEY (subject, purpose)')
await pool.query('ANALYZE bench_consents')

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const { subject, purpose, collected_at } = JSON.parse(Buffer.concat(chunks).toString())
    const select = {
      name: 'may-use',
      text: `SELECT withdrawn_at IS NULL AND granted_at <= $3::timestamptz AS allowed
        FROM bench_consents WHERE subject = $1 AND purpose = $2`,
      values: [subject, purpose, collected_at],
    }
    pool.query<{ allowed: boolean }>(select).then(
      ({ rows }) => {
        const body = JSON.stringify({ allowed: rows[0]?.allowed ?? false })
        response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': body.length })
        response.end(body)
      },
      () => response.destroy(),
    )
  })
})
server.listen(0, '127.0.0.1', () => {
  console.log(`port ${(server.address() as AddressInfo).port}`)
})
