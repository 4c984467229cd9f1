/** A write of the admin's pages, as whoever is signed in, with whatever came of it; status 0 where nobody answered. */
export async function exchange(
  method: 'POST' | 'PUT' | 'DELETE',
  path: string,
  body?: object,
): Promise<{ readonly status: number; readonly body: Readonly<Record<string, unknown>> }> {
  try {
    const response = await fetch(`/admin/api/${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
    })
    return { status: response.status, body: await response.json().catch(() => ({})) }
  } catch {
    return { status: 0, body: { detail: 'The server cannot be reached. Please try again.' } }
  }
}

/** A write that was not done: words to show, and the API's stable code where it gave one. */
class SendError extends Error {
  override readonly name = 'SendError'
  readonly code: unknown

  constructor(message: string, code?: unknown) {
    super(message)
    this.code = code
  }
}

/** Whether what `send` rejected with is this code of the API. */
export const failedWith = (cause: unknown, code: string): boolean =>
  cause instanceof SendError && cause.code === code

/** As `exchange`; rejects with words to show. */
export async function send<T>(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: object): Promise<T> {
  const { status, body: answer } = await exchange(method, path, body)
  if (status >= 200 && status < 300) return answer as T
  if (status === 401) throw new SendError('Your session has ended. Please sign in again.')
  throw new SendError(String(answer.detail ?? 'That did not work. Please try again.'), answer.code)
}
