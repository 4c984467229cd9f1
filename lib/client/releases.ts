import type { AssentClient } from './client.ts'

export type ItemKind =
  | 'organisation'
  | 'property'
  | 'regime'
  | 'purpose'
  | 'assessment'
  | 'notice'
  | 'experience'
  | 'purpose_retirement'

export type ReleaseState =
  | 'draft'
  | 'in_review'
  | 'approved'
  | 'scheduled'
  | 'publishing'
  | 'published'
  | 'discarded'

type Definition = Readonly<Record<string, unknown>>

/** Names are `member:` and an id, or an API key’s id; `people` in an answer says whose they are. */
type Summary = {
  readonly id: string
  readonly title: string
  readonly state: ReleaseState
  readonly author: string
  readonly created_at: string
  readonly updated_at: string
  readonly submitted_at: string | null
  readonly publish_at: string | null
  readonly published_at: string | null
  readonly publish_error: { readonly code: string; readonly message: string; readonly at: string } | null
  readonly approvals_needed: number
  readonly approvers: readonly string[]
}

export type ReleaseListed = Summary & {
  readonly items: readonly { readonly kind: ItemKind; readonly key: string }[]
}

export type DraftItem = {
  readonly kind: ItemKind
  readonly key: string
  readonly edit: number
  readonly edited_by: string
  readonly edited_at: string
  readonly definition: Definition
}

export type Release = Summary & {
  readonly editors: readonly string[]
  readonly items: readonly DraftItem[]
  /** Both are named when approving: of what was seen. */
  readonly sha256: string
  readonly base_sha256: string
  readonly approvals: readonly {
    readonly approver: string
    readonly at: string
    readonly sha256: string
    readonly void_because:
      | 'withdrawn'
      | 'items_changed'
      | 'base_changed'
      | 'before_report'
      | 'own_work'
      | 'may_not_approve'
      | null
  }[]
  readonly has_new_yes: boolean
  /** Its last flip report in short; `releaseFlips` asks for it. */
  readonly flips: {
    readonly is_current: boolean
    readonly made_at: string
    readonly questions: number
    readonly allowed: number
    readonly denied: number
  } | null
  readonly comments: readonly {
    readonly id: string
    readonly at: string
    readonly author: string
    readonly text: string
    readonly item: { readonly kind: string; readonly key: string } | null
  }[]
  readonly first_seq: number | null
  readonly last_seq: number | null
  readonly people: Readonly<Record<string, string>>
}

export type ItemDifference = {
  readonly kind: ItemKind
  readonly key: string
  readonly version_before: number | null
  readonly version_after: number | null
  readonly is_new: boolean
  readonly is_material: boolean
  readonly widenings: readonly ({ readonly kind: string } & Definition)[]
  /** A member that is not there is left out. */
  readonly changes: readonly { readonly path: string; readonly before?: unknown; readonly after?: unknown }[]
}

export type SymmetryChecked = {
  readonly experience: string
  readonly rule: string
  readonly asks: string
  readonly source: string
  readonly mend?: string
  readonly outcome: 'met' | 'broken' | 'by_design'
  readonly findings: readonly string[]
}

export type ReleaseCheck = {
  readonly may_be_published: boolean
  readonly complaints: readonly {
    readonly kind: ItemKind | null
    readonly key: string | null
    readonly message: string
    readonly pointer?: string
  }[]
  readonly lacking: readonly {
    readonly purpose: string
    readonly kind: 'dpia' | 'legitimate_interests' | 'transfer'
    readonly because: string
    readonly source: string
  }[]
  readonly symmetry: readonly SymmetryChecked[]
  readonly warnings: readonly {
    readonly notice: string
    readonly check: string
    readonly asks: string
    readonly source: string
    readonly outcome: 'met' | 'missing' | 'to_read'
    readonly findings: readonly string[]
  }[]
}

export type ReleaseEffects = {
  readonly superseded: number
  readonly ended: number
  readonly purposes: readonly {
    readonly purpose: string
    readonly in_force: number
    readonly superseded: number
    readonly ended: number
  }[]
  readonly revision: string
  readonly as_of: string
}

/** What a `draft_conflict` on an item carries: what is there now, so that nothing is lost. */
export type DraftConflict = {
  readonly current: (Omit<DraftItem, 'definition'> & { readonly definition: Definition | null }) | null
}

/** All that is in force, as drafts. */
export type Configuration = {
  readonly items: readonly {
    readonly kind: ItemKind
    readonly key: string
    readonly definition: Definition
  }[]
  readonly revision: string
}

export type PublicationSettings = {
  readonly four_eyes: 'auto' | 'on' | 'off'
  readonly is_four_eyes: boolean
  readonly may_approve: number
}

