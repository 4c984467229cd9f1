import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exitCodes } from '../../lib/cli/exit-codes.ts'
import { missingFrom, readExamples } from './read-examples.ts'
import { runExample } from './run-example.ts'
import { type RunningServer, root, startServer } from './start-server.ts'

const readme = readFileSync(join(root, 'README.md'), 'utf8')
const examples = readExamples(readme)

describe('README.md', () => {
  let server: RunningServer
  const outputs: string[] = []

  beforeAll(async () => {
    server = await startServer({ ASSENT_SEED: 'starter' })
    for (const { script } of examples) outputs.push(await runExample(server, script))
  })
  afterAll(() => server?.stop())

  // What a newcomer copies from the page does what the page says, against the server she has just started.
  test.each(examples.map((example, index) => ({ ...example, index })))(
    'the commands at line $line print what is shown below them',
    ({ shown, index }) => {
      expect(shown.length).toBeGreaterThan(0)
      expect(missingFrom(outputs[index]!, shown), outputs[index]).toEqual([])
    },
  )

  // The page's own text could drift from the point it makes; the answers are read here a second time.
  test('a yes is answered yes with its reason, and after the withdrawal no with its', () => {
    const answers = outputs
      .flatMap((output) => output.split('\n'))
      .filter((line) => line.startsWith('{"allowed"'))
    const [yes, no] = answers.map((line) => JSON.parse(line))
    expect(yes).toMatchObject({ allowed: true, reason: 'consent_given' })
    expect(no).toMatchObject({ allowed: false, reason: 'consent_withdrawn' })
  })

  test('names every variable the server and the command line read, and no other', () => {
    const named = [...readme.matchAll(/`((?:ASSENT_|DATABASE_)[A-Z_]+|PORT)`/g)].map(([, name]) => name)
    const env = readFileSync(join(root, 'lib/env.ts'), 'utf8')
    const web = /webSchema = z\s+\.object\(\{[\s\S]*?\n {2}\}\)/.exec(env)?.[0] ?? ''
    const read = [...env.replace(web, '').matchAll(/^\s+((?:ASSENT_|DATABASE_)[A-Z_]+|PORT): /gm)].map(
      ([, name]) => name,
    )
    expect([...new Set(named)].sort()).toEqual([...new Set(read)].sort())
  })

  test('tells what each exit code of the command line means, and no other', () => {
    const told = [...readme.matchAll(/^\| (\d) \| /gm)].map(([, code]) => Number(code))
    expect(told).toEqual(Object.values(exitCodes))
  })
})

const pages = readdirSync(join(root, 'docs/examples')).map((name) => `docs/examples/${name}`)

describe.each(pages)('%s', (page) => {
  let server: RunningServer
  const steps = readExamples(readFileSync(join(root, page), 'utf8'))
  const printed: string[] = []

  beforeAll(async () => {
    server = await startServer({ ASSENT_SEED: 'starter' })
    for (const { script } of steps) printed.push(await runExample(server, script))
  })
  afterAll(() => server?.stop())

  test.each(steps.map((step, index) => ({ ...step, index })))(
    'the commands at line $line print what is shown below them',
    ({ shown, index }) => {
      expect(shown.length).toBeGreaterThan(0)
      expect(missingFrom(printed[index]!, shown), printed[index]).toEqual([])
    },
  )
})

const documents = [
  ...['README.md', 'ARCHITECTURE.md', 'SECURITY.md', 'CONTRIBUTING.md', 'CHANGELOG.md'],
  ...readdirSync(join(root, 'docs/decisions')).map((name) => `docs/decisions/${name}`),
  ...['docs/filter.md', ...pages],
]

// A document that names a file which has moved sends its reader the wrong way.
test.each(documents)('%s names only files and folders that exist', (document) => {
  const text = readFileSync(join(root, document), 'utf8')
  const named = [
    ...text.matchAll(/`((?:lib|app|components|tests|prisma|bench|scripts|docs|public)\/[\w./[\]-]*)`/g),
  ]
  const linked = [...text.matchAll(/\]\((?!https?:)([^)#]+)\)/g)]
  const paths = [...named, ...linked].map(([, path]) => path!)
  const base = [root, join(root, dirname(document))]
  expect(paths.filter((path) => !base.some((folder) => existsSync(join(folder, path))))).toEqual([])
})

describe('the reader of examples', () => {
  test('finds a shown line anywhere later, and reports one that is missing or out of order', () => {
    const output = '{"allowed":true,"at":"10:00"}\nexit 1\n'
    expect(missingFrom(output, ['{"allowed":true,…}', 'exit 1'])).toEqual([])
    expect(missingFrom(output, ['{"allowed":false,…}'])).toEqual(['{"allowed":false,…}'])
    expect(missingFrom(output, ['exit 1', '{"allowed":true,…}'])).toEqual(['{"allowed":true,…}'])
    expect(missingFrom(output, ['exit'])).toEqual(['exit'])
  })

  test('refuses a marker without its block', () => {
    expect(() => readExamples('<!-- runs -->\n\n```sh\ntrue\n```')).toThrow('line 1')
    expect(() => readExamples('<!-- shows -->\n```\nyes\n```')).toThrow('line 1')
    expect(() => readExamples('<!-- runs -->\n```sh\ntrue')).toThrow('no end')
  })
})
