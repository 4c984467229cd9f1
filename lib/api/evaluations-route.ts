import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Answer, Decisions } from '../decisions/decisions.ts'
import { AssentError } from '../domain/errors.ts'
import type { Authenticator, Principal } from './authenticate.ts'
import { ask, evaluationJson } from './hot/answer.ts'
import { sendAnswer, sendProblem } from './hot/hot-route.ts'
import { asObject, invalid, type JsonObject } from './hot/members.ts'
import { type Asked, readEntities } from './hot/read-question.ts'
import type { Metrics } from './metrics.ts'
import { answerPlainBatch, type Decided } from './plain-batch.ts'
import { checkJsonType, parseJson, readBody } from './read-body.ts'
import { itemsMax, semantics } from './schemas/decisions.ts'
import { Slices } from './slice.ts'
import type { Usage } from './usage/create-usage.ts'

const bodyBytesMax = 16 * 1_048_576
/** Whether a slice is over is asked every so many items. */
const itemsAtOnce = 64

/**
 * `POST /access/v1/evaluations` (AuthZEN 1.0 §7): many questions at once, each decided as if asked alone. Members at
 * the top are defaults; an item's member replaces the whole entity. A broken item is a no in a 200.
 */
export function evaluationsRoute(options: {
  readonly decisions: Decisions
  readonly authenticator: Authenticator
  readonly metrics: Metrics
  readonly usage: Usage
  readonly publicUrl: string
  readonly log: { readonly error: (what: object, message: string) => void }
}): (request: IncomingMessage, response: ServerResponse) => void {
  const { decisions, authenticator, metrics, usage } = options

  async function answer(request: IncomingMessage): Promise<string | Buffer> {
    const caller = authenticator.key(request.headers.authorization, 'decisions:read')
    checkJsonType(request.headers['content-type'])
    const bytes = await readBody(request, bodyBytesMax)
    const plain = await answerPlainBatch(bytes, {
      ...{ decisions, caller, metrics, usage },
      semanticOf: (defaults) => readBatch(defaults).semantic,
      decideItem: (defaults, item) => decideItem(caller, defaults, item),
    })
    return plain ?? answerAny(caller, bytes)
  }

  async function answerAny(caller: Principal, bytes: Buffer): Promise<string> {
    const body = asObject(parseJson(bytes), '')
    const { items, semantic } = readBatch(body)
    metrics.asked(Math.max(items.length, 1))
    if (items.length === 0) {
      const asked = readEntities(body)
      return tell(caller, asked, await ask(decisions, caller.organisationId, asked)).json
    }
    let answers = ''
    const slices = new Slices()
    for (let index = 0; index < items.length; index++) {
      const decided = decideItem(caller, body, items[index])
      const { isAllowed, json } = decided instanceof Promise ? await decided : decided
      answers += index === 0 ? json : `,${json}`
      if (semantic === (isAllowed ? 'permit_on_first_permit' : 'deny_on_first_deny')) break
      if (index % itemsAtOnce === 0 && slices.isOver()) await slices.next()
    }
    return `{"evaluations":[${answers}]}`
  }

  function decideItem(caller: Principal, defaults: JsonObject, item: unknown): Decided | Promise<Decided> {
    try {
      const own = asObject(item, '')
      const asked = readEntities({
        subject: 'subject' in own ? own.subject : defaults.subject,
        action: 'action' in own ? own.action : defaults.action,
        resource: 'resource' in own ? own.resource : defaults.resource,
        context: 'context' in own ? own.context : defaults.context,
      })
      const answer = ask(decisions, caller.organisationId, asked)
      return answer instanceof Promise
        ? answer.then((late) => tell(caller, asked, late))
        : tell(caller, asked, answer)
    } catch (error) {
      return brokenItem(error)
    }
  }

  function tell(caller: Principal, asked: Asked, answer: Answer): Decided {
    usage.decided(caller, 'evaluations', asked, answer)
    metrics.decided('evaluations', answer.decision.reason)
    return { isAllowed: answer.decision.allowed, json: evaluationJson(answer) }
  }

  return (request, response) => {
    const beganAt = performance.now()
    answer(request).then(
      (json) => {
        sendAnswer(request, response, json)
        metrics.took('evaluations', performance.now() - beganAt)
      },
      (error: unknown) =>
        sendProblem(request, response, error, { ...options, name: 'evaluations', isAuthZen: true }),
    )
  }
}

function brokenItem(error: unknown) {
  if (!(error instanceof AssentError)) throw error
  const { code, message } = error
  return {
    isAllowed: false,
    json: JSON.stringify({ decision: false, context: { error: { code, message } } }),
  }
}

/** As `evaluationsRequest` says. Throws `body_invalid`. */
function readBatch(body: JsonObject) {
  const { evaluations, options } = body
  const items = evaluations ?? []
  if (!Array.isArray(items)) throw invalid('must be a list', '/evaluations')
  if (items.length > itemsMax)
    throw invalid(`may have ${itemsMax} items, not ${items.length}`, '/evaluations')
  const semantic =
    options === undefined || options === null ? undefined : asObject(options, '/options').evaluations_semantic
  if (semantic !== undefined && !(semantics as readonly unknown[]).includes(semantic)) {
    throw invalid(`must be one of ${semantics.join(', ')}`, '/options/evaluations_semantic')
  }
  return { items, semantic: semantic ?? 'execute_all' }
}
