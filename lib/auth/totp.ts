import { createHash, randomBytes } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'

const stepMs = 30_000
const recoveryCodes = 10

/** 20 random bytes (RFC 4226 §4), in base32. */
export const newSecret = (): string => new Secret({ size: 20 }).base32

/** The address an authenticator app reads, also from a QR code. */
export const uriOf = (secret: string, email: string): string => totpOf(secret, email).toString()

/**
 * The time step (RFC 6238) whose code this is: the present one, or the one before or after it. Undefined where it is
 * none of them. The caller sees to it that no step serves twice.
 */
export function stepOf(secret: string, code: string, nowMs: number): number | undefined {
  if (!/^\d{6}$/.test(code)) return undefined
  const delta = totpOf(secret, '').validate({ token: code, timestamp: nowMs, window: 1 })
  return delta === null ? undefined : Math.floor(nowMs / stepMs) + delta
}

const totpOf = (secret: string, label: string) =>
  new TOTP({
    ...{ issuer: 'Assent', label, secret: Secret.fromBase32(secret) },
    // What every authenticator app knows.
    ...{ algorithm: 'SHA1', digits: 6, period: stepMs / 1000 },
  })

/** Ten codes of 80 random bits, written as four groups of base32. */
export function newRecoveryCodes(): readonly string[] {
  return Array.from({ length: recoveryCodes }, () => {
    const text = new Secret({ buffer: new Uint8Array(randomBytes(10)).buffer }).base32
    return text.match(/.{4}/g)?.join('-') ?? text
  })
}

/** A recovery code as it was typed, in its one form; undefined where it is none. */
export function readRecoveryCode(typed: string): string | undefined {
  const text = typed.toUpperCase().replaceAll(/[\s-]/g, '')
  return /^[A-Z2-7]{16}$/.test(text) ? text : undefined
}

/** What is kept of a recovery code: of 80 random bits a plain hash tells nothing. `memberId` keeps it hers alone. */
export const recoveryHash = (memberId: string, code: string): Uint8Array =>
  createHash('sha256').update(`${memberId}:${code}`).digest()
