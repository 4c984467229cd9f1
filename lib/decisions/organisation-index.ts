import { impossible } from '../domain/errors.ts'
import type { AssentEvent } from '../domain/events.ts'
import { foldEvent } from '../domain/fold-event.ts'
import { foldPolicy } from '../domain/fold-policy.ts'
import type { SubjectId } from '../domain/ids.ts'
import type { Policy } from '../domain/policy.ts'
import type { SubjectState } from '../domain/state.ts'

/** One organisation, completely in memory: nothing is ever evicted, so what is absent was never recorded. */
export class OrganisationIndex {
  policy: Policy | undefined
  /** By the map key of the identifier's digest. */
  readonly subjects = new Map<string, SubjectId>()
  readonly states = new Map<SubjectId, SubjectState>()

  apply(event: AssentEvent): void {
    if (event.subjectId === null) {
      this.policy = foldPolicy(this.policy, event)
      return
    }
    const policy = this.policy ?? impossible('a subject before her organisation')
    this.states.set(event.subjectId, foldEvent(this.states.get(event.subjectId), event, policy).state)
  }
}
