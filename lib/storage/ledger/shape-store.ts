import type pg from 'pg'
import type { OrganisationId, SubjectId } from '../../domain/ids.ts'
import { type FoldedState, numbered } from '../../domain/pack-state.ts'
import { toPackedBytes } from '../../domain/packed-bytes.ts'

/** States as they are stored, and the shapes among them that are not stored yet. */
export type PackedStates = {
  readonly shapes: readonly { readonly id: number; readonly shape: string }[]
  readonly states: readonly {
    readonly organisationId: OrganisationId
    readonly subjectId: SubjectId
    readonly seq: number
    /** See `toPackedBytes`. */
    readonly packed: Uint8Array
  }[]
}

/** The numbers that stored shapes have. Only the writer gives new ones, and only a commit makes them known. */
export class ShapeStore {
  readonly #known = new Map<string, number>()

  static async read(client: pg.ClientBase): Promise<ShapeStore> {
    const store = new ShapeStore()
    const { rows } = await client.query<{ id: number; shape: string }>('SELECT id, shape FROM state_shapes')
    store.learn(rows)
    return store
  }

  pack(states: readonly FoldedState[]): PackedStates {
    const added = new Map<string, number>()
    const numberOf = (shape: string) => {
      const known = this.#known.get(shape) ?? added.get(shape)
      if (known !== undefined) return known
      const id = this.#known.size + added.size
      added.set(shape, id)
      return id
    }
    return {
      states: states.map(({ organisationId, subjectId, seq, parts }) => ({
        ...{ organisationId, subjectId, seq },
        packed: toPackedBytes(numbered(parts, numberOf)),
      })),
      shapes: [...added].map(([shape, id]) => ({ id, shape })),
    }
  }

  /** After the commit that stored them. */
  learn(shapes: PackedStates['shapes']): void {
    for (const { id, shape } of shapes) this.#known.set(shape, id)
  }
}
