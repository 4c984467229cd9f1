import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import type { RunningServer } from '../running-server.ts'

/** The worker processes of a server's process, as Linux lists them. */
export function workerPids(server: number | undefined): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const [, parent] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
        return Number(parent) === server && command.includes('worker.js')
      } catch {
        return false
      }
    })
}

/** Resolves once so many workers serve; rejects after a minute. */
export async function untilLive(server: RunningServer, wanted: number): Promise<void> {
  for (let waitedMs = 0; waitedMs < 60_000; waitedMs += 50) {
    // A kept connection may lead to a worker that was just ended.
    const answer = await fetch(`${server.url}/readyz`).catch(() => undefined)
    const body = (await answer?.json().catch(() => undefined)) as { workers?: { live: number } } | undefined
    if (body?.workers?.live === wanted) return
    await delay(50)
  }
  throw new Error(`${wanted} workers did not serve within a minute`)
}

/** The sum of a metric's values over all labels. */
export async function readMetric(server: RunningServer, name: string): Promise<number> {
  const values = await readMetrics(server, name)
  return values.reduce((sum, value) => sum + value, 0)
}

/** The metric's values, one for each set of labels. */
export async function readMetrics(
  { url, key }: Pick<RunningServer, 'url' | 'key'>,
  name: string,
): Promise<readonly number[]> {
  const response = await fetch(`${url}/metrics`, { headers: { Authorization: `Bearer ${key}` } })
  return (await response.text()).split('\n').flatMap((line) => {
    const isWanted = line.startsWith(`${name}{`) || line.startsWith(`${name} `)
    return isWanted ? [Number(line.slice(line.lastIndexOf(' ')))] : []
  })
}
