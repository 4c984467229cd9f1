import { AssentApiError, type AssentClient, type CheckAnswer, type CheckQuestion } from './client.ts'
import { type Decided, unanswered, unreadable } from './decided.ts'
import { retrying } from './retry.ts'

const itemsAtOnce = 1_000
/** In characters of JSON; the server takes 16 MiB. */
const bodyLengthMax = 4_000_000

/**
 * Asks many questions, 1,000 a request; the answers are in the order of the questions. Never rejects: what was not
 * answered is a no. After a request that nobody answered the rest is not asked either.
 */
export async function checkMany(
  call: AssentClient['call'],
  questions: readonly CheckQuestion[],
  timeoutMs: number,
): Promise<readonly Decided[]> {
  const answers: Decided[] = []
  const asked: Item[] = []
  for (const [index, question] of questions.entries()) {
    try {
      asked.push({ index, json: JSON.stringify(itemOf(question)) })
    } catch (error) {
      answers[index] = unanswered(error)
    }
  }
  let failure: Decided | undefined
  for (const items of batches(asked)) {
    const answered = failure ?? (await askBatch(call, items, timeoutMs))
    if (Array.isArray(answered)) for (const [n, { index }] of items.entries()) answers[index] = answered[n]!
    else {
      for (const { index } of items) answers[index] = answered
      if (answered.reason === 'unreachable') failure = answered
    }
  }
  return answers
}

type Item = { readonly index: number; readonly json: string }

/** An answer for each, or the one no for all of them. */
async function askBatch(
  call: AssentClient['call'],
  items: readonly Item[],
  timeoutMs: number,
): Promise<Decided[] | Decided> {
  try {
    const body = `{"evaluations":[${items.map(({ json }) => json).join(',')}]}`
    const { evaluations } = await retrying(timeoutMs, (leftMs) =>
      call<{ evaluations?: unknown }>('POST', '/access/v1/evaluations', body, { timeoutMs: leftMs }),
    )
    if (!Array.isArray(evaluations) || evaluations.length !== items.length) throw unreadable()
    return evaluations.map(readEvaluation)
  } catch (error) {
    return unanswered(error)
  }
}

/** As many as a request takes. */
function* batches(asked: readonly Item[]): Iterable<readonly Item[]> {
  let items: Item[] = []
  let length = 0
  for (const item of asked) {
    if (items.length > 0 && (items.length === itemsAtOnce || length + item.json.length > bodyLengthMax)) {
      yield items
      items = []
      length = 0
    }
    items.push(item)
    length += item.json.length
  }
  if (items.length > 0) yield items
}

function itemOf(question: CheckQuestion) {
  const { subject, purpose, collected_at, property, categories, source_purpose, content_usage, ...rest } =
    question
  const { recipient, regime, at_least, ...unknown } = rest
  // A member that is not known must not be left out: the answer would be wider than the question.
  const extra = Object.keys(unknown)
  if (extra.length > 0) throw new AssentApiError(400, 'body_invalid', `/${extra[0]} is not known.`)
  const colon = subject.indexOf(':')
  return {
    subject: { type: subject.slice(0, Math.max(colon, 0)), id: subject.slice(colon + 1) },
    action: { name: purpose },
    resource: {
      type: 'record',
      id: '-',
      properties: { collected_at, property, categories, source_purpose, content_usage },
    },
    context: { recipient, regime, at_least },
  }
}

function readEvaluation(evaluation: unknown): Decided {
  const { decision, context } = (evaluation ?? {}) as {
    decision?: unknown
    context?: Partial<CheckAnswer> & { error?: { code?: unknown; message?: unknown } }
  }
  if (context?.error !== undefined) {
    const { code, message } = context.error
    return unanswered(new AssentApiError(400, String(code), String(message)))
  }
  if (typeof decision !== 'boolean' || typeof context?.reason !== 'string') return unanswered(unreadable())
  const { error: _, ...told } = context
  return { ...told, allowed: decision, reason: context.reason, because: String(context.because ?? '') }
}
