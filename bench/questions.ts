import { jsonRequest } from './load.ts'
import { idOf, purposes, startMs } from './population.ts'

export type QuestionPath = '/v1/check' | '/access/v1/evaluation'

export const collectedAt = new Date(startMs + 60_000).toISOString()

/** Endless questions about subjects of `count`, uniform over them and their purposes, asked with all keys in turn. */
export function questionsOver(
  path: QuestionPath,
  count: number,
  keys: readonly string[],
): (index: number) => Buffer {
  // Made once for each key and purpose: all ids are of one length, so only their digits are written anew.
  const templates = keys.flatMap((key) =>
    purposes.map((purpose) =>
      jsonRequest(path, bodyOf(path, purpose, idOf(0)), { Authorization: `Bearer ${key}` }),
    ),
  )
  const digitsAt = templates.map((template) => template.indexOf(idOf(0)) + 5)
  let n = Math.floor(Math.random() * count)
  return (index) => {
    const which = index % templates.length
    const request = Buffer.from(templates[which]!)
    n = (n + 618_033_989) % count
    request.write(String(n + 1).padStart(8, '0'), digitsAt[which]!, 'latin1')
    return request
  }
}

function bodyOf(path: QuestionPath, purpose: string, id: string) {
  if (path === '/v1/check') return { subject: `user:${id}`, purpose, collected_at: collectedAt }
  return {
    subject: { type: 'user', id },
    action: { name: purpose },
    resource: { type: 'record', id: 'r1', properties: { collected_at: collectedAt } },
  }
}

/** Mean length of the answers, for the reference. */
export async function answerBytes(
  url: string,
  path: QuestionPath,
  key: string,
  count: number,
): Promise<number> {
  let bytes = 0
  const sampled = 200
  for (let n = 0; n < sampled; n++) {
    const subject = idOf(1 + Math.floor(Math.random() * count))
    const response = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(bodyOf(path, purposes[n % purposes.length]!, subject)),
    })
    bytes += (await response.text()).length
  }
  return Math.round(bytes / sampled)
}

const demoSubjects = 5_000
const demoIdOf = (n: number) => `user_${String((n % demoSubjects) + 1).padStart(5, '0')}`

/** Every question about the demo's people and purposes, asked with all keys in turn. */
export function demoQuestions(keys: readonly string[]): readonly Buffer[] {
  return Array.from({ length: demoSubjects * purposes.length }, (_, n) => {
    const purpose = purposes[n % purposes.length]!
    const subject = `user:${demoIdOf(Math.floor(n / purposes.length))}`
    const headers = { Authorization: `Bearer ${keys[n % keys.length]}` }
    return jsonRequest('/v1/check', { subject, purpose, collected_at: new Date().toISOString() }, headers)
  })
}

/** A write; every second one is about someone of the demo's people. */
export function consent(key: string, index: number, run: string): Buffer {
  const subject = index % 2 === 0 ? `user:${run}-${index}` : `user:${demoIdOf(index)}`
  const body = {
    subject,
    property: 'demo',
    notice: { key: 'starter', version: 1, locale: 'en' },
    evidence: { method: 'form' },
    choices: [{ purpose: 'ai_training', act: index % 4 < 2 ? 'grant' : 'withdraw' }],
  }
  return jsonRequest('/v1/consents', body, {
    Authorization: `Bearer ${key}`,
    'Idempotency-Key': `${run}-${index}`,
  })
}