/** A release as what it published names it. */
export type PublishedIn = {
  readonly id: string
  readonly title: string
  readonly author: string
  readonly approved_by: readonly string[]
  readonly sha256: string
  readonly published_at: string
  readonly seq: number
} | null

export type PurposeVersions = {
  readonly key: string
  readonly version: number
  readonly material_version: number
  readonly is_retired: boolean
  readonly children: readonly string[]
  readonly assessments_demanded: readonly {
    readonly kind: string
    readonly because: string
    readonly source: string
  }[]
  readonly versions: readonly {
    readonly version: number
    readonly definition: Definition
    readonly published_at: string
    readonly published_seq: number
    readonly is_material: boolean
    readonly is_declared_material: boolean
    readonly widenings: readonly ({ readonly kind: string } & Definition)[]
    readonly release: PublishedIn
  }[]
  readonly people: Readonly<Record<string, string>>
}

/**
 * Releases over the API. Acts answer with the release as it is then. A rejected `edit` with the code `draft_conflict`
 * carries a `DraftConflict` in `details`, one with `release_incomplete` the `complaints` and `lacking` of a check.
 */
export function releasesOf({ call }: Pick<AssentClient, 'call'>) {
  const at = (id: string, rest = '') => `/v1/releases/${encodeURIComponent(id)}${rest}`
  const item = (id: string, kind: ItemKind, key: string) =>
    at(id, `/items/${kind}/${encodeURIComponent(key)}`)
  const act = (name: string) => (id: string) => call<Release>('POST', at(id, `/${name}`))
  return {
    list: (state: 'open' | 'published' | 'discarded' | 'all' = 'open', before?: string) =>
      call<{ releases: readonly ReleaseListed[]; people: Readonly<Record<string, string>> }>(
        'GET',
        `/v1/releases?state=${state}${before === undefined ? '' : `&before=${encodeURIComponent(before)}`}`,
      ),
    open: (title: string) => call<Release>('POST', '/v1/releases', { title }),
    get: (id: string) => call<Release>('GET', at(id)),
    rename: (id: string, title: string) => call<Release>('PUT', at(id), { title }),
    discard: (id: string) => call<Release>('DELETE', at(id)),
    /** `edit` is the number that it is based on; 0 for what is not there. */
    edit: (
      id: string,
      { kind, key, edit, definition }: Pick<DraftItem, 'kind' | 'key' | 'edit' | 'definition'>,
    ) => call<Release>('PUT', item(id, kind, key), { edit, definition }),
    takeOut: (id: string, { kind, key, edit }: Pick<DraftItem, 'kind' | 'key' | 'edit'>) =>
      call<Release>('DELETE', `${item(id, kind, key)}?edit=${edit}`),
    comment: (
      id: string,
      text: string,
      about: { readonly kind: ItemKind; readonly key: string } | null = null,
    ) =>
      call<Release>('POST', at(id, '/comments'), {
        text,
        item: about === null ? null : { kind: about.kind, key: about.key },
      }),
    submit: act('submit'),
    approve: (id: string, { sha256, base_sha256 }: Pick<Release, 'sha256' | 'base_sha256'>) =>
      call<Release>('POST', at(id, '/approve'), { sha256, base_sha256 }),
    withdrawApproval: act('withdraw-approval'),
    requestChanges: (id: string, text: string) => call<Release>('POST', at(id, '/request-changes'), { text }),
    /** Now, or at an instant to come. */
    publish: (id: string, when?: string) =>
      call<Release>('POST', at(id, '/publish'), when === undefined ? {} : { at: when }),
    unschedule: act('unschedule'),
    difference: (id: string) => call<{ items: readonly ItemDifference[] }>('GET', at(id, '/difference')),
    check: (id: string) => call<ReleaseCheck>('GET', at(id, '/check')),
    effects: (id: string) => call<ReleaseEffects>('GET', at(id, '/effects')),
    /** The same of drafts that are in no release; nothing is stored. */
    preview: (items: readonly { readonly kind: ItemKind; readonly definition: Definition }[]) =>
      call<{ items: readonly ItemDifference[]; check: ReleaseCheck }>('POST', '/v1/releases/preview', {
        items,
      }),
    configuration: () => call<Configuration>('GET', '/v1/configuration'),
    settings: () => call<PublicationSettings>('GET', '/v1/settings/publication'),
    settle: (four_eyes: PublicationSettings['four_eyes']) =>
      call<PublicationSettings>('PUT', '/v1/settings/publication', { four_eyes }),
    purpose: (key: string) => call<PurposeVersions>('GET', `/v1/purposes/${encodeURIComponent(key)}`),
  }
}
