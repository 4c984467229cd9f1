// The door of the package @assent/client: what services use. Its code is lib/client.
export { type Assent, type AssentOptions, createAssent } from '../../lib/client/assent.ts'
export {
  AssentApiError,
  type CheckAnswer,
  type CheckQuestion,
  type FilterSummary,
} from '../../lib/client/client.ts'
export type { Decided } from '../../lib/client/decided.ts'
export type { Embedded, EmbeddedOptions } from '../../lib/client/embedded/embedded.ts'
export type { Filtered, FilterQuestion } from '../../lib/client/filter-records.ts'
export type { Change, FollowOptions } from '../../lib/client/follow-changes.ts'
export type { Recorded, Statement } from '../../lib/client/record-consents.ts'
