/** Where a PostgreSQL database is reached, and as whom; `host` is a directory for a Unix socket. */
export type DatabaseAddress = {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  readonly database: string
  /** As node-postgres takes it; absent for sockets. */
  readonly ssl?: boolean | { readonly rejectUnauthorized: boolean }
}

/**
 * Reads a `postgresql://` URL. Throws a plain Error that names no password where it is not one.
 * `sslmode=disable` (or none) is without TLS, `no-verify` encrypts only, all others verify.
 */
export function parseDatabaseUrl(text: string): DatabaseAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^postgres(ql)?:$/.test(url.protocol)) throw new Error('not a postgresql:// URL')
  const database = decodeURIComponent(url.pathname.slice(1))
  if (database === '') throw new Error('names no database')
  const sslMode = url.searchParams.get('sslmode') ?? 'disable'
  return {
    host: url.searchParams.get('host') ?? decodeURIComponent(url.hostname),
    port: Number(url.port || url.searchParams.get('port') || 5432),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database,
    ...(sslMode === 'disable' ? {} : { ssl: { rejectUnauthorized: sslMode !== 'no-verify' } }),
  }
}
