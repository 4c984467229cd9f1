import type { Run } from '../filter/run.ts'
import type { TimeSql } from './collected-at.ts'
import type { Duck } from './duck.ts'
import type { Slot } from './people.ts'
import { codeAsk, flagTooMany } from './record-table.ts'
import type { ResolveHead } from './resolve-ids.ts'
import { name } from './sql.ts'

const itemsEach = 1_000
/** Times that a question can name. */
const earliestMs = Date.parse('0001-01-01T00:00:00Z')
const latestMs = Date.parse('9999-12-31T23:59:59.999Z')

type Evaluated = {
  readonly evaluations: readonly {
    readonly decision: boolean
    readonly context?: { readonly reason?: string }
  }[]
}

/**
 * Asks record by record about the few whose answer does not fit into four spans, or whose id cannot be sent by line.
 * Answers whether there are any; their answers are then in the tables `asked_…`.
 */
export async function askEach(
  run: Run,
  duck: Duck,
  slots: readonly Slot[],
  time: TimeSql,
  { reasons }: ResolveHead,
): Promise<boolean> {
  let isAny = false
  for (const namespace of new Set(slots.map((slot) => slot.namespace))) {
    const pairs = slots
      .filter((slot) => slot.namespace === namespace)
      .map(
        ({ id, known }) =>
          `SELECT k.id, k.none, ${time.sql} AS ms FROM source s ${time.join} JOIN ${name(known)} k ON k.id = ${id} WHERE k.flags & ${flagTooMany} <> 0`,
      )
    const table = name(`asked_${namespace}`)
    await duck.run(
      `CREATE OR REPLACE TABLE ${table} AS SELECT DISTINCT id, ms, CAST(NULL AS UTINYINT) AS code FROM (${pairs.join(' UNION ALL ')}) WHERE ms IS NOT NULL OR none & 255 = ${codeAsk}`,
    )
    // DuckDB's binding takes a U+FEFF off the beginning of a text, which would make it another's id: it is put behind a dot.
    const dotted = await duck.rows<{ n: bigint; id: string; ms: bigint | null }>(
      `SELECT rowid AS n, '.' || CAST(id AS VARCHAR) AS id, ms FROM ${table} ORDER BY rowid`,
    )
    const asked = dotted.map(({ id, ms }) => ({ id: id.slice(1), ms }))
    isAny ||= asked.length > 0
    for (let from = 0; from < asked.length; from += itemsEach) {
      const codes = await ask(run, namespace, asked.slice(from, from + itemsEach), reasons)
      await duck.run(
        `UPDATE ${table} SET code = c.code FROM (VALUES ${codes.map((code, n) => `(${from + n}, ${code})`).join(', ')}) c(n, code) WHERE ${table}.rowid = c.n`,
      )
    }
  }
  return isAny
}

async function ask(
  { client, options }: Run,
  namespace: string,
  asked: readonly { readonly id: string; readonly ms: bigint | null }[],
  reasons: readonly string[],
): Promise<readonly number[]> {
  const given = (key: string) => options.terms.filter(([term]) => term === key).map(([, value]) => value)
  const one = (key: string) => {
    const [value] = given(key)
    return value === undefined ? {} : { [key]: value }
  }
  const categories = given('category')
  const { evaluations } = await client.call<Evaluated>('POST', '/access/v1/evaluations', {
    action: { name: options.purpose },
    context: { ...one('recipient'), ...one('regime') },
    evaluations: asked.map(({ id, ms }) => ({
      subject: { type: namespace, id },
      resource: {
        type: 'record',
        id: 'record',
        properties: {
          ...(ms === null ? {} : { collected_at: timeText(Number(ms)) }),
          ...one('property'),
          ...one('source_purpose'),
          ...(categories.length === 0 ? {} : { categories }),
        },
      },
    })),
  })
  return asked.map(({ ms }, n) => {
    // A single question without a time may be about data of this moment; a record’s may not.
    const isWithoutTime = ms === null && evaluations[n]?.decision === true
    const reason = isWithoutTime ? 'collected_at_required' : evaluations[n]?.context?.reason
    const code = reasons.indexOf(reason ?? '')
    if (code < 0) throw new Error('a record’s answer names no reason')
    return code
  })
}

const timeText = (ms: number) => new Date(Math.min(Math.max(ms, earliestMs), latestMs)).toISOString()
