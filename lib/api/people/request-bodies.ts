import { requestClocks } from '../../domain/request-clocks.ts'
import type { RequestListed, RequestPosition } from './request-store.ts'

const iso = (atMs: number) => new Date(atMs).toISOString()
const isoOrNull = (atMs: number | null) => (atMs === null ? null : iso(atMs))

/** What people are told to name a request by. */
export const referenceOf = (id: string) => id.slice(0, 8).toUpperCase()

/** A request as it is told at `nowMs`. */
export function requestBody(request: RequestListed, nowMs: number) {
  const { id, kind, regime, state, subjectId, namespace, revision, dueAtMs, extendedUntilMs } = request
  const clock = requestClocks[regime][kind]
  const answerByMs = extendedUntilMs ?? dueAtMs
  const isOpen = state === 'open'
  return {
    ...{ id, reference: referenceOf(id), kind, regime, state, subject: subjectId, namespace },
    received_at: iso(request.receivedAtMs),
    due_at: iso(dueAtMs),
    extended_until: isoOrNull(extendedUntilMs),
    answer_by: iso(answerByMs),
    is_overdue: isOpen && nowMs > answerByMs,
    answered_at: isoOrNull(request.answeredAtMs),
    proof_sha256: request.proofSha256 === null ? null : Buffer.from(request.proofSha256).toString('hex'),
    clock: {
      source: clock?.source ?? '',
      may_extend: isOpen && extendedUntilMs === null && clock?.extension != null && nowMs <= dueAtMs,
    },
    revision,
  }
}

export function positionText({ state, dueAtMs, extendedUntilMs, id }: RequestListed): string {
  return `${state === 'open' ? 0 : 1}.${extendedUntilMs ?? dueAtMs}.${id}`
}

/** Of a text that the schema has checked. */
export function positionOf(text: string): RequestPosition {
  const [closed, answerByMs, id] = text.split('.')
  return { isClosed: closed === '1', answerByMs: Number(answerByMs), id: id ?? '' }
}
