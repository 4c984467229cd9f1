import type { StorageNames } from '../web/assent-window.ts'

/** The names that are meant; `*` at the end of a pattern stands for any ending. What Assent itself keeps is never meant. */
export function namesMeant(names: readonly string[], patterns: readonly string[] = []): readonly string[] {
  return names.filter(
    (name) =>
      !name.startsWith('assent:') &&
      patterns.some((pattern) =>
        pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern,
      ),
  )
}

/** The domains and paths under which a page at `host` and `path` can have set a cookie that it sees. */
export function cookieScopes(host: string, path: string): readonly string[] {
  const labels = host.split('.')
  const domains = ['', ...labels.map((_, index) => `; Domain=${labels.slice(index).join('.')}`)]
  const steps = path.split('/').filter(Boolean)
  const paths = ['/', ...steps.map((_, index) => `/${steps.slice(0, index + 1).join('/')}`)]
  return domains.flatMap((domain) =>
    paths.flatMap((each) => [
      `; Path=${each}${domain}`,
      ...(each === '/' ? [] : [`; Path=${each}/${domain}`]),
    ]),
  )
}

/** Deletes what a site registered for a purpose. Cookies that scripts may not read (HttpOnly) are out of its reach. */
export function clearStorage(names: StorageNames): void {
  const cookies = document.cookie.split('; ').map((cookie) => cookie.split('=')[0]!)
  const secure = location.protocol === 'https:' ? '; Secure' : ''
  for (const name of namesMeant(cookies, names.cookies)) {
    for (const scope of cookieScopes(location.hostname, location.pathname)) {
      // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser.
      document.cookie = `${name}=; Max-Age=0${secure}${scope}`
    }
  }
  for (const shelf of ['localStorage', 'sessionStorage'] as const) {
    if (!names[shelf]) continue
    try {
      for (const name of namesMeant(Object.keys(window[shelf]), names[shelf])) window[shelf].removeItem(name)
    } catch {
      // A browser that refuses storage has kept nothing.
    }
  }
}
