import type { OrganisationId } from '../domain/ids.ts'
import type { Doer } from './admin-store.ts'

export type SecondFactorKept = {
  readonly secretSealed: string
  /** Null until a first code has confirmed it. */
  readonly confirmedAtMs: number | null
  /** The last time step whose code was taken. */
  readonly lastStep: number | null
  readonly recoveryCodesLeft: number
}

/** Second factors, one a member. Secrets come sealed, recovery codes as SHA-256 (32 bytes). */
export type SecondFactorStore = {
  find(organisationId: OrganisationId, memberId: string): Promise<SecondFactorKept | undefined>
  /** Keeps a secret that is yet to be confirmed, in place of an earlier one. False where one is confirmed. */
  begin(
    organisationId: OrganisationId,
    memberId: string,
    secretSealed: string,
    atMs: number,
  ): Promise<boolean>
  /**
   * Makes the secret count, with its recovery codes, and ends all of her sessions. False where it is not (or no longer)
   * the one that waits.
   */
  confirm(
    organisationId: OrganisationId,
    memberId: string,
    confirmed: { secretSealed: string; step: number; recoveryCodes: readonly Uint8Array[] },
    by: Doer,
  ): Promise<boolean>
  /** Uses a time step up. False where it, or a later one, was used: of two at once, one wins. */
  takeStep(organisationId: OrganisationId, memberId: string, step: number): Promise<boolean>
  /** Uses a recovery code up. False where there is no such code, or it was used. */
  takeRecoveryCode(
    organisationId: OrganisationId,
    memberId: string,
    codeSha256: Uint8Array,
    atMs: number,
  ): Promise<boolean>
  /** Ends all of her sessions too, where there was one. `unknown` for who is no member. */
  remove(organisationId: OrganisationId, memberId: string, by: Doer): Promise<'removed' | 'none' | 'unknown'>
}

/** Who of an organisation signs in how. */
export type SignInSettings = {
  readonly requireSecondFactor: boolean
  readonly members: readonly {
    readonly id: string
    readonly email: string
    readonly hasSecondFactor: boolean
    /** Whether she has signed in with a provider. */
    readonly isKnownToProvider: boolean
  }[]
}

export type SignInSettingsStore = {
  read(organisationId: OrganisationId): Promise<SignInSettings>
  requireSecondFactor(organisationId: OrganisationId, isRequired: boolean, by: Doer): Promise<void>
}

/** Tokens that serve once, by the SHA-256 (32 bytes) of each. */
export type UsedTokens = {
  /** Whether this is its first use; of two at once, one is. */
  use(tokenSha256: Uint8Array, expiresAtMs: number, nowMs: number): Promise<boolean>
}
