import { spawn } from 'node:child_process'
import { Agent, request } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import type { FilledServer } from './filled-server.ts'
import { load } from './load.ts'
import { printed } from './processes.ts'
import { questionsOver } from './questions.ts'
import { add, seconds } from './rows.ts'

const visitsASecond = 200
const boundMs = 50
const locales = ['en', 'de', 'de-AT', 'fr', 'pl', 'ar', 'ja', 'pt-BR', 'sv', 'it']

/**
 * First visits: each a connection of its own that asks for the experience, at a pace that does not wait for answers, from a
 * server that nobody has visited yet; the generator has made other calls before, so that its own beginning is not measured.
 * Then services' questions with and without an address that mints tokens and writes grants as fast as it can, from a
 * process of its own.
 */
export async function benchVisits(server: FilledServer): Promise<void> {
  const { origin } = server
  const path = `/v1/public/demo/experience`
  const timesMs: number[] = []
  const statuses: Record<string, number> = {}
  const total = (visitsASecond * seconds(10)) / 1_000
  for (let n = 0; n < 100; n++) await get(server.port, '/healthz', {})
  const beganAt = performance.now()
  const visits = Array.from({ length: total }, async (_, n) => {
    await delay(Math.max(0, beganAt + (n * 1_000) / visitsASecond - performance.now()))
    const sentAt = performance.now()
    const headers = { Origin: origin, ...(n % 10 === 0 ? { 'Sec-GPC': '1' } : {}) }
    const status = await get(server.port, `${path}?locale=${locales[n % locales.length]}`, headers)
    timesMs.push(performance.now() - sentAt)
    statuses[status] = (statuses[status] ?? 0) + 1
  })
  await Promise.all(visits)
  timesMs.sort((a, b) => a - b)
  const p99 = timesMs[Math.floor(timesMs.length * 0.99)]!
  const all = statuses[200] === total
  add({
    what: `first visits, ${visitsASecond} a second from a cold cache, a connection each`,
    ...{ ours: p99, unit: 'ms p99', bound: `≤ ${boundMs} ms`, isMet: p99 <= boundMs && all },
    more: { p50: timesMs[Math.floor(total / 2)]!, max: timesMs.at(-1)!, visits: total, ...statuses },
  })

  const next = questionsOver('/v1/check', server.subjects, server.keys)
  const ask = () => load({ port: server.port, connections: 32, durationMs: seconds(5), next })
  await ask()
  const quiet = await ask()
  const abuse = spawn(process.execPath, ['dist/bench/abuse.js', String(server.port), origin], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const beside = await ask().finally(() => abuse.stdin.end())
  const abused = JSON.parse(await printed(abuse, /(\{.*\})/)) as Record<string, number>
  // Four callers without pause take their share of the cores: twice is no matter of limits.
  const bound = Math.max(2 * quiet.p99Ms, quiet.p99Ms + 5)
  add({
    what: 'one decision over HTTP beside an address that mints tokens and writes grants without pause',
    ...{ ours: beside.p99Ms, unit: 'ms p99', reference: quiet.p99Ms, bound: '≤ 2 × alone' },
    isMet: beside.p99Ms <= bound,
    more: { 'decisions/s': beside.perSecond, 'decisions/s alone': quiet.perSecond, ...abused },
  })
}

const agent = new Agent({ keepAlive: false })

function get(port: number, path: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, headers, agent }, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode ?? 0))
    })
      .on('error', reject)
      .end()
  })
}
