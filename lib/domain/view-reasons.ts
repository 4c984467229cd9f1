/** Why a member looks at a person; `other` says so in words. */
export const viewReasons = ['request', 'complaint', 'authority', 'incident', 'audit', 'other'] as const
export type ViewReason = (typeof viewReasons)[number]
