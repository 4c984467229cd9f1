import { createHmac } from 'node:crypto'
import type { OrganisationId } from '../domain/ids.ts'

/** HMAC-SHA-256 of a text, the first 16 bytes in hex: nobody without the key can try texts against it. */
export const digestQuestionText =
  (key: Uint8Array) =>
  (organisationId: OrganisationId, text: string): string =>
    createHmac('sha256', key).update(`${organisationId}\0${text}`).digest('hex').slice(0, 32)
