import { jsonRequest } from './load.ts'

/** Requests made beforehand, and the keys that ask them. */
export type Questions = {
  readonly keys: readonly string[]
  readonly checks: readonly Buffer[]
  readonly evaluations: readonly Buffer[]
  /** Mean length of the answers, for the reference. */
  readonly answerBytes: number
}

export const demoSubjects = 5_000
const purposes = ['ai_training', 'analytics', 'personalization', 'ai_training.evaluation']
export const collectedAt = new Date().toISOString()

/** Someone of the demo's people. */
export const subjectOf = (n: number) => `user_${String((n % demoSubjects) + 1).padStart(5, '0')}`

export async function prepareQuestions(url: string, keys: readonly string[]): Promise<Questions> {
  const checks: Buffer[] = []
  const evaluations: Buffer[] = []
  for (let n = 0; n < demoSubjects; n++) {
    for (const purpose of purposes) {
      const headers = { Authorization: `Bearer ${keys[checks.length % keys.length]}` }
      const check = { subject: `user:${subjectOf(n)}`, purpose, collected_at: collectedAt }
      checks.push(jsonRequest('/v1/check', check, headers))
      const evaluation = {
        subject: { type: 'user', id: subjectOf(n) },
        action: { name: purpose },
        resource: { type: 'record', id: `r${n}`, properties: { collected_at: collectedAt } },
      }
      evaluations.push(jsonRequest('/access/v1/evaluation', evaluation, headers))
    }
  }
  let bytes = 0
  const sampled = 200
  for (let n = 0; n < sampled; n++) {
    const response = await fetch(`${url}/v1/check`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${keys[0]}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({
        subject: `user:${subjectOf(n)}`,
        purpose: 'ai_training',
        collected_at: collectedAt,
      }),
    })
    bytes += (await response.text()).length
  }
  return { keys, checks, evaluations, answerBytes: Math.round(bytes / sampled) }
}

/** A write; every second one is about someone who is already known. */
export function consent(key: string, index: number, run: string): Buffer {
  const subject = index % 2 === 0 ? `user:${run}-${index}` : `user:${subjectOf(index)}`
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
