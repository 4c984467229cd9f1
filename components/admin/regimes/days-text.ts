/** A number of days as people say it: `2 years`, `1 year`, `30 days`. */
export function daysText(days: number): string {
  if (days % 365 === 0) return days === 365 ? '1 year' : `${days / 365} years`
  return days === 1 ? '1 day' : `${days.toLocaleString('en-GB')} days`
}
