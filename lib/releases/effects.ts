import type { ConsentCount } from '../decisions/decisions.ts'
import type { Policy } from '../domain/policy.ts'

export type PurposeEffect = {
  readonly purpose: string
  /** Consents that can be relied on now. */
  readonly inForce: number
  /** Of these, those that no longer could be: people must be asked anew. */
  readonly superseded: number
  /** Of these, those whose purpose ends. */
  readonly ended: number
}

/** What publishing would do to the consents in force, by purpose: every purpose with a consent that it would end. */
export function effectsOf(
  now: Policy,
  candidate: Policy,
  counts: readonly ConsentCount[],
): readonly PurposeEffect[] {
  const effects = new Map<string, { inForce: number; superseded: number; ended: number }>()
  for (const { purpose: key, notice, version, purposeVersion, inForce } of counts) {
    const [before, after] = [now.purposes.get(key), candidate.purposes.get(key)]
    const isStruck = now.notices.get(notice)?.[version - 1]?.isInvalidated === true
    if (before === undefined || after === undefined || isStruck || before.isRetired) continue
    if (purposeVersion < before.materialVersion) continue
    const effect = effects.get(key) ?? { inForce: 0, superseded: 0, ended: 0 }
    effects.set(key, effect)
    effect.inForce += inForce
    if (after.isRetired) effect.ended += inForce
    else if (purposeVersion < after.materialVersion) effect.superseded += inForce
  }
  return [...effects]
    .map(([purpose, effect]) => ({ purpose, ...effect }))
    .sort((a, b) => (a.purpose < b.purpose ? -1 : 1))
}
