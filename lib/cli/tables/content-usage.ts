import { isDisallowed } from '../../domain/content-usage.ts'
import { usage } from '../exit-codes.ts'
import type { Duck } from './duck.ts'
import { list } from './sql.ts'
import { columnOf, type TableSource } from './table-source.ts'

const insertedAtOnce = 1_000

/**
 * Whether what a record's publisher said of it (`Content-Usage`) disallows the purpose, as a condition on a row of the
 * source `s`; undefined where no column says it, or nobody in it disallows. The column is a text or a list of texts.
 */
export async function withheldSql(
  duck: Duck,
  source: TableSource,
  { purpose, contentUsage }: { readonly purpose: string; readonly contentUsage: string | undefined },
): Promise<string | undefined> {
  if (contentUsage === undefined) return undefined
  const { name: sql, type } = await columnOf(duck, source, contentUsage)
  const isList = type === 'VARCHAR[]'
  if (!isList && type !== 'VARCHAR') {
    throw usage(`The column ${contentUsage} is ${type}; what a publisher said is a text, or a list of texts.`)
  }
  const said = await duck.rows<{ said: string | null }>(
    `SELECT DISTINCT ${isList ? `unnest(${sql})` : sql} AS said FROM source s`,
  )
  const withheld = said.flatMap(({ said: text }) =>
    text !== null && isDisallowed(purpose, [text]) ? [text] : [],
  )
  if (withheld.length === 0) return undefined
  await duck.run('CREATE OR REPLACE TABLE withheld (said VARCHAR)')
  for (let at = 0; at < withheld.length; at += insertedAtOnce) {
    await duck.run(`INSERT INTO withheld SELECT unnest(${list(withheld.slice(at, at + insertedAtOnce))})`)
  }
  return isList
    ? `coalesce(list_has_any(${sql}, (SELECT list(said) FROM withheld)), false)`
    : `coalesce(${sql} IN (SELECT said FROM withheld), false)`
}
