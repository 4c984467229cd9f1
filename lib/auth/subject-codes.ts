import { randomBytes } from 'node:crypto'
import type { Clock } from '../domain/clock.ts'
import { AssentError } from '../domain/errors.ts'
import type { Identifier } from '../domain/identifier.ts'
import { hashOf } from './hash-of.ts'
import { PageTokens } from './page-tokens.ts'
import type { UsedTokens } from './second-factor-store.ts'

/** What a code opens: the choices of one device that hands over to another page, or of whoever has a mailbox. */
export type CodeKind = 'hand_over' | 'mail'
const validMs: Readonly<Record<CodeKind, number>> = { hand_over: 120_000, mail: 900_000 }

/** Whom a code speaks for. */
export type Opened = {
  readonly subject: Identifier
  readonly device: string | null
  readonly expiresAtMs: number
}

/**
 * Codes that open somebody's choices once: sealed, so that no identifier stands in an address, and bound to their kind
 * and property.
 */
export function createSubjectCodes(options: {
  /** 32 bytes. */
  readonly key: Uint8Array
  readonly used: UsedTokens
  readonly clock: Clock
}) {
  const { used, clock } = options
  const sealed = new PageTokens(options.key)
  const bindingOf = (kind: CodeKind, property: string) => `${kind} ${property}`

  function read(code: string, kind: CodeKind, property: string): Opened {
    const bytes = sealed.open(code, bindingOf(kind, property))
    if (bytes === undefined) throw invalid()
    const opened = JSON.parse(Buffer.from(bytes).toString()) as Opened
    if (clock() >= opened.expiresAtMs) throw new AssentError('token_expired', 'This link has run out.')
    return opened
  }

  return {
    give(kind: CodeKind, property: string, whom: Pick<Opened, 'subject' | 'device'>) {
      const expiresAtMs = clock() + validMs[kind]
      const kept = { ...whom, expiresAtMs, id: randomBytes(16).toString('base64url') }
      const code = sealed.seal(Buffer.from(JSON.stringify(kept)), bindingOf(kind, property))
      return { code, expiresAtMs }
    },
    /** Without using it up. Throws `token_invalid`, `token_expired`. */
    read,
    /** Uses it up. Throws `token_invalid`, also where it was used, and `token_expired`. */
    async open(code: string, kind: CodeKind, property: string): Promise<Opened> {
      const opened = read(code, kind, property)
      // The one form of its bytes: base64url can be written in more than one way.
      const written = Buffer.from(code, 'base64url').toString('base64url')
      if (!(await used.use(hashOf(written), opened.expiresAtMs, clock()))) throw invalid()
      return opened
    },
  }
}

const invalid = () => new AssentError('token_invalid', 'This link was used, or is none for this property.')
