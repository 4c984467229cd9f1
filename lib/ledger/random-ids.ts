import { randomUUID } from 'node:crypto'
import type { EventId, SubjectId } from '../domain/ids.ts'
import type { Ids } from './draft.ts'

const hex = () => randomUUID().replaceAll('-', '')

/** Ids that say nothing about whom or what they name. */
export const randomIds: Ids = {
  event: () => `evt_${hex()}` as EventId,
  subject: () => `sub_${hex()}` as SubjectId,
}
