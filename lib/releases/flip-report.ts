import type { FlipReport } from './release-store.ts'

/** Whether publication waits for a report: the one place that says so. */
const isReportDemanded: boolean = false

/** What the report on a release means for its publication; `sha256` is of its items now. */
export function readFlips(
  flips: FlipReport | null,
  sha256: string,
): { readonly hasNewYes: boolean; readonly isMissing: boolean } {
  const isCurrent = flips?.sha256 === sha256
  return { hasNewYes: isCurrent && flips.hasNewYes, isMissing: isReportDemanded && !isCurrent }
}
