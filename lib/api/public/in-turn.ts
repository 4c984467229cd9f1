import { createHash } from 'node:crypto'
import { comparisonName, comparisonOf, isOthersTurn } from '../../domain/compare-layouts.ts'
import type { DeviceView } from './device-view.ts'

const draw = (text: string): number => createHash('sha256').update(text).digest().readUInt32BE(0)

/** The view with the experience whose turn it is, where two are compared; both show the same notice. */
export function inTurn(view: DeviceView, nowMs: number): DeviceView {
  const compared = comparisonOf(view.policy, view.experience)
  if (compared === undefined || !isOthersTurn(comparisonName(compared), nowMs, draw)) return view
  return { ...view, experience: compared.other }
}
