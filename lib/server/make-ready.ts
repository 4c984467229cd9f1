/** Further ones wait for their first visitor. */
const propertiesMax = 20
/** The greeting does not wait for longer. */
const waitMs = 2_000

/**
 * Asks once for what each property asks, so that the first visitors do not wait for what the first one begins: routes
 * are looked up, words read, signatures made. Nobody saw it, so it is said to be a prefetch. What fails here fails again
 * where somebody asks.
 */
export async function makeReady(
  port: number,
  publicUrl: string,
  properties: Iterable<string>,
): Promise<void> {
  for (const property of [...properties].slice(0, propertiesMax)) {
    const url = `http://127.0.0.1:${port}/v1/public/${encodeURIComponent(property)}/experience`
    const headers = { Origin: publicUrl, 'Sec-Purpose': 'prefetch' }
    await fetch(url, { headers, signal: AbortSignal.timeout(waitMs) })
      .then((answer) => answer.arrayBuffer())
      .catch(() => undefined)
  }
}
