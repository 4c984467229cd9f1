import type { Look } from '../../lib/client/looks.ts'
import type { ReleaseItem } from '../../lib/domain/release.ts'
import { surroundingsOf } from '../releases/editor-props.ts'
import type { Release, ReleaseCheck } from '../releases/release-types.ts'
import { type Broken, takeLooks } from './take-looks.ts'

/** A broken rule in the words in which it is told. */
export type BrokenRule = {
  readonly experience: string
  readonly asks: string
  readonly source: string
  readonly mend: string | undefined
  /** What was found, and where: one a picture. */
  readonly found: readonly string[]
}

export type Progress = { readonly experience: string; readonly done: number; readonly all: number }

const read = async <T>(path: string): Promise<T> => {
  const response = await fetch(`/admin/api/${path}`)
  const body = (await response.json().catch(() => ({}))) as T & { readonly detail?: string }
  if (response.ok) return body
  throw new Error(body.detail ?? 'The server did not answer. Please try again.')
}

/** What is in force, as drafts: what an experience that is published is drawn from. */
export const readInForce = async (): Promise<readonly ReleaseItem[]> =>
  (await read<{ items: readonly ReleaseItem[] }>('configuration')).items

/**
 * Looks at every experience of a release that was not looked at as it is, and stores what comes of it: the rules that are
 * broken, none where all are kept.
 */
export async function lookAtRelease(
  release: string,
  onProgress: (progress: Progress) => void,
): Promise<readonly BrokenRule[]> {
  const [{ experiences }, { items }, inForce, { symmetry }] = await Promise.all([
    read<{ experiences: readonly { experience: string; look: Look | null }[] }>(`releases/${release}/looks`),
    read<Pick<Release, 'items'>>(`releases/${release}`),
    readInForce(),
    read<Pick<ReleaseCheck, 'symmetry'>>(`releases/${release}/check`),
  ])
  const around = surroundingsOf(inForce, items, {})
  const broken: BrokenRule[] = []
  for (const { experience, look } of experiences) {
    if (look !== null && look.taken === look.expected && look.broken === 0) continue
    const item = items.find(({ kind, key }) => kind === 'experience' && key === experience)
    if (item?.kind !== 'experience') continue
    const of = { definition: item.definition, around, from: { release } }
    const found = await takeLooks(of, (done, all) => onProgress({ experience, done, all }))
    broken.push(...inWords(experience, found, symmetry))
  }
  return broken
}

/** By rule, with where each was found. */
export function inWords(
  experience: string,
  broken: readonly Broken[],
  rules: readonly {
    readonly rule: string
    readonly asks: string
    readonly source: string
    readonly mend?: string
  }[],
): readonly BrokenRule[] {
  const names = [...new Set(broken.map(({ result }) => result.rule))]
  return names.map((name) => {
    const rule = rules.find((each) => each.rule === name)
    const found = broken
      .filter(({ result }) => result.rule === name)
      .map(({ shot: { locale, size, theme, layer }, result }) => {
        return `${result.findings.join('; ')} (${locale}, ${size}, ${theme}, ${layer} layer)`
      })
    return {
      ...{ experience, found, asks: rule?.asks ?? name, source: rule?.source ?? '', mend: rule?.mend },
    }
  })
}
