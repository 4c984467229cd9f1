import { ArrowLeftRight } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button, ButtonLink } from '../ui/button.tsx'

/** Which versions and which language are compared. The address holds it all, so it can be sent to someone. */
export function VersionPicker({
  path,
  versions,
  from,
  to,
  locale,
}: {
  readonly path: string
  readonly versions: readonly number[]
  readonly from: number
  readonly to: number
  readonly locale: string
}): ReactNode {
  const pick = (name: 'from' | 'to', label: string, chosen: number) => (
    <label className="grid gap-1 text-xs text-ink-soft">
      {label}
      <select
        name={name}
        defaultValue={chosen}
        className="h-10 min-w-24 rounded-control border border-edge bg-surface px-3 text-base text-ink"
      >
        {versions.map((version) => (
          <option key={version} value={version}>
            Version {version}
          </option>
        ))}
      </select>
    </label>
  )
  return (
    <form action={path} method="get" className="mb-6 flex flex-wrap items-end gap-3" key={`${from} ${to}`}>
      {pick('from', 'From', from)}
      {pick('to', 'To', to)}
      <input type="hidden" name="locale" value={locale} />
      <Button type="submit" variant="outline">
        Compare
      </Button>
      <ButtonLink
        variant="quiet"
        href={`${path}?from=${to}&to=${from}&locale=${encodeURIComponent(locale)}`}
        aria-label="Swap the two versions"
      >
        <ArrowLeftRight aria-hidden className="size-4" /> Swap
      </ButtonLink>
    </form>
  )
}
