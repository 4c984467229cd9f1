/** What pages may write by themselves: the first part of the path below `/v1`. */
const written = [
  ...['members', 'invitations', 'sessions', 'keys', 'first-uses', 'recalls', 'tasks'],
  ...['account', 'sign-in-settings', 'releases', 'rooms', 'looks'],
  ...['subjects', 'consents', 'requests', 'settings'],
]
/** What they read by themselves; everything else they ask for while they are made. */
const read = ['purposes', 'notices', 'releases', 'configuration', 'looks']
/** Nothing that could lead out of the kind. */
const isPlain = (segment: string) => /^[A-Za-z0-9_.~-]{1,128}$/.test(segment) && !/^\.+$/.test(segment)

/** Whether the pages' relay passes a call on. Who may do what is the API's to say. */
export function mayPass(method: string, path: readonly string[]): boolean {
  const kinds = method === 'GET' ? read : written
  return kinds.includes(path[0] ?? '') && path.every(isPlain)
}
