import { impossible } from '../domain/errors.ts'
import type { SubjectId } from '../domain/ids.ts'
import { freshBytes, seal, unseal } from './seal.ts'

const cachedMax = 20_000

/** The keys of subjects in clear, for as long as they are used; at most 20,000 at a time. */
export class SubjectKeys {
  readonly #wrap: Uint8Array
  readonly #cached = new Map<SubjectId, Uint8Array>()

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
    return this.#cached.has(subjectId)
  }

  learn(subjectId: SubjectId, wrapped: Uint8Array): void {
    this.#remember(subjectId, unseal(this.#wrap, wrapped))
  }

  /** Asked for right after `create` or `learn`, within one batch. */
  get(subjectId: SubjectId): Uint8Array {
    return this.#cached.get(subjectId) ?? impossible('a subject without a key')
  }

  /** Forgets the oldest beyond the bound; called between batches. */
  trim(): void {
    for (const subjectId of this.#cached.keys()) {
      if (this.#cached.size <= cachedMax) return
      this.#cached.delete(subjectId)
    }
  }

  #remember(subjectId: SubjectId, key: Uint8Array): void {
    this.#cached.set(subjectId, key)
  }
}
