import { request } from 'node:http'
import { Readable } from 'node:stream'
import type { FilledServer } from './filled-server.ts'
import { idOf } from './population.ts'
import { cpuMicros, residentMb } from './processes.ts'
import { collectedAt } from './questions.ts'
import { add, isQuick } from './rows.ts'

const filterPath = '/v1/filter?purpose=ai_training&subject=user:user_id&collected_at=created_at'

/** Records of 200 bytes through /v1/filter. */
export async function benchFilter(server: FilledServer): Promise<void> {
  const records = isQuick ? 500_000 : 4_000_000
  const blocks = recordBlocks(server.subjects)
  const run = (count: number) =>
    stream(server, filterPath, 'application/x-ndjson', blocks, count / recordsEach)
  await run(250_000)
  const before = residentMb(server.pid)
  const { perSecond, perCore, mostMb, received } = await run(records)
  const growthMb = Math.max(0, mostMb - before)
  add({
    what: '/v1/filter, 200-byte NDJSON records',
    ...{ ours: perSecond * recordsEach, unit: 'records/s', bound: '≥ 400,000, memory flat' },
    isMet: perSecond * recordsEach >= 400_000 && growthMb < 100,
    more: {
      'records/s a core': perCore * recordsEach,
      megabytes: (records * 200) / 1e6,
      'MB more memory': growthMb,
      permitted: Math.round(received / 200),
    },
  })
}

/** Ids of 14 bytes, their line ends included, through /v1/resolve. */
export async function benchResolve(server: FilledServer): Promise<void> {
  const ids = isQuick ? 1_000_000 : 8_000_000
  const blocks = Array.from({ length: 20 }, () =>
    Buffer.from(
      Array.from(
        { length: recordsEach },
        () => `${idOf(1 + Math.floor(Math.random() * server.subjects))}\n`,
      ).join(''),
    ),
  )
  const run = (count: number) =>
    stream(
      server,
      '/v1/resolve?purpose=ai_training&namespace=user',
      'text/plain',
      blocks,
      count / recordsEach,
    )
  await run(500_000)
  const { perSecond, perCore, received } = await run(ids)
  if (received !== 40 * ids) throw new Error(`${received} bytes for ${ids} ids`)
  add({
    what: '/v1/resolve',
    ...{
      ours: perSecond * recordsEach,
      unit: 'ids/s',
      bound: '≥ 1,000,000',
      isMet: perSecond * recordsEach >= 1e6,
    },
    more: { 'ids/s a core': perCore * recordsEach },
  })
}

/** Streams records through the filter until it is told to end; answers how many. */
export async function filterUntil(server: FilledServer, isOver: () => boolean): Promise<void> {
  const blocks = recordBlocks(server.subjects)
  while (!isOver()) await stream(server, filterPath, 'application/x-ndjson', blocks, 40)
}

const recordsEach = 5_000

/** Blocks are made once and sent again and again: making records would cost more than filtering them. */
function recordBlocks(subjects: number): readonly Buffer[] {
  return Array.from({ length: 20 }, () =>
    Buffer.from(
      Array.from({ length: recordsEach }, (_, n) => {
        const user_id = idOf(1 + Math.floor(Math.random() * subjects))
        const record = { id: n, user_id, created_at: collectedAt, text: '' }
        const text = 'x'.repeat(199 - JSON.stringify(record).length)
        return `${JSON.stringify({ ...record, text })}\n`
      }).join(''),
    ),
  )
}

/** Sends `count` blocks and reads what comes back. Figures are in blocks. */
async function stream(
  { port, pid, keys }: FilledServer,
  path: string,
  type: string,
  blocks: readonly Buffer[],
  count: number,
): Promise<{
  readonly perSecond: number
  /** Of the server's CPU time; 0 where the system does not tell. */
  readonly perCore: number
  readonly mostMb: number
  readonly received: number
}> {
  let received = 0
  let mostMb = 0
  const outgoing = request({
    ...{ port, host: '127.0.0.1', method: 'POST', path },
    headers: { Authorization: `Bearer ${keys[0]}`, 'Content-Type': type },
  })
  const answered = new Promise<void>((resolve, reject) => {
    outgoing.on('error', reject)
    outgoing.on('response', (response) => {
      if (response.statusCode !== 200) reject(new Error(`${path} answered ${response.statusCode}`))
      response.on('data', (chunk: Buffer) => {
        received += chunk.length
      })
      response.on('end', resolve)
      response.on('error', reject)
    })
  })
  let sent = 0
  const source = new Readable({
    read() {
      if (sent % 20 === 0) mostMb = Math.max(mostMb, residentMb(pid))
      this.push(sent < count ? blocks[sent++ % blocks.length]! : null)
    },
  })
  const before = cpuMicros(pid)
  const began = performance.now()
  source.pipe(outgoing)
  await answered
  const seconds = (performance.now() - began) / 1_000
  const cpuSeconds = (cpuMicros(pid) - before) / 1e6
  return { perSecond: count / seconds, perCore: cpuSeconds === 0 ? 0 : count / cpuSeconds, mostMb, received }
}
