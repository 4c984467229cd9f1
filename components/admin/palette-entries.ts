import type { NoticeListed, PurposeListed } from '../../lib/client/client.ts'
import { openRooms } from './rooms.ts'

/** Somewhere to go. */
export type Destination = {
  readonly href: string
  readonly name: string
  /** Other words that find it. */
  readonly words?: string | undefined
  readonly detail?: string | undefined
}

/** What was published, as far as who asks may see it. */
export type Found = {
  readonly purposes: readonly PurposeListed[]
  readonly notices: readonly NoticeListed[]
}

/** Reads what can be gone to by name. What cannot be read is not there: the rooms are still to be found. */
export async function findAll(): Promise<Found> {
  const [{ purposes = [] }, { notices = [] }] = await Promise.all([
    read<{ purposes?: PurposeListed[] }>('purposes'),
    read<{ notices?: NoticeListed[] }>('notices'),
  ])
  return { purposes, notices }
}

async function read<T extends object>(path: string): Promise<Partial<T>> {
  try {
    const response = await fetch(`/admin/api/${path}`)
    return response.ok ? ((await response.json()) as T) : {}
  } catch {
    return {}
  }
}

/** Everything that can be gone to, in groups. */
export function destinationsOf(
  scopes: readonly string[],
  found: Found | undefined,
): readonly { readonly name: string; readonly entries: readonly Destination[] }[] {
  const rooms = openRooms(scopes).flatMap(({ rooms }) => rooms)
  const newest = new Map((found?.notices ?? []).map((notice) => [notice.key, notice]))
  return [
    { name: 'Rooms', entries: rooms.map(({ href, name, words }) => ({ href, name, words })) },
    {
      name: 'Notices',
      entries: [...newest.values()].map(({ key, version, texts }) => ({
        href: `/admin/notices/${encodeURIComponent(key)}/${version}`,
        name: `${key} ${version}`,
        detail: Object.values(texts)[0]?.title,
      })),
    },
    {
      name: 'Purposes',
      entries: (found?.purposes ?? []).map(({ key, name }) => ({
        href: `/admin/purposes/${encodeURIComponent(key)}`,
        name: key,
        detail: Object.values(name)[0],
      })),
    },
  ].filter(({ entries }) => entries.length > 0)
}
