import type { LockTerms } from './member-store.ts'

/** From the fifth failure on, sign-in waits: 30 s, then twice as long each time, at most 15 minutes. */
export const lockTerms: LockTerms = { triesBeforeLock: 5, firstLockMs: 30_000, lockMsMax: 900_000 }
