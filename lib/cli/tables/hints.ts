import { createReadStream, rmSync } from 'node:fs'
import type { Run } from '../filter/run.ts'
import type { Duck } from './duck.ts'
import type { People } from './people.ts'
import { resolveIds } from './resolve-ids.ts'
import { literal, name } from './sql.ts'

/** So many ids are looked up elsewhere at most. */
export const hintMax = 50_000
export const usualNamespaces = ['user', 'device', 'email', 'customer', 'account']
export const figure = (count: number) => count.toLocaleString('en')

/**
 * Where most ids are unknown in their namespace, looks a sample of them up in others: the usual slip is a column of
 * devices called users.
 */
export async function hintsOf(run: Run, duck: Duck, people: People): Promise<readonly string[]> {
  const hints: string[] = []
  for (const namespace of people.namespaces) {
    const known = name(`known_${namespace}`)
    const unknown = 'flags & 3 = 0'
    const [count] = await duck.rows<{ all_ids: bigint; unknown: bigint }>(
      `SELECT count(*) AS all_ids, count(*) FILTER (${unknown}) AS unknown FROM ${known}`,
    )
    const [all, missing] = [Number(count!.all_ids), Number(count!.unknown)]
    if (missing * 2 <= all) continue
    const file = run.aside.path(`sample_${namespace}.txt`)
    await duck.run(
      `COPY (SELECT CAST(id AS VARCHAR) FROM ${known} WHERE ${unknown} LIMIT ${hintMax}) TO ${literal(file)} (FORMAT csv, HEADER false, QUOTE '', ESCAPE '')`,
    )
    const elsewhere: string[] = []
    for (const other of usualNamespaces) {
      if (people.namespaces.includes(other)) continue
      const found = await countKnown(run, other, file)
      if (found > 0) elsewhere.push(`${figure(found)} known in \`${other}\``)
    }
    rmSync(file, { force: true })
    const sampled = missing > hintMax ? `; of ${figure(hintMax)} of them, ` : '; '
    hints.push(
      `${figure(missing)} of ${figure(all)} ids unknown in \`${namespace}\`${elsewhere.length === 0 ? '' : sampled + elsewhere.join(', ')}`,
    )
  }
  return hints
}

/** How many of the ids that lie in `file`, one a line, somebody was recorded under in `namespace`. */
export async function countKnown(
  { connection, options }: Run,
  namespace: string,
  file: string,
): Promise<number> {
  const query = new URLSearchParams({ purpose: options.purpose, namespace })
  let found = 0
  let place = 0
  await resolveIds(connection, query, createReadStream(file), async () => (bytes) => {
    for (const byte of bytes) {
      // The flags of a record of 40 bytes.
      if (place % 40 === 5) found += byte & 1
      place += 1
    }
  })
  return found
}
