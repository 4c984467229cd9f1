import type {
  ExperienceDefinition,
  OrganisationDefinition,
  PurposeDefinition,
} from '../../lib/domain/definitions.ts'
import type { NoticeDraft, ReleaseItem } from '../../lib/domain/release.ts'
import type { PreviewPurpose } from './preview-experience.ts'

/** What an editor must know of what is in force, and of what travels in the same release. */
export type Surroundings = {
  readonly purposes: readonly PreviewPurpose[]
  /** Current version by purpose key. */
  readonly versions: Readonly<Record<string, number>>
  /** Purposes whose next version is in this release. */
  readonly travelling: readonly string[]
  readonly properties: readonly string[]
  readonly notices: readonly string[]
  readonly experiences: readonly ExperienceDefinition[]
  /** The same, whole. */
  readonly noticeDrafts: readonly NoticeDraft[]
  readonly categories: readonly { readonly key: string; readonly special: boolean }[]
}

export type EditorProps<Definition> = {
  readonly draft: Definition
  readonly onChange: (draft: Definition) => void
  readonly around: Surroundings
}

/** What is in force with what travels on top of it. */
export function surroundingsOf(
  inForce: readonly ReleaseItem[],
  travelling: readonly ReleaseItem[],
  versions: Readonly<Record<string, number>>,
): Surroundings {
  const all = new Map([...inForce, ...travelling].map((item) => [`${item.kind} ${item.key}`, item]))
  const of = (kind: ReleaseItem['kind']) => [...all.values()].filter((item) => item.kind === kind)
  const keysOf = (kind: ReleaseItem['kind']) => of(kind).map(({ key }) => key)
  const ended = new Set(keysOf('purpose_retirement'))
  return {
    purposes: of('purpose')
      .filter(({ key }) => !ended.has(key))
      .map(({ definition }) => definition as PurposeDefinition)
      .sort((a, b) => (a.key < b.key ? -1 : 1)),
    versions,
    travelling: travelling.filter(({ kind }) => kind === 'purpose').map(({ key }) => key),
    properties: keysOf('property'),
    notices: keysOf('notice'),
    experiences: of('experience').map(({ definition }) => definition as ExperienceDefinition),
    noticeDrafts: of('notice').map(({ definition }) => definition as NoticeDraft),
    categories: (of('organisation')[0]?.definition as OrganisationDefinition | undefined)?.categories ?? [],
  }
}
