import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cpuMicros, printed } from './processes.ts'
import { add, figure, isQuick, seconds } from './rows.ts'

/** How one follower kept up. Latencies are from the withdrawal's 201 to the first denial here, in milliseconds. */
export type FollowerRun = {
  readonly name: string
  readonly withdrawals: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
  /** Answers that named the withdrawal's revision with `at_least` and were a yes: none may be. */
  readonly staleYeses: number
}

/** What the three nodes cost while nothing happens, in ms of CPU a second, the writing node first. */
export type FollowersRun = { readonly followers: readonly FollowerRun[]; readonly idleCpu: readonly number[] }

/**
 * Three processes: one that writes, one that follows its database, one that follows that one. Withdrawals one at a
 * time; each follower is asked over one connection, without pause, until it denies.
 */
async function measureFollowers(withdrawals: number, idleMs: number): Promise<FollowersRun> {
  const key = `ask_${randomBytes(32).toString('base64url')}`
  const agent = new Agent({ keepAlive: true })
  const endings: (() => Promise<void>)[] = []

  async function start(env: Record<string, string>, args: readonly string[] = []) {
    const dataDir = mkdtempSync(join(tmpdir(), 'assent-bench-'))
    const child = spawn(process.execPath, ['dist/server.js', ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, PORT: '0', ASSENT_DATA_DIR: dataDir, NODE_ENV: 'production', ...env },
    })
    endings.push(async () => {
      child.kill('SIGTERM')
      if (child.exitCode === null) await new Promise((resolve) => child.on('exit', resolve))
      rmSync(dataDir, { recursive: true, force: true })
    })
    return { dataDir, pid: child.pid!, url: await printed(child, /What it is +(\S+?)\/\n/) }
  }

  function post(url: string, path: string, body: object): Promise<Record<string, unknown>> {
    return new Promise((resolve, reject) => {
      const headers = { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' }
      const sent = request(`${url}${path}`, { agent, method: 'POST', headers }, (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (part: string) => {
          text += part
        })
        response.on('end', () => resolve(JSON.parse(text) as Record<string, unknown>))
      })
      sent.on('error', reject)
      sent.end(JSON.stringify(body))
    })
  }

  try {
    const writing = await start({ ASSENT_BOOTSTRAP_KEY: key, ASSENT_SEED: 'starter', DATABASE_URL: '' })
    const file = (name: string) => readFileSync(join(writing.dataDir, name), 'utf8')
    const { serve } = JSON.parse(file('postgres.json')) as { serve: string }
    const [, , , port, socket = ''] = file('postgres/postmaster.pid').split('\n')
    const secret = { ASSENT_SECRET_KEY_FILE: join(writing.dataDir, 'secret.key') }
    const database = `postgresql://assent_serve:${serve}@localhost:${port}/assent?host=${encodeURIComponent(socket)}`
    const role = ['--role=decisions']
    const first = await start({ ...secret, DATABASE_URL: database }, role)
    const feed = { ASSENT_FOLLOW_URL: first.url, ASSENT_FOLLOW_KEY: key, DATABASE_URL: '' }
    const second = await start({ ...secret, ...feed }, role)

    const record = (n: number, act: 'grant' | 'withdraw') =>
      post(writing.url, '/v1/consents', {
        subject: `user:f${n}`,
        property: 'demo',
        notice: { key: 'starter', version: 1, locale: 'en' },
        evidence: { method: 'form' },
        choices: [{ purpose: 'ai_training', act }],
      })
    const isYes = async (url: string, n: number, atLeast?: unknown) => {
      const collected_at = new Date().toISOString()
      const question = { subject: `user:f${n}`, purpose: 'ai_training', collected_at, at_least: atLeast }
      return (await post(url, '/v1/check', question)).allowed === true
    }

    let granted: unknown
    for (let n = 0; n < withdrawals; n++) granted = (await record(n, 'grant')).revision
    const followers = [
      { name: 'of the database', url: first.url, latencies: [] as number[], staleYeses: 0 },
      { name: 'of that follower', url: second.url, latencies: [] as number[], staleYeses: 0 },
    ]
    for (const { url } of followers) {
      if (!(await isYes(url, withdrawals - 1, granted))) throw new Error('a follower did not come along')
    }
    for (let n = 0; n < withdrawals; n++) {
      const { revision } = await record(n, 'withdraw')
      const at = performance.now()
      const asked = followers.map(async (follower) => {
        while (await isYes(follower.url, n)) if (performance.now() - at > 10_000) throw new Error('no denial')
        follower.latencies.push(performance.now() - at)
        if (await isYes(follower.url, n, revision)) follower.staleYeses += 1
      })
      await Promise.all(asked)
    }

    const pids = [writing.pid, first.pid, second.pid]
    const before = pids.map(cpuMicros)
    await new Promise((resolve) => setTimeout(resolve, idleMs))
    const idleCpu = pids.map((pid, index) => (cpuMicros(pid) - before[index]!) / idleMs)
    return {
      idleCpu,
      followers: followers.map(({ name, latencies, staleYeses }) => {
        latencies.sort((a, b) => a - b)
        const share = (of: number) =>
          latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * of))]!
        return {
          ...{ name, withdrawals, staleYeses },
          ...{ p50Ms: share(0.5), p99Ms: share(0.99), maxMs: share(1) },
        }
      }),
    }
  } finally {
    for (const end of endings.reverse()) await end()
    agent.destroy()
  }
}

/** Followers beside a writing node. */
export async function benchFollowers(): Promise<void> {
  const { followers, idleCpu } = await measureFollowers(isQuick ? 100 : 500, seconds(8))
  for (const { name, withdrawals, p50Ms, p99Ms, maxMs, staleYeses } of followers) {
    add({
      what: `withdrawal to denial, follower ${name}, ${withdrawals} withdrawals`,
      ...{ ours: p99Ms, unit: 'ms p99', bound: 'p99 ≤ 50 ms, with at_least never a yes' },
      isMet: p99Ms <= 50 && staleYeses === 0,
      more: { p50: p50Ms, max: maxMs, 'stale yeses with at_least': staleYeses },
    })
  }
  const [writing, first, second] = idleCpu.map((share) => figure(share))
  console.log(`         idle, ms of CPU a second: writing ${writing}, followers ${first} and ${second}`)
}
