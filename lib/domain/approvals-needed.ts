/** Whether another person must approve: `auto` from the second person on who could. */
export const fourEyesSettings = ['auto', 'on', 'off'] as const
export type FourEyes = (typeof fourEyesSettings)[number]

/** Whether the setting asks for a second person now. `mayApprove`: how many members are owner or officer. */
export function isFourEyes(setting: FourEyes, mayApprove: number): boolean {
  return setting === 'on' || (setting === 'auto' && mayApprove >= 2)
}

/**
 * How many members must approve a release, none of whom wrote or edited it.
 *
 * What turns a no into a yes always needs two people: two who approve where three or more could, else the author and
 * one other; an author who is no person does not count as one. Otherwise the setting says. The number may be more
 * than there are people; the release waits then.
 */
export function approvalsNeeded(of: {
  readonly setting: FourEyes
  /** Members who are owner or officer. */
  readonly mayApprove: number
  readonly hasNewYes: boolean
  /** False where an API key opened it. */
  readonly isAuthorMember: boolean
}): 0 | 1 | 2 {
  if (of.hasNewYes) return of.mayApprove >= 3 || !of.isAuthorMember ? 2 : 1
  return isFourEyes(of.setting, of.mayApprove) ? 1 : 0
}
