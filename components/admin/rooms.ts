import {
  AppWindow,
  ChartColumn,
  ChartNoAxesCombined,
  CircleUser,
  FileText,
  FlaskConical,
  GitPullRequestArrow,
  Inbox as InboxIcon,
  KeyRound,
  Languages,
  type LucideIcon,
  MailOpen,
  PanelBottom,
  RadioTower,
  Scale,
  ScrollText,
  Target,
  Undo2,
  UserSearch,
  Users,
} from 'lucide-react'

export type Room = {
  readonly href: string
  readonly name: string
  readonly icon: LucideIcon
  /** What a member needs for it; null for what is every member’s. A room that would be empty is not shown. */
  readonly scope: string | null
  /** What does as well. */
  readonly or?: string
  /** What else people call it, for the palette. */
  readonly words?: string
}

/** The rooms of the admin in the order of the menu, by group; a group without a name stands first. */
export const roomGroups: readonly { readonly name: string | null; readonly rooms: readonly Room[] }[] = [
  {
    name: null,
    rooms: [
      { href: '/admin', name: 'Inbox', icon: InboxIcon, scope: 'audit:read', words: 'tasks reviews waiting' },
      {
        ...{ href: '/admin/overview', name: 'Overview', icon: ChartNoAxesCombined, scope: 'audit:read' },
        words: 'rates charts coverage renewal',
      },
    ],
  },
  {
    name: 'People',
    rooms: [
      {
        ...{ href: '/admin/people', name: 'People', icon: UserSearch, scope: 'consents:read' },
        words: 'person subject search history access export',
      },
      {
        ...{ href: '/admin/requests', name: 'Requests', icon: MailOpen, scope: 'consents:read' },
        words: 'register access erasure objection opt-out DSAR due',
      },
    ],
  },
  {
    name: 'Evidence',
    rooms: [
      {
        ...{ href: '/admin/evidence', name: 'Evidence', icon: ScrollText, scope: 'audit:read' },
        words: 'events log history export rooms proof',
      },
    ],
  },
  {
    name: 'Consent',
    rooms: [
      {
        ...{ href: '/admin/releases', name: 'Releases', icon: GitPullRequestArrow, scope: 'config:read' },
        words: 'drafts review approve publish',
      },
      { href: '/admin/purposes', name: 'Purposes', icon: Target, scope: 'config:read' },
      { href: '/admin/notices', name: 'Notices', icon: FileText, scope: 'config:read', words: 'texts words' },
      {
        ...{ href: '/admin/experiences', name: 'Experiences', icon: PanelBottom, scope: 'config:read' },
        words: 'banner layout',
      },
      {
        href: '/admin/regimes',
        name: 'Regimes',
        icon: Scale,
        scope: 'config:read',
        words: 'rules laws countries',
      },
      {
        ...{ href: '/admin/simulator', name: 'Simulator', icon: FlaskConical, scope: 'config:read' },
        words: 'try what if explain',
      },
      {
        href: '/admin/recalls',
        name: 'Recalls',
        icon: Undo2,
        scope: 'audit:read',
        words: 'strike invalidate tasks',
      },
    ],
  },
  {
    name: 'Services',
    rooms: [
      {
        ...{ href: '/admin/keys', name: 'Keys', icon: KeyRound, scope: 'audit:read', or: 'keys:write' },
        words: 'API tokens rotate revoke',
      },
      {
        ...{ href: '/admin/services', name: 'Questions', icon: ChartColumn, scope: 'audit:read' },
        ...{ or: 'keys:write', words: 'services usage decisions denied' },
      },
      {
        ...{ href: '/admin/consumers', name: 'Consumers', icon: RadioTower, scope: 'audit:read' },
        words: 'followers pipelines feed',
      },
    ],
  },
  {
    name: 'Settings',
    rooms: [
      {
        ...{ href: '/admin/properties', name: 'Properties', icon: AppWindow, scope: 'config:read' },
        words: 'sites apps snippet origins',
      },
      { href: '/admin/members', name: 'Members', icon: Users, scope: 'members:read', words: 'invite roles' },
      {
        ...{ href: '/admin/settings/sign-in', name: 'Sign-in', icon: KeyRound, scope: 'members:read' },
        words: 'second factor provider single sign-on openid password',
      },
      {
        ...{ href: '/admin/settings/languages', name: 'Languages', icon: Languages, scope: 'config:read' },
        words: 'translations locales drafts reviewed',
      },
      {
        href: '/admin/account',
        name: 'Account',
        icon: CircleUser,
        scope: null,
        words: 'sessions second factor recovery codes',
      },
    ],
  },
]

/** The groups with the rooms that these scopes open. */
export const openRooms = (scopes: readonly string[]) =>
  roomGroups
    .map(({ name, rooms }) => ({
      name,
      rooms: rooms.filter(
        ({ scope, or = scope }) => scope === null || scopes.includes(scope) || scopes.includes(or ?? scope),
      ),
    }))
    .filter(({ rooms }) => rooms.length > 0)

/** Whether a page is a room, or one of the pages in it; the first room's pages are the others. */
export const isIn = (path: string, room: string) =>
  path === room || (room !== '/admin' && path.startsWith(`${room}/`))
