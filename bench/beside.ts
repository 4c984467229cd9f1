import { setTimeout as delay } from 'node:timers/promises'
import type { FilledServer } from './filled-server.ts'
import { load } from './load.ts'
import { batchOf } from './measure-evaluations.ts'
import { filterUntil } from './measure-streams.ts'

/**
 * What goes on beside a decision that is measured, in a process of its own, so that the one that measures has nothing else to
 * do: an admin page renders, a filter streams, batches of 10,000 run, each without pause, until its input ends. Says `begun`
 * once signed in, and how many there were at its end. Argument: the server, as JSON.
 */
const server = JSON.parse(process.argv[2]!) as FilledServer
const counts = { pages: 0, batches: 0 }
let isOver = false
process.stdin.on('end', () => {
  isOver = true
})
process.stdin.resume()
const cookie = await signIn(server)
const body = batchOf(10_000, server.subjects, server.keys[0]!)
console.log('begun')
await Promise.all([
  filterUntil(server, () => isOver),
  repeat(async () => {
    const { byStatus } = await load({ port: server.port, connections: 1, durationMs: 1, next: () => body })
    counts.batches += byStatus['200'] ?? 0
  }),
  repeat(async () => {
    const page = await fetch(`${server.url}/admin`, { headers: { cookie } })
    if (!page.ok || !(await page.text()).includes('</html>'))
      throw new Error(`/admin answered ${page.status}`)
    counts.pages += 1
  }),
])
console.log(JSON.stringify(counts))

async function repeat(run: () => Promise<void>): Promise<void> {
  while (!isOver) await run()
}

/** As the sign-in page does; answers the session's cookies. */
async function signIn({ url, admin }: FilledServer): Promise<string> {
  const token = await onceUp(`${url}/api/auth/csrf`)
  const { csrfToken } = (await token.json()) as { csrfToken: string }
  const before = cookiesOf(token)
  const answer = await fetch(`${url}/api/auth/callback/credentials`, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie: before, Origin: url, 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ csrfToken, ...admin, json: 'true' }),
  })
  await answer.text()
  return `${before}; ${cookiesOf(answer)}`
}

/** The pages may still be starting. */
async function onceUp(address: string): Promise<Response> {
  for (let tries = 0; ; tries++) {
    const response = await fetch(address)
    if (response.ok || tries === 100) return response
    await response.text()
    await delay(100)
  }
}

function cookiesOf(response: Response): string {
  const cookies = response.headers.getSetCookie()
  return cookies.map((cookie) => cookie.split(';')[0]).join('; ')
}
