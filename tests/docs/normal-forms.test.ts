import { readFileSync } from 'node:fs'
import { DuckDBInstance } from '@duckdb/node-api'
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { createTestDatabase } from '../../lib/storage/testing/test-database.ts'
import { readSnippet } from './read-snippets.ts'
import { hasPython, runPython } from './run-python.ts'

type Vector = { readonly form: string; readonly id: string; readonly normal: string }
const vectors = (JSON.parse(readFileSync('clients/vectors/normal-forms.json', 'utf8')) as Vector[]).filter(
  ({ form }) => form === 'email_v1',
)
const ids = vectors.map(({ id }) => id)
const normal = vectors.map((vector) => vector.normal)
const doc = 'docs/normal-forms.md'

describe('email_v1 as the documentation writes it', () => {
  test.skipIf(!hasPython)('in Python', async () => {
    const program = `${readSnippet(doc, '### Python')}
import json, sys
print(json.dumps([email_v1(id) for id in json.load(sys.stdin)]))`
    expect(JSON.parse(await runPython(program, JSON.stringify(ids)))).toEqual(normal)
  })

  test('in PostgreSQL', async () => {
    const database = await createTestDatabase()
    const client = new pg.Client(database.owner)
    await client.connect()
    try {
      await client.query(readSnippet(doc, '### PostgreSQL'))
      const { rows } = await client.query('SELECT email_v1(id) AS normal FROM unnest($1::text[]) AS id', [
        ids,
      ])
      expect(rows.map((row) => row.normal)).toEqual(normal)
    } finally {
      await client.end()
      await database.drop()
    }
  })

  test('in DuckDB', async () => {
    const instance = await DuckDBInstance.create(':memory:')
    const connection = await instance.connect()
    try {
      await connection.run(readSnippet(doc, '### DuckDB'))
      const seen: string[] = []
      for (const id of ids) {
        // As hex, for the binding takes a U+FEFF off the text it reads.
        const reader = await connection.runAndReadAll('SELECT hex(encode(email_v1($1)))', [id])
        seen.push(Buffer.from(String(reader.getRows()[0]?.[0]), 'hex').toString())
      }
      expect(seen).toEqual(normal)
    } finally {
      connection.closeSync()
      instance.closeSync()
    }
  })

  // There is no Spark here to run it; its text is held to the words of the rule, and its vectors are shared.
  test('in Spark: the expression names the same letters and spaces', () => {
    console.warn('not run: Spark is not part of these tests; its expression is only read')
    const code = readSnippet(doc, '### Spark')
    for (const unit of [9, 10, 11, 12, 13]) expect(code).toContain(`char(${unit})`)
    expect(code).toContain("'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz'")
    expect(code).toContain('trim(BOTH')
  })
})
