import type { DraftItem as WireItem, Release as WireRelease } from '../../lib/client/releases.ts'
import type { ReleaseItem } from '../../lib/domain/release.ts'

export type {
  ItemDifference,
  ReleaseCheck,
  ReleaseEffects,
  ReleaseListed,
  ReleaseState,
} from '../../lib/client/releases.ts'

/** Members' addresses and keys' names, by the names that an answer uses. */
export type People = WireRelease['people']

/** As the API gives them, with definitions that the editors know. */
export type DraftItem = ReleaseItem & Pick<WireItem, 'edit' | 'edited_by' | 'edited_at'>
export type Release = Omit<WireRelease, 'items'> & { readonly items: readonly DraftItem[] }
export type LeafChange = { readonly path: string; readonly before?: unknown; readonly after?: unknown }
