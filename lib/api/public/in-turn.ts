import { createHash } from 'node:crypto'
import { comparedTo, comparisonName, isOthersTurn } from '../../domain/compare-layouts.ts'
import type { DeviceView } from './device-view.ts'

const draw = (text: string): number => createHash('sha256').update(text).digest().readUInt32BE(0)

/** The view with the experience whose turn it is, where two are compared; both show the same notice. */
export function inTurn(view: DeviceView, nowMs: number): DeviceView {
  const own = view.experience
  const other = own === null ? undefined : comparedTo(view.policy, own)
  if (own === null || other === undefined) return view
  return isOthersTurn(comparisonName({ own, other }), nowMs, draw) ? { ...view, experience: other } : view
}
