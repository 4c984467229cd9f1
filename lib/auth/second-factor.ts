import type { Clock } from '../domain/clock.ts'
import { AssentError } from '../domain/errors.ts'
import type { OrganisationId } from '../domain/ids.ts'
import type { Member, Members } from './member-store.ts'
import { PageTokens } from './page-tokens.ts'
import type { SecondFactorStore } from './second-factor-store.ts'
import { newRecoveryCodes, newSecret, readRecoveryCode, recoveryHash, stepOf, uriOf } from './totp.ts'
import { lockTerms } from './tries.ts'

export type SecondFactor = ReturnType<typeof createSecondFactor>

type Who = Pick<Member, 'organisationId' | 'id'>

/** A second factor by time (TOTP, RFC 6238), with recovery codes for when the app is lost. */
export function createSecondFactor(options: {
  readonly store: SecondFactorStore
  readonly members: Pick<Members, 'find' | 'beginTry' | 'recordSuccess'>
  /** 32 bytes. */
  readonly key: Uint8Array
  readonly clock: Clock
}) {
  const { store, members, clock } = options
  const sealed = new PageTokens(options.key)

  const open = (memberId: string, secretSealed: string): string => {
    const secret = sealed.open(secretSealed, memberId)
    if (secret === undefined)
      throw new Error('a second factor is sealed for another member or by another key')
    return Buffer.from(secret).toString()
  }

  /** Takes a code up: one of the app, or a recovery code. Undefined where it is neither, or was used. */
  async function take({ organisationId, id }: Who, code: string) {
    const kept = await store.find(organisationId, id)
    if (kept === undefined || kept.confirmedAtMs === null) return undefined
    const step = stepOf(open(id, kept.secretSealed), code.replaceAll(/\s/g, ''), clock())
    if (step !== undefined) return (await store.takeStep(organisationId, id, step)) ? 'code' : undefined
    const recovery = readRecoveryCode(code)
    if (recovery === undefined) return undefined
    const isUsed = await store.takeRecoveryCode(organisationId, id, recoveryHash(id, recovery), clock())
    return isUsed ? 'recovery_code' : undefined
  }

  /** Counts as a try at signing in: a session that was left open is no way to guess. Throws `code_wrong`. */
  async function guarded<Taken>({ organisationId, id }: Who, work: () => Promise<Taken | undefined>) {
    const mayTry = await members.beginTry(organisationId, id, clock(), lockTerms)
    const taken = mayTry && (await work())
    if (taken === undefined) throw codeWrong()
    await members.recordSuccess(organisationId, id)
    return taken
  }

  return {
    take,
    async find(organisationId: OrganisationId, id: string) {
      const kept = await store.find(organisationId, id)
      const confirmedAtMs = kept?.confirmedAtMs ?? null
      return { confirmedAtMs, recoveryCodesLeft: kept?.recoveryCodesLeft ?? 0 }
    },
    /** A secret that counts once a code confirms it; given out here alone. Throws `conflict` where she has one. */
    async begin(organisationId: OrganisationId, id: string): Promise<{ secret: string; uri: string }> {
      const member = await members.find(organisationId, id)
      const secret = newSecret()
      const secretSealed = sealed.seal(Buffer.from(secret), id)
      if (member === undefined || !(await store.begin(organisationId, id, secretSealed, clock()))) {
        throw new AssentError('conflict', 'You have a second factor. Remove it first.')
      }
      return { secret, uri: uriOf(secret, member.email) }
    },
    /**
     * Makes the secret count, and ends all of her sessions: what was begun without it does not outlive it. Answers ten
     * recovery codes, given out here alone. Throws `not_found` where nothing waits, `code_wrong`.
     */
    async confirm(organisationId: OrganisationId, id: string, code: string): Promise<readonly string[]> {
      const kept = await store.find(organisationId, id)
      if (kept === undefined || kept.confirmedAtMs !== null) {
        throw new AssentError('not_found', 'No second factor is waiting to be confirmed.')
      }
      const { secretSealed } = kept
      const codes = newRecoveryCodes()
      return guarded({ organisationId, id }, async () => {
        const step = stepOf(open(id, secretSealed), code.replaceAll(/\s/g, ''), clock())
        if (step === undefined) return undefined
        const recoveryCodes = codes.map((each) => recoveryHash(id, readRecoveryCode(each) ?? ''))
        const by = { actor: `member:${id}`, atMs: clock() }
        const confirmed = { secretSealed, step, recoveryCodes }
        return (await store.confirm(organisationId, id, confirmed, by)) ? codes : undefined
      })
    },
    /** Her own, by a code of it; her sessions end. Throws `not_found` where she has none, `code_wrong`. */
    async removeOwn(organisationId: OrganisationId, id: string, code: string): Promise<void> {
      const kept = await store.find(organisationId, id)
      if (kept === undefined || kept.confirmedAtMs === null) {
        throw new AssentError('not_found', 'You have no second factor.')
      }
      await guarded({ organisationId, id }, () => take({ organisationId, id }, code))
      await store.remove(organisationId, id, { actor: `member:${id}`, atMs: clock() })
    },
    /** Another member's, who lost it; her sessions end. Whether there is such a member. */
    async removeFor(organisationId: OrganisationId, id: string, actor: string): Promise<boolean> {
      return (await store.remove(organisationId, id, { actor, atMs: clock() })) !== 'unknown'
    },
  }
}

export const codeWrong = () =>
  new AssentError(
    'code_wrong',
    'This code is wrong or was used. Wait for the next one; after five failures, sign-in waits for a while.',
  )
