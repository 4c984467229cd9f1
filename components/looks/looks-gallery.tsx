import type { ReactNode } from 'react'
import type { LookInFull } from '../../lib/client/looks.ts'
import { languageTitle } from '../admin/language-name.ts'
import { Badge } from '../ui/badge.tsx'
import { layerNames, measuredText, sizeOf } from './look-words.ts'

type Shown = LookInFull['shots'][number]

const sizes = ['phone', 'small', 'desktop'] as const
const order = ['first', 'second', 'control'] as const

/** The pictures of one language, by screen; each opens whole, and says below what was measured on it. */
export function LooksGallery({
  look,
  locale,
  asks,
}: {
  readonly look: LookInFull
  readonly locale: string
  /** What each rule asks, by its name. */
  readonly asks: Readonly<Record<string, string>>
}): ReactNode {
  const own = look.shots.filter((shot) => shot.locale === locale)
  return (
    <div className="grid gap-6">
      {sizes.map((size) => {
        const { name, width, height } = sizeOf[size]
        const shots = own
          .filter((shot) => shot.size === size)
          .sort((a, b) => b.theme.localeCompare(a.theme) || order.indexOf(a.layer) - order.indexOf(b.layer))
        if (shots.length === 0) return null
        return (
          <section key={size} aria-label={name}>
            <h3 className="mb-2 text-sm font-medium">
              {name} <span className="font-normal text-ink-soft">{`${width} × ${height}`}</span>
            </h3>
            <ul
              className={`grid gap-4 ${size === 'desktop' ? 'sm:grid-cols-2 xl:grid-cols-3' : 'grid-cols-2 sm:grid-cols-3 xl:grid-cols-6'}`}
            >
              {shots.map((shot) => (
                <li key={`${shot.theme} ${shot.layer}`} className="min-w-0">
                  <Picture look={look.id} shot={shot} asks={asks} />
                </li>
              ))}
            </ul>
          </section>
        )
      })}
    </div>
  )
}

function Picture({
  look,
  shot,
  asks,
}: {
  readonly look: string
  readonly shot: Shown
  readonly asks: Readonly<Record<string, string>>
}): ReactNode {
  const { locale, size, theme, layer, broken, results } = shot
  const { name, width, height } = sizeOf[size]
  const address = `/admin/api/looks/${look}/shots/${locale}/${size}/${theme}/${layer}`
  const what = `${layerNames[layer]}, ${theme}`
  return (
    <figure className="grid gap-1">
      <a href={address} target="_blank" rel="noreferrer" className="rounded-card border hover:border-edge">
        {/* biome-ignore lint/performance/noImgElement: a picture behind her session, of a fixed size; nothing can make it smaller. */}
        <img
          src={address}
          loading="lazy"
          width={width}
          height={height}
          alt={`${what}, in ${languageTitle(locale)} on ${name.toLowerCase()}`}
          className="h-auto w-full rounded-card bg-sunken"
        />
      </a>
      <figcaption className="flex flex-wrap items-baseline justify-between gap-x-2 text-xs text-ink-soft">
        <span>{what}</span>
        <Badge tone={broken === 0 ? 'positive' : 'negative'}>
          {broken === 0 ? 'all kept' : `${broken} broken`}
        </Badge>
      </figcaption>
      <details className="text-xs text-ink-soft">
        <summary className="cursor-pointer py-1">
          Measured<span className="sr-only">: {what}</span>
        </summary>
        <ul className="grid gap-1 pt-1">
          {results.map(({ rule, outcome, measured, findings }) => (
            <li key={rule} className="[overflow-wrap:anywhere]">
              <span className={outcome === 'met' ? '' : 'text-negative'}>
                {asks[rule] ?? rule}
                {outcome === 'met' ? '' : `: ${findings.join('; ')}`}
              </span>
              <span className="block text-ink-faint">{measuredText(measured)}</span>
            </li>
          ))}
        </ul>
      </details>
    </figure>
  )
}
