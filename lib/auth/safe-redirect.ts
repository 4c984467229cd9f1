/** Where to go after signing in or out: an address of this installation, or else its admin. */
export function safeRedirect(wanted: string, publicUrl: string): string {
  const home = `${publicUrl}/admin`
  if (!URL.canParse(wanted, publicUrl)) return home
  const url = new URL(wanted, publicUrl)
  return url.origin === new URL(publicUrl).origin ? url.href : home
}
