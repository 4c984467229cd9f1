import { readFileSync } from 'node:fs'
import { usage } from '../exit-codes.ts'

/** One definition, as releases take it. */
export type ConfigItem = { readonly kind: string; readonly key: string; readonly definition: object }

/** Where each kind stands in a file, in the order in which they are published. */
const sections = [
  { name: 'properties', kind: 'property' },
  { name: 'regimes', kind: 'regime' },
  { name: 'purposes', kind: 'purpose' },
  { name: 'assessments', kind: 'assessment' },
  { name: 'notices', kind: 'notice' },
  { name: 'experiences', kind: 'experience' },
] as const

/** Read when a file is: every other command starts without it. */
const loadYaml = () => import('yaml')

const head = `# Configuration of Assent. Change it, look at it with "assent plan", and open a release with "assent apply".
# Versions are given at publication. What is not in this file stays as it is.
`

/** The text of a file with these items: the same items give the same text. */
export async function writeConfig(items: readonly ConfigItem[]): Promise<string> {
  const { stringify } = await loadYaml()
  // The key first: it is what one looks for.
  const of = (kind: string) =>
    items.filter((item) => item.kind === kind).map(({ key, definition }) => ({ key, ...definition }))
  const [organisation] = of('organisation')
  const document = {
    ...(organisation === undefined ? {} : { organisation }),
    ...Object.fromEntries(sections.map(({ name, kind }) => [name, of(kind)])),
    retired_purposes: items.filter(({ kind }) => kind === 'purpose_retirement').map(({ key }) => key),
  }
  return head + stringify(document, { lineWidth: 0, aliasDuplicateObjects: false })
}

/** Reads a file, or standard input for `-`. Throws with the line and column of what cannot be read. */
export async function readConfig(path: string): Promise<readonly ConfigItem[]> {
  const { parseDocument } = await loadYaml()
  let text: string
  try {
    text = readFileSync(path === '-' ? 0 : path, 'utf8')
  } catch (error) {
    throw usage((error as Error).message)
  }
  const document = parseDocument(text, { uniqueKeys: true, prettyErrors: true })
  const [fault] = document.errors
  if (fault !== undefined) throw usage(`${path}: ${fault.message}`)
  let read: unknown
  try {
    // Aliases could make a small file a large one.
    read = document.toJS({ maxAliasCount: 0 })
  } catch (error) {
    throw usage(`${path}: aliases are not taken: ${(error as Error).message}.`)
  }
  return itemsOf(read, path)
}

function itemsOf(read: unknown, path: string): readonly ConfigItem[] {
  if (!isObject(read)) throw usage(`${path}: it must be a mapping such as "purposes:".`)
  const known = ['organisation', 'retired_purposes', ...sections.map(({ name }) => name)]
  const stray = Object.keys(read).find((name) => !known.includes(name))
  if (stray !== undefined)
    throw usage(`${path}: there is no section ${stray}; there are ${known.join(', ')}.`)
  const items: ConfigItem[] = []
  const { organisation } = read
  if (organisation !== undefined && organisation !== null) {
    items.push(itemOf('organisation', organisation, `${path}: organisation`))
  }
  for (const { name, kind } of sections) {
    for (const [index, definition] of listIn(read, name, path).entries()) {
      items.push(itemOf(kind, definition, `${path}: ${name}[${index}]`))
    }
  }
  for (const [index, purpose] of listIn(read, 'retired_purposes', path).entries()) {
    if (typeof purpose !== 'string')
      throw usage(`${path}: retired_purposes[${index}] must be a purpose’s key.`)
    items.push({ kind: 'purpose_retirement', key: purpose, definition: { purpose } })
  }
  return items
}

function listIn(read: Record<string, unknown>, name: string, path: string): readonly unknown[] {
  const list = read[name] ?? []
  if (!Array.isArray(list)) throw usage(`${path}: ${name} must be a list.`)
  return list
}

function itemOf(kind: string, definition: unknown, at: string): ConfigItem {
  if (!isObject(definition) || typeof definition.key !== 'string') throw usage(`${at} must have a key.`)
  return { kind, key: definition.key, definition }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
