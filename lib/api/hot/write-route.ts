import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Ledger, RecordedConsents } from '../../ledger/ledger.ts'
import type { Authenticator, Principal } from '../authenticate.ts'
import { consentCommand, recordedJson } from '../consent-command.ts'
import { idempotencyOf } from '../idempotency.ts'
import type { Metrics } from '../metrics.ts'
import { checkJsonType, parseJson, receiveBody } from '../read-body.ts'
import { parseBody } from '../route.ts'
import { consentsRequest } from '../schemas/consents.ts'
import { sendJson, sendProblem } from './hot-route.ts'
import { readConsents } from './read-consents.ts'

export const consentsPath = '/v1/consents'

/** A raw handler for `POST /v1/consents` by API key; it answers as the declared route does. */
export function writeRoute(options: {
  readonly ledger: Pick<Ledger, 'recordConsents'>
  readonly authenticator: Authenticator
  readonly metrics: Metrics
  readonly publicUrl: string
  readonly log: { readonly error: (what: object, message: string) => void }
}): (request: IncomingMessage, response: ServerResponse) => void {
  const { ledger, authenticator } = options
  return (request, response) => {
    const fail = (error: unknown) =>
      sendProblem(request, response, error, { ...options, name: consentsPath, isAuthZen: false })
    const succeed = (recorded: RecordedConsents) =>
      sendJson(request, response, 201, recorded.isReplay ? replayedHeaders : [], recordedJson(recorded))
    try {
      const principal = authenticator.key(request.headers.authorization, 'consents:write')
      checkJsonType(request.headers['content-type'])
      receiveBody(
        request,
        (bytes) => {
          try {
            const value = parseJson(bytes)
            const body = readConsents(value) ?? parseBody(consentsRequest, value)
            const { headers, url = '' } = request
            const command = consentCommand(body, principal)
            const idempotency = idempotencyOf(headers['idempotency-key'], url, principal, bytes)
            ledger.recordConsents(command, idempotency).then(succeed).catch(fail)
          } catch (error) {
            fail(error)
          }
        },
        fail,
      )
    } catch (error) {
      fail(error)
    }
  }
}

const replayedHeaders: readonly string[] = ['Idempotent-Replayed', 'true']

/** The same of a request read otherwise; undefined where something is to be said against it, or looked at closer. */
export function beginWrite(
  ledger: Pick<Ledger, 'recordConsents'>,
  principal: Principal,
  bytes: Buffer,
  idempotencyKey: string | undefined,
): Promise<RecordedConsents> | undefined {
  const body = readConsents(parseJson(bytes))
  if (body === undefined) return undefined
  const command = consentCommand(body, principal)
  return ledger.recordConsents(command, idempotencyOf(idempotencyKey, consentsPath, principal, bytes))
}
