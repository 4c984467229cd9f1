import { z } from '@hono/zod-openapi'
import { AssentError } from '../../domain/errors.ts'
import type { Identifier } from '../../domain/identifier.ts'
import type { OrganisationId, SubjectId } from '../../domain/ids.ts'
import { viewReasons } from '../../domain/view-reasons.ts'
import type { Principal } from '../authenticate.ts'
import type { ApiDeps } from '../deps.ts'
import { text } from '../schemas/fields.ts'
import type { Reason } from './people-store.ts'

/** How long a reason lets a member look at the person it was given for. */
export const viewMs = 3_600_000

export const unknownSubject = () => new AssentError('not_found', 'There is no such subject.')
export const subjectParams = z.object({ id: z.string().max(64) })
export const doerOf = ({ name }: Pick<Principal, 'name'>, { clock }: Pick<ApiDeps, 'clock'>) => ({
  actor: name,
  atMs: clock(),
})

export const viewReason = z
  .strictObject({
    why: z.enum(viewReasons),
    note: text(500).optional().openapi({
      description:
        'In words; needed for `other`. Without the person’s name, address or identifier: it is kept.',
    }),
  })
  .openapi('ViewReason', { example: { why: 'request' } })

/**
 * A reason as it is kept. Throws `body_invalid` where `other` says nothing, or where the words name the person: what
 * is written down of a look can never be erased.
 */
export function reasonOf(
  { why, note = '' }: z.output<typeof viewReason>,
  named: readonly { readonly id: string | null }[],
): Reason {
  const pointer = '/reason/note'
  if (why === 'other' && note.trim() === '') {
    throw new AssentError('body_invalid', 'Say in words why you look at this person.', { pointer })
  }
  const lower = note.toLowerCase()
  const namesHer = named.some(({ id }) => id !== null && id !== '' && lower.includes(id.toLowerCase()))
  if (namesHer || /\S@\S/.test(note)) {
    throw new AssentError('body_invalid', 'Leave out who the person is: the reason is kept for good.', {
      pointer,
    })
  }
  return { reason: why, note: note.trim() }
}

/** Throws `reason_required`: a member says first why she looks. */
export function reasonMissing(): AssentError {
  return new AssentError(
    'reason_required',
    'Say why you look at this person. The reason is written down and holds for an hour.',
  )
}

/**
 * The subject of this id, for who may look at her now: a member who gave a reason for her within the hour, or an API
 * key. Throws `not_found`, for another organisation's as for one that does not exist, and `reason_required`.
 */
export async function openPerson(
  { decisions, people, clock }: Pick<ApiDeps, 'decisions' | 'people' | 'clock'>,
  { organisationId, member }: Principal,
  given: string,
): Promise<SubjectId> {
  const id = knownSubject({ decisions }, organisationId, given)
  if (member === undefined) return id
  const view = await people.viewSince(organisationId, id, member.id, clock() - viewMs)
  if (view === undefined) throw reasonMissing()
  return id
}

/** Throws `not_found` where the organisation has no such subject. */
export function knownSubject(
  { decisions }: Pick<ApiDeps, 'decisions'>,
  organisationId: OrganisationId,
  given: string,
): SubjectId {
  const id = given as SubjectId
  if (!/^sub_[0-9a-f]{32}$/.test(given) || decisions.state(organisationId, id) === undefined) {
    throw unknownSubject()
  }
  return id
}

/** An identifier by which the ledger knows a subject. Throws `not_found` where all of hers were erased. */
export async function anIdentifierOf(
  { persons }: Pick<ApiDeps, 'persons'>,
  organisationId: OrganisationId,
  id: SubjectId,
): Promise<Identifier> {
  for (const { namespace, id: clear } of await persons.identifiers(organisationId, id)) {
    if (clear !== null) return { namespace, id: clear }
  }
  throw unknownSubject()
}
