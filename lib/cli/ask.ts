import { parseArgs } from 'node:util'
import { type CheckQuestion, createClient, type ExplainAnswer } from '../client/client.ts'
import type { Connection } from './connection.ts'
import { exitCodes, usage } from './exit-codes.ts'

export const askHelp = `assent check <namespace:id> <purpose> [options]     yes or no; exit 0 or 1
assent explain <namespace:id> <purpose> [options]   every row of the decision

  --collected-at <time>   when the data was collected; without it, now
  --property <key>        on one site or app only
  --category <key>        may be given more than once
  --recipient <name>      --regime <key>      --source-purpose <key>      --at-least <revision>
  --json                  the whole answer`

function readQuestion(args: readonly string[]): { question: CheckQuestion; isJson: boolean } {
  const { values, positionals } = parse(args)
  const [subject, purpose, ...more] = positionals
  if (subject === undefined || purpose === undefined || more.length > 0) throw usage(askHelp)
  const given = (name: 'property' | 'recipient' | 'regime' | 'source-purpose' | 'at-least') =>
    values[name] === undefined ? {} : { [name.replace('-', '_')]: values[name] }
  return {
    isJson: values.json ?? false,
    question: {
      subject,
      purpose,
      collected_at: values['collected-at'] ?? new Date().toISOString(),
      ...(values.category === undefined ? {} : { categories: values.category }),
      ...given('property'),
      ...given('recipient'),
      ...given('regime'),
      ...given('source-purpose'),
      ...given('at-least'),
    },
  }
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        'collected-at': text,
        property: text,
        category: { type: 'string', multiple: true },
        recipient: text,
        regime: text,
        'source-purpose': text,
        'at-least': text,
        json: { type: 'boolean' },
      },
    })
  } catch (error) {
    throw usage(`${(error as Error).message}\n\n${askHelp}`)
  }
}

/** `assent check`: one line, exit 0 for yes and 1 for no, 5 where the node is stale. */
export async function check(connection: Connection, args: readonly string[]): Promise<number> {
  const { question, isJson } = readQuestion(args)
  const answer = await clientOf(connection).check(question)
  print(isJson ? JSON.stringify(answer, null, 2) : headline(answer))
  return exitOf(answer)
}

/** `assent explain`: the rows in order, with what each saw. */
export async function explain(connection: Connection, args: readonly string[]): Promise<number> {
  const { question, isJson } = readQuestion(args)
  const answer = await clientOf(connection).explain(question)
  print(isJson ? JSON.stringify(answer, null, 2) : `${headline(answer)}\n\n${table(answer)}`)
  return exitOf(answer)
}

const clientOf = ({ url, key }: Connection) => createClient({ baseUrl: url, key })
const print = (text: string) => process.stdout.write(`${text}\n`)

function headline(answer: ExplainAnswer | Omit<ExplainAnswer, 'trace'>): string {
  const until = answer.obligations === undefined ? '' : ` Use until ${answer.obligations.use_until}.`
  return `${answer.allowed ? 'yes' : 'no'}  ${answer.reason}  ${answer.because}${until}  (revision ${answer.revision})`
}

function table({ trace }: ExplainAnswer): string {
  const marks = { passed: '✓', failed: '✗', not_reached: '·' } as const
  const width = Math.max(...trace.map(({ rule }) => rule.length))
  return trace
    .map(({ row, rule, outcome, saw }) =>
      `${String(row).padStart(2)} ${marks[outcome]} ${rule.padEnd(width)}  ${saw}`.trimEnd(),
    )
    .join('\n')
}

function exitOf({ allowed, reason }: { readonly allowed: boolean; readonly reason: string }): number {
  if (allowed) return exitCodes.ok
  return reason === 'stale' || reason === 'recovering' ? exitCodes.unavailable : exitCodes.no
}
