import { parseArgs } from 'node:util'
import { createClient } from '../../client/client.ts'
import type { Connection } from '../connection.ts'
import { CommandFailed, exitCodes, usage } from '../exit-codes.ts'
import { type ConfigItem, readConfig, writeConfig } from './config-file.ts'
import { differenceLines, type PreviewedItem } from './print-difference.ts'

export const configurationHelp = `assent export > config.yaml            all that is in force, as one file
assent plan config.yaml                 what publishing the file would change, a line a change
assent apply config.yaml [options]      opens a release with what the file changes

  --title <text>       of the release; without it, the file's name
  --submit             ask for review at once
  --exit-code          plan: end with 1 where there are changes
  --json               the whole answer`

type Preview = {
  readonly items: readonly PreviewedItem[]
  readonly check: {
    readonly may_be_published: boolean
    readonly complaints: readonly {
      readonly key: string | null
      readonly message: string
      readonly pointer?: string
    }[]
    readonly lacking: readonly {
      readonly purpose: string
      readonly kind: string
      readonly source: string
    }[]
  }
}

const clientOf = ({ url, key }: Connection) => createClient({ baseUrl: url, key, timeoutMs: 60_000 })
const print = (text: string) => process.stdout.write(`${text}\n`)

/** `assent export`: the configuration in force, on standard output. */
export async function exportConfig(connection: Connection, args: readonly string[]): Promise<number> {
  read(args, 0)
  const { items } = await clientOf(connection).call<{ items: readonly ConfigItem[] }>(
    'GET',
    '/v1/configuration',
  )
  process.stdout.write(await writeConfig(items))
  return exitCodes.ok
}

/** `assent plan`: what the file would change of what is in force. Nothing is stored. */
export async function plan(connection: Connection, args: readonly string[]): Promise<number> {
  const { path, values } = read(args, 1)
  const { changed, preview } = await previewOf(connection, await readConfig(path))
  if (values.json) print(JSON.stringify({ items: changed, check: preview.check }, null, 2))
  else show(changed, preview)
  if (changed.length > 0 && !preview.check.may_be_published) return exitCodes.usage
  return values['exit-code'] && changed.length > 0 ? exitCodes.no : exitCodes.ok
}

/** `assent apply`: a release with the changed items, for people to review; nothing is published by it. */
export async function apply(connection: Connection, args: readonly string[]): Promise<number> {
  const { path, values } = read(args, 1)
  const items = await readConfig(path)
  const { changed, preview } = await previewOf(connection, items)
  if (changed.length === 0) {
    print('No changes.')
    return exitCodes.ok
  }
  const api = clientOf(connection)
  const title = values.title ?? `Configuration from ${path === '-' ? 'standard input' : path}`
  const { id } = await api.call<{ id: string }>('POST', '/v1/releases', { title })
  try {
    for (const { kind, key } of changed) {
      const item = items.find((each) => each.kind === kind && each.key === key)
      await api.call('PUT', `/v1/releases/${id}/items/${kind}/${encodeURIComponent(key)}`, {
        edit: 0,
        definition: item?.definition,
      })
    }
  } catch (error) {
    // Half a release would be reviewed as if it were whole.
    await api.call('DELETE', `/v1/releases/${id}`).catch(() => undefined)
    throw error
  }
  if (values.json) print(JSON.stringify({ id, items: changed, check: preview.check }, null, 2))
  else {
    show(changed, preview)
    print(`\nOpened ${connection.url}/admin/releases/${id}`)
  }
  if (values.submit) {
    await api.call('POST', `/v1/releases/${id}/submit`)
    if (!values.json) print('It is in review.')
  }
  return exitCodes.ok
}

async function previewOf(connection: Connection, items: readonly ConfigItem[]) {
  const sent = items.map(({ kind, key, definition }) => ({ kind, key, definition }))
  const all = await clientOf(connection).call<Preview>('POST', '/v1/releases/preview', { items: sent })
  const changed = all.items.filter(({ changes, is_new }) => is_new || changes.length > 0)
  if (changed.length === 0 || changed.length === items.length) return { changed, preview: all }
  // What would be published is what changes: the rest of the file is in force already, and is not checked again.
  const kept = sent.filter((item) => changed.some(({ kind, key }) => kind === item.kind && key === item.key))
  return {
    changed,
    preview: await clientOf(connection).call<Preview>('POST', '/v1/releases/preview', { items: kept }),
  }
}

function show(changed: readonly PreviewedItem[], { check }: Preview): void {
  if (changed.length === 0) {
    print('No changes.')
    return
  }
  print(differenceLines(changed).join('\n'))
  if (check.may_be_published) return
  print('\nIt could not be published as it is:')
  for (const { key, message, pointer } of check.complaints) {
    print(`  ${key ?? 'it'}${pointer === undefined ? '' : ` ${pointer}`}: ${message}`)
  }
  for (const { purpose, kind, source } of check.lacking) {
    print(`  ${purpose}: links no ${kind.replaceAll('_', ' ')} assessment (${source})`)
  }
}

function read(args: readonly string[], count: 0 | 1) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        title: { type: 'string' },
        submit: { type: 'boolean' },
        'exit-code': { type: 'boolean' },
        json: { type: 'boolean' },
      },
    })
    if (positionals.length !== count)
      throw new Error(count === 1 ? 'Name one file.' : 'No file is named here.')
    return { values, path: positionals[0] ?? '' }
  } catch (error) {
    if (error instanceof CommandFailed) throw error
    throw usage(`${(error as Error).message}\n\n${configurationHelp}`)
  }
}
