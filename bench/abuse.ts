import { constants, setPriority } from 'node:os'

/**
 * An address that mints tokens and writes grants without pause, over four connections, until its input ends. Prints what
 * it was answered, how often. Arguments: port, the page's origin. It has the lowest priority: where it comes from it has a
 * machine of its own.
 */
const [port, page] = process.argv.slice(2) as [string, string]
setPriority(constants.priority.PRIORITY_LOW)

/** A token and a grant; answers `limited` where it was turned away. */
async function mintAndGrant(): Promise<string> {
  const base = `http://127.0.0.1:${port}/v1/public/demo`
  const headers = { Origin: page, 'Content-Type': 'application/json' }
  const call = async (path: string, body?: object, token?: string) => {
    const answer = await fetch(base + path, {
      method: body === undefined ? 'GET' : 'POST',
      headers: token === undefined ? headers : { ...headers, Authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return { status: answer.status, body: (await answer.json()) as Record<string, string> }
  }
  const { serving } = (await call('/experience')).body
  const minted = await call('/tokens', { serving })
  if (minted.status !== 201) return minted.status === 429 ? 'limited' : `minting ${minted.status}`
  const { token, snapshot } = minted.body
  const choices = [{ purpose: 'analytics', act: 'grant' }]
  const granted = await call('/consents', { snapshot, choices }, token)
  return granted.status === 201
    ? 'granted'
    : granted.status === 429
      ? 'limited'
      : `granting ${granted.status}`
}

let isOver = false
process.stdin.resume().on('end', () => {
  isOver = true
})
const abused: Record<string, number> = {}
const callers = Array.from({ length: 4 }, async () => {
  while (!isOver) {
    const answer = await mintAndGrant()
    abused[answer] = (abused[answer] ?? 0) + 1
  }
})
await Promise.all(callers)
console.log(JSON.stringify(abused))
process.exit(0)
