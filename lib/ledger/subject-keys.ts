import { impossible } from '../domain/errors.ts'
import type { SubjectId } from '../domain/ids.ts'
import { freshBytes, seal, unseal } from './seal.ts'

const generationSize = 50_000

/**
 * The keys of subjects in clear, for as long as they are used: those of the last 50,000 subjects at least, and of no
 * more than twice as many.
 */
export class SubjectKeys {
  readonly #wrap: Uint8Array
  #recent = new Map<SubjectId, Uint8Array>()
  #before = new Map<SubjectId, Uint8Array>()

  /** `wrap` is the 32-byte key that subjects' keys are stored under. */
  constructor(wrap: Uint8Array) {
    this.#wrap = wrap
  }

  /** Makes a subject's key; answers it as it is stored. */
  create(subjectId: SubjectId): Uint8Array {
    const key = freshBytes(32)
    this.#remember(subjectId, key)
    return seal(this.#wrap, key)
  }

  isKnown(subjectId: SubjectId): boolean {
    return this.#find(subjectId) !== undefined
  }

  learn(subjectId: SubjectId, wrapped: Uint8Array): void {
    this.#remember(subjectId, unseal(this.#wrap, wrapped))
  }

  /** Asked for soon after `create`, `learn`, or `isKnown` said yes: within 50,000 other subjects. */
  get(subjectId: SubjectId): Uint8Array {
    return this.#find(subjectId) ?? impossible('a subject without a key')
  }

  #find(subjectId: SubjectId): Uint8Array | undefined {
    const recent = this.#recent.get(subjectId)
    if (recent !== undefined) return recent
    const before = this.#before.get(subjectId)
    if (before !== undefined) this.#remember(subjectId, before)
    return before
  }

  #remember(subjectId: SubjectId, key: Uint8Array): void {
    if (this.#recent.size >= generationSize) {
      this.#before = this.#recent
      this.#recent = new Map()
    }
    this.#recent.set(subjectId, key)
  }
}
