import { RawConnection, rawPost } from './raw-connection.ts'
import { readMetrics } from './worker-pids.ts'

export type Asked = {
  readonly rounds: number
  /** Questions put before a withdrawal and answered yes: what the noes are worth. */
  readonly yesBefore: number
  /** Questions written after the first byte of the withdrawal's 201, by their reason. */
  readonly after: ReadonlyMap<string, number>
  /** Of these, the wrong ones. */
  readonly yesAfter: number
  /** How the asking connections were spread over the workers. */
  readonly connectionsByWorker: readonly number[]
  /** How often an asking connection was cut off. */
  readonly cuts: number
}

const connections = 64

/**
 * So many people say yes; then one after the other takes it back on one connection, and the moment the first byte of
 * the 201 arrives the question goes out on 64 others. `abreast` rounds are under way at a time.
 */
export async function withdrawThenAsk(options: {
  readonly port: number
  readonly key: string
  readonly rounds: number
  readonly abreast?: number
  readonly prefix?: string
}): Promise<Asked> {
  const { port, key, rounds } = options
  const abreast = options.abreast ?? 8
  const subject = (round: number) => `user:${options.prefix ?? 'w'}${round}`
  const asking = Array.from({ length: connections }, () => new RawConnection(port))
  const after = new Map<string, number>()
  let yesBefore = 0
  let yesAfter = 0
  const question = (round: number) =>
    rawPost('/v1/check', key, {
      subject: subject(round),
      purpose: 'ai_training',
      collected_at: new Date().toISOString(),
    })

  async function grant(writer: RawConnection, round: number): Promise<void> {
    const { status, body } = await writer.send(
      rawPost('/v1/consents', key, {
        subject: subject(round),
        property: 'demo',
        notice: { key: 'starter', version: 1, locale: 'en' },
        evidence: { method: 'form' },
        choices: [{ purpose: 'ai_training', act: 'grant' }],
      }),
    )
    if (status !== 201) throw new Error(`a yes was not recorded: ${body}`)
  }

  async function runRound(writer: RawConnection, round: number): Promise<void> {
    const bytes = question(round)
    const before = await asking[round % connections]!.send(bytes)
    if (isYes(before.body)) yesBefore += 1
    const withdrawal = rawPost('/v1/consents', key, {
      subject: subject(round),
      choices: [{ purpose: 'ai_training', act: 'withdraw' }],
    })
    let answers: readonly Promise<void>[] = []
    const { status, body } = await writer.send(withdrawal, () => {
      answers = asking.map(async (connection) => {
        const answer = await connection.send(bytes)
        const reason = /"reason":"(\w+)"/.exec(answer.body)?.[1] ?? `status ${answer.status}`
        after.set(reason, (after.get(reason) ?? 0) + 1)
        if (isYes(answer.body)) yesAfter += 1
      })
    })
    if (status !== 201) throw new Error(`a withdrawal was not recorded: ${body}`)
    await Promise.all(answers)
  }

  await abreastOf(64, rounds, port, grant)
  await Promise.all(asking.map((connection) => connection.send(question(0))))
  const url = `http://127.0.0.1:${port}`
  const connectionsByWorker = await readMetrics({ url, key }, 'assent_worker_connections')
  await abreastOf(abreast, rounds, port, runRound)
  for (const connection of asking) connection.close()
  const cuts = asking.reduce((sum, each) => sum + each.cuts, 0)
  return { rounds, yesBefore, after, yesAfter, connectionsByWorker, cuts }
}

const isYes = (body: string) => body.startsWith('{"allowed":true')

async function abreastOf(
  abreast: number,
  rounds: number,
  port: number,
  work: (writer: RawConnection, round: number) => Promise<void>,
): Promise<void> {
  let next = 0
  await Promise.all(
    Array.from({ length: abreast }, async () => {
      const writer = new RawConnection(port)
      try {
        for (let round = next++; round < rounds; round = next++) await work(writer, round)
      } finally {
        writer.close()
      }
    }),
  )
}
