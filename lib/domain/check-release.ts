import { type AssessmentDemanded, assessmentsLacking } from './assessments-demanded.ts'
import { type CompletenessCheck, checkCompleteness } from './check-completeness.ts'
import { checkSymmetry, type SymmetryCheck } from './check-experience.ts'
import { complaintsOf } from './check-publish.ts'
import type { Complaint } from './complaint.ts'
import type { PurposeKey } from './ids.ts'
import type { Policy } from './policy.ts'
import type { ItemKind, ReleaseItem } from './release.ts'
import { afterBody, bodiesOf, type Sha256 } from './release-bodies.ts'

export type ReleaseCheck = {
  /** What keeps it from being published; `pointer` leads into the item's definition. */
  readonly complaints: readonly (Complaint & {
    readonly kind: ItemKind | null
    readonly key: string | null
  })[]
  /** Assessments that its purposes must link and do not; they keep it from being published too. */
  readonly lacking: readonly (AssessmentDemanded & { readonly purpose: PurposeKey })[]
  /** What its notices lack of what the law has them say, as far as can be read; to be judged by who approves. */
  readonly warnings: readonly (CompletenessCheck & { readonly notice: string })[]
  /** Each rule of symmetry for each of its experiences; one that is broken is among the complaints too. */
  readonly symmetry: readonly (SymmetryCheck & { readonly experience: string })[]
}

/** Everything that is wrong with a release under `policy`, at once. */
export function checkRelease(policy: Policy, items: readonly ReleaseItem[], sha256: Sha256): ReleaseCheck {
  const complaints: ReleaseCheck['complaints'][number][] = []
  if (items.length === 0) complaints.push({ kind: null, key: null, message: 'there is nothing in it' })
  let standing = policy
  const bodies = bodiesOf(policy, items, sha256)
  for (const { item, body } of bodies) {
    const { kind, key } = item
    for (const complaint of ofItem(policy, items, item)) complaints.push({ kind, key, ...complaint })
    const found = [...complaintsOf(standing, body)]
    complaints.push(...found.map((complaint) => ({ kind, key, ...complaint })))
    // A purpose with a fault still is one that others may name: what is said once is enough.
    if (found.length === 0 || kind === 'purpose') standing = afterBody(standing, body)
  }
  const purposes = items.flatMap((item) => (item.kind === 'purpose' ? [item.definition] : []))
  return {
    complaints,
    lacking: purposes.flatMap((definition) =>
      assessmentsLacking(standing.organisation, definition).map((each) => ({
        purpose: definition.key,
        ...each,
      })),
    ),
    warnings: bodies.flatMap(({ body }) =>
      body.act === 'notice_published'
        ? checkCompleteness(standing, body.definition)
            .filter(({ outcome }) => outcome !== 'met')
            .map((each) => ({ notice: body.definition.key, ...each }))
        : [],
    ),
    symmetry: bodies.flatMap(({ body }) =>
      body.act === 'experience_published'
        ? checkSymmetry(standing, body.definition).map((each) => ({
            experience: body.definition.key,
            ...each,
          }))
        : [],
    ),
  }
}

/** Rules of releases, beyond those of what is published without one. */
function* ofItem(policy: Policy, items: readonly ReleaseItem[], item: ReleaseItem): Generator<Complaint> {
  switch (item.kind) {
    case 'organisation':
      if (item.key !== policy.organisation.key) {
        yield { message: `the organisation’s key stays ${policy.organisation.key}`, pointer: '/key' }
      }
      yield* named(item.definition.name, '/name')
      return
    case 'property':
    case 'regime':
      yield* named(item.definition.name, '/name')
      return
    case 'purpose':
      for (const member of ['name', 'description'] as const) {
        const words = Object.entries(item.definition[member])
        if (words.length === 0) yield { message: `it has no ${member}`, pointer: `/${member}` }
        for (const [locale, text] of words) yield* named(text, `/${member}/${locale}`)
      }
      return
    case 'notice':
      for (const [index, { purpose, version }] of item.definition.purposes.entries()) {
        const travels = items.some(({ kind, key }) => kind === 'purpose' && key === purpose)
        if (version === 'next' && !travels) {
          yield {
            message: `the next version of ${purpose} is not in this release`,
            pointer: `/purposes/${index}/version`,
          }
        }
      }
      return
    case 'purpose_retirement':
      if (policy.purposes.get(item.key)?.isRetired) yield { message: `${item.key} is retired already` }
      if (items.some(({ kind, key }) => kind === 'purpose' && key === item.key)) {
        yield { message: `${item.key} is both changed and retired` }
      }
  }
}

function* named(text: string, pointer: string): Generator<Complaint> {
  if (text.trim() === '') yield { message: 'it has no words', pointer }
}
