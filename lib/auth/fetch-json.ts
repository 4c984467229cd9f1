const bytesMax = 256 * 1024
const timeoutMs = 5_000

/** Whether nobody on the way can read or change what is fetched from there: https, or this machine itself. */
export function isSecureOrLocal(address: string): boolean {
  if (!URL.canParse(address)) return false
  const { protocol, hostname } = new URL(address)
  return (
    protocol === 'https:' || (protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname))
  )
}

/**
 * A JSON object from an address that the operator configured, or that was named by what lies there: at most 256 KiB in
 * 5 s, from where it was asked, no redirects. Rejects otherwise.
 */
export async function fetchJson(address: string): Promise<Readonly<Record<string, unknown>>> {
  const response = await fetch(address, {
    headers: { Accept: 'application/json' },
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  })
  if (!response.ok || response.body === null) {
    await response.body?.cancel()
    throw new Error(`${address} answered ${response.status}`)
  }
  const parts: Uint8Array[] = []
  let length = 0
  const reader = response.body.getReader()
  for (;;) {
    const { done, value: part } = await reader.read()
    if (done) break
    length += part.length
    if (length > bytesMax) {
      await reader.cancel()
      throw new Error(`${address} answered more than ${bytesMax} bytes`)
    }
    parts.push(part)
  }
  const value: unknown = JSON.parse(Buffer.concat(parts).toString())
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>
  throw new Error(`${address} did not answer an object`)
}
