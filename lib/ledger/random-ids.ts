import { randomUUID } from 'node:crypto'
import type { EventId, SubjectId } from '../domain/ids.ts'
import type { Ids } from './draft.ts'

const hex = () => randomUUID().replaceAll('-', '')

/** 48 bits of time in milliseconds and 80 at random: rows that come together lie together in the database's index. */
const timedHex = () => `${Date.now().toString(16).padStart(12, '0')}${hex().slice(12)}`

/** Ids that say nothing about whom they name, and of an event no more than when it was recorded, which is told anyway. */
export const randomIds: Ids = {
  event: () => `evt_${timedHex()}` as EventId,
  subject: () => `sub_${hex()}` as SubjectId,
}
