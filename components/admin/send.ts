/** A write of the admin's pages, as whoever is signed in. Rejects with words to show. */
export async function send<T>(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: object): Promise<T> {
  let response: Response
  try {
    response = await fetch(`/admin/api/${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
    })
  } catch {
    throw new Error('The server cannot be reached. Please try again.')
  }
  const answer = (await response.json().catch(() => ({}))) as { detail?: string }
  if (response.ok) return answer as T
  if (response.status === 401) throw new Error('Your session has ended. Please sign in again.')
  throw new Error(answer.detail ?? 'That did not work. Please try again.')
}
