import type { AssentClient, ConsumerListed } from '../../lib/client/client.ts'
import { AssentApiError } from '../../lib/client/client.ts'
import type { People, ReleaseListed } from '../releases/release-types.ts'

/** Something that waits for somebody here. */
export type Awaiting = {
  readonly id: string
  readonly kind: 'review' | 'request' | 'task' | 'first_use' | 'consumer' | 'publication'
  readonly title: string
  readonly detail: string
  readonly href: string
  /** Since when, or until when; null where neither is known. */
  readonly at: string | null
  readonly isOverdue: boolean
  /** What settles it from here, where it needs no more than a click. */
  readonly settle?: {
    readonly path: string
    readonly body: object
    readonly label: string
    readonly done: string
  }
}

type Task = {
  readonly id: string
  readonly kind: string
  readonly matter: Readonly<Record<string, unknown>>
  readonly recall: string | null
  readonly opened_at: string
  readonly due_at: string | null
}
type Request = {
  readonly id: string
  readonly kind: string
  readonly regime: string
  readonly answer_by: string
  readonly is_overdue: boolean
}

/**
 * All that awaits a member, what is overdue first, then the oldest. What her role does not see does not wait for her.
 * `own` is her name as releases say it; `nowMs` decides what is overdue.
 */
export async function awaiting(
  api: AssentClient,
  scopes: readonly string[],
  own: string,
  nowMs: number,
): Promise<readonly Awaiting[]> {
  const may = (scope: string) => scopes.includes(scope)
  const read = async <T extends object>(scope: string, path: string): Promise<Partial<T>> => {
    if (!may(scope)) return {}
    try {
      return await api.call<T>('GET', path)
    } catch (error) {
      if (error instanceof AssentApiError && error.status === 403) return {}
      throw error
    }
  }
  const [{ releases = [], people = {} }, { tasks = [] }, { requests = [] }, { first_uses = [] }, consumers] =
    await Promise.all([
      read<{ releases: ReleaseListed[]; people: People }>('config:read', '/v1/releases?limit=200'),
      read<{ tasks: Task[] }>('audit:read', '/v1/tasks?limit=200'),
      read<{ requests: Request[] }>('consents:read', '/v1/requests?state=open&limit=200'),
      read<{ first_uses: { key: string; purpose: string; first_at: string }[] }>(
        'audit:read',
        '/v1/first-uses',
      ),
      read<{ consumers: ConsumerListed[] }>('audit:read', '/v1/consumers'),
    ])
  const found: Awaiting[] = [
    ...releases.flatMap((release) => ofRelease(release, people, own, may('config:publish'))),
    ...requests.map((request) => ({
      ...{ id: request.id, kind: 'request' as const, href: `/admin/requests/${request.id}` },
      title: `Request: ${request.kind.replaceAll('_', ' ')}`,
      detail: `under ${request.regime}, to be answered by`,
      ...{ at: request.answer_by, isOverdue: request.is_overdue },
    })),
    ...tasks.map((task) => ofTask(task, nowMs, may('config:write'))),
    ...first_uses.map(({ key, purpose, first_at }) => ({
      ...{ id: `${key} ${purpose}`, kind: 'first_use' as const, at: first_at, isOverdue: false },
      title: `${key} asks about ${purpose}`,
      detail: 'for the first time',
      href: `/admin/services?service=${encodeURIComponent(key)}`,
      ...(may('config:write') && {
        settle: {
          ...{ path: 'first-uses/seen', body: { key, purpose }, label: 'Seen' },
          done: 'It is written down that you have seen it.',
        },
      }),
    })),
    ...(consumers.consumers ?? [])
      .filter(({ state }) => state === 'stopped')
      .map(({ name, behind, behind_since }) => ({
        ...{ id: name, kind: 'consumer' as const, href: '/admin/consumers', isOverdue: true },
        title: `${name} has stopped`,
        detail: `${behind > 1_000 ? 'more than 1,000' : behind} changes wait for it, since`,
        at: behind_since,
      })),
  ]
  const order = ({ isOverdue, at }: Awaiting) => `${isOverdue ? 0 : 1} ${at ?? '9'}`
  return found.sort((a, b) => (order(a) < order(b) ? -1 : 1))
}

function ofRelease(
  release: ReleaseListed,
  people: People,
  own: string,
  mayPublish: boolean,
): readonly Awaiting[] {
  const href = `/admin/releases/${release.id}`
  const shared = { id: release.id, href, isOverdue: false }
  if (release.publish_error !== null) {
    const { message, at } = release.publish_error
    return [
      {
        ...{ ...shared, kind: 'publication', isOverdue: true, at },
        title: `${release.title} could not be published`,
        detail: message,
      },
    ]
  }
  if (!mayPublish) return []
  if (release.state === 'in_review' && release.author !== own && !release.approvers.includes(own)) {
    return [
      {
        ...{ ...shared, kind: 'review', at: release.submitted_at },
        title: `Review: ${release.title}`,
        detail: `by ${people[release.author] ?? release.author}, since`,
      },
    ]
  }
  if (release.state === 'approved') {
    return [
      {
        ...{ ...shared, kind: 'publication', at: release.submitted_at },
        title: `${release.title} is approved`,
        detail: 'and can be published; in review since',
      },
    ]
  }
  return []
}

function ofTask(task: Task, nowMs: number, maySettle: boolean): Awaiting {
  const word = (member: string) => String(task.matter[member] ?? '')
  const titles: Readonly<Record<string, string>> = {
    recall_people: `Tell ${word('people')} people that their consent was struck`,
    recall_service: `Have ${word('name') || word('key')} stop what rested on struck consents`,
    recall_run: `Look at the run ${word('run')}: it used struck consents`,
    recall_filter: `Look at the filter ${word('filter')}: it passed records on struck consents`,
    recall_consumer: `Make sure that ${word('consumer')} has applied the recall`,
  }
  return {
    ...{ id: task.id, kind: 'task', title: titles[task.kind] ?? task.kind.replaceAll('_', ' ') },
    detail: task.due_at === null ? 'since' : 'due',
    at: task.due_at ?? task.opened_at,
    isOverdue: task.due_at !== null && Date.parse(task.due_at) < nowMs,
    href: task.recall === null ? '/admin' : `/admin/recalls/${task.recall}`,
    ...(maySettle && {
      settle: { path: `tasks/${task.id}/done`, body: {}, label: 'Done', done: 'The task is done.' },
    }),
  }
}
