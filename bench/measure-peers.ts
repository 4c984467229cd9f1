import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import type { DatabaseAddress } from '../lib/storage/database-address.ts'
import { jsonRequest, type LoadResult, load } from './load.ts'
import { printed } from './processes.ts'

export const c15tSubjects = 200_000
const peers = 'bench/peers'

/** c15t's `GET /consents/check`, and choices recorded by its `POST /subjects`; see bench/peers. */
export async function measureC15t(
  address: DatabaseAddress,
  durationMs: number,
): Promise<{ readonly checks: LoadResult; readonly writes: LoadResult }> {
  await install()
  const server = start(['bench/peers/c15t-server.mjs', JSON.stringify(address), String(c15tSubjects)])
  try {
    const port = Number(await printed(server, /port (\d+)/))
    const check = (n: number) =>
      Buffer.from(
        `GET /consents/check?externalId=user_${1 + ((n * 7_919) % c15tSubjects)}&type=cookie_banner HTTP/1.1\r\n` +
          'Host: localhost\r\n\r\n',
      )
    const run = Math.random().toString(36).slice(2, 8)
    const choice = (n: number) =>
      jsonRequest(
        '/subjects',
        {
          type: 'cookie_banner',
          subjectId: base58(n % 2 === 0 ? `sub_${run}${n}` : `sub_${1 + (n % c15tSubjects)}`),
          domain: 'localhost',
          preferences: { necessary: true, marketing: n % 4 < 2 },
          givenAt: Date.now(),
        },
        {},
      )
    const checks = await load({ port, connections: 32, durationMs, next: check })
    const writes = await load({ port, connections: 256, durationMs, next: choice })
    return { checks, writes }
  } finally {
    server.kill('SIGTERM')
  }
}

/** A prepared SELECT through `pg` for each question, over `subjects` subjects; see select-server.ts. */
export async function measureSelect(
  address: DatabaseAddress,
  subjects: number,
  durationMs: number,
): Promise<LoadResult> {
  const server = start(['dist/bench/select-server.js', JSON.stringify(address), String(subjects)])
  try {
    const port = Number(await printed(server, /port (\d+)/))
    const collected_at = new Date(Date.now() - 60_000).toISOString()
    const next = (n: number) => {
      const subject = `user:user_${String(1 + ((n * 7_919) % subjects)).padStart(8, '0')}`
      return jsonRequest('/v1/check', { subject, purpose: 'ai_training', collected_at }, {})
    }
    await load({ port, connections: 32, durationMs: 1_000, next })
    return await load({ port, connections: 32, durationMs, next })
  } finally {
    server.kill('SIGTERM')
  }
}

/** Its ids have no 0 and no l. */
const base58 = (id: string) => id.replaceAll('0', 'z').replaceAll('l', 'y')

const start = (args: readonly string[]): ChildProcess =>
  spawn(process.execPath, [...args], { stdio: ['ignore', 'pipe', 'inherit'] })

/** The peers' own packages, by their own lock file: the product never sees them. */
async function install(): Promise<void> {
  if (existsSync(`${peers}/node_modules/@c15t/backend`)) return
  const npm = spawn('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'], {
    cwd: peers,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const code = await new Promise((resolve) => npm.on('exit', resolve))
  if (code !== 0) throw new Error('the peers cannot be installed; see bench/peers')
}
