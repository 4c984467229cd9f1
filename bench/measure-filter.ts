import { request } from 'node:http'
import { Readable } from 'node:stream'
import { type RunningServer, residentMb } from './processes.ts'
import { collectedAt, subjectOf } from './questions.ts'

/** Streams records of 200 bytes through /v1/filter, and reads what comes back. */
export async function filterStream(
  { port, pid, questions }: RunningServer,
  records: number,
): Promise<{
  readonly perSecond: number
  readonly megabytes: number
  readonly rssGrowthMb: number
  readonly permitted: number
}> {
  // A block of 5,000 records is made once and sent again and again: making them would cost more than filtering.
  const block = Buffer.from(
    Array.from({ length: 5_000 }, (_, n) => {
      const record = { id: n, user_id: subjectOf(n * 7), created_at: collectedAt, text: '' }
      const text = 'x'.repeat(199 - JSON.stringify(record).length)
      return `${JSON.stringify({ ...record, text })}\n`
    }).join(''),
  )
  const run = async (count: number) => {
    let left = count / 5_000
    let received = 0
    let most = 0
    const outgoing = request({
      port,
      host: '127.0.0.1',
      method: 'POST',
      path: '/v1/filter?purpose=ai_training&subject=user:user_id&collected_at=created_at',
      headers: { Authorization: `Bearer ${questions.keys[0]}`, 'Content-Type': 'application/x-ndjson' },
    })
    const answered = new Promise<void>((resolve, reject) => {
      outgoing.on('error', reject)
      outgoing.on('response', (response) => {
        if (response.statusCode !== 200) reject(new Error(`the filter answered ${response.statusCode}`))
        response.on('data', (chunk: Buffer) => {
          received += chunk.length
        })
        response.on('end', resolve)
        response.on('error', reject)
      })
    })
    const source = new Readable({
      read() {
        if (left % 20 === 0) most = Math.max(most, residentMb(pid))
        this.push(left-- > 0 ? block : null)
      },
    })
    const began = performance.now()
    source.pipe(outgoing)
    await answered
    return { seconds: (performance.now() - began) / 1_000, received, most }
  }
  await run(200_000)
  const before = residentMb(pid)
  const { seconds, received, most } = await run(records)
  return {
    perSecond: records / seconds,
    megabytes: (records * 200) / 1e6,
    rssGrowthMb: Math.max(0, most - before),
    permitted: Math.round(received / 200),
  }
}
