'use client'

import { type ReactNode, useEffect, useRef, useState } from 'react'
import type { Experience } from '../../lib/web/experience.ts'
import { drawInFrame } from './draw-frame.ts'

/** In CSS pixels; shown smaller by `scale`. */
const screens = [
  { name: 'Phone', width: 375, height: 667, scale: 0.62 },
  { name: 'Desktop', width: 1280, height: 800, scale: 0.4 },
] as const

/** A draft as people will see it, on both sizes of screen, in one scheme. The buttons record nothing. */
export function ExperiencePreview({ experience }: { readonly experience: Experience }): ReactNode {
  const [scheme, setScheme] = useState<'light' | 'dark'>('light')
  const [isDetailed, setDetailed] = useState(false)
  return (
    <section aria-label="As people will see it" className="grid min-w-0 grid-cols-1 gap-3">
      <div className="flex flex-wrap items-baseline justify-between gap-3 text-xs text-ink-soft">
        <span>As people will see it. The buttons record nothing.</span>
        <span className="flex gap-4">
          <button
            type="button"
            className="link"
            onClick={() => setScheme(scheme === 'light' ? 'dark' : 'light')}
          >
            {scheme === 'light' ? 'In the dark' : 'In the light'}
          </button>
          <button type="button" className="link" onClick={() => setDetailed(!isDetailed)}>
            {isDetailed ? 'First layer' : 'Details'}
          </button>
        </span>
      </div>
      <div className="flex flex-wrap items-start gap-6">
        {screens.map((screen) => (
          <Screen
            key={screen.name}
            screen={screen}
            scheme={scheme}
            experience={experience}
            isDetailed={isDetailed}
            onDetails={setDetailed}
          />
        ))}
      </div>
    </section>
  )
}

/** A screen of its own, so that widths and schemes are what the banner’s own rules look at. */
function Screen({
  screen: { name, width, height, scale },
  scheme,
  experience,
  isDetailed,
  onDetails,
}: {
  readonly screen: (typeof screens)[number]
  readonly scheme: 'light' | 'dark'
  readonly experience: Experience
  readonly isDetailed: boolean
  readonly onDetails: (isDetailed: boolean) => void
}): ReactNode {
  const frame = useRef<HTMLIFrameElement>(null)
  useEffect(() => {
    const inner = frame.current?.contentDocument
    if (!inner) return
    drawInFrame(inner, experience, scheme, isDetailed ? 'second' : 'first', onDetails)
  }, [experience, scheme, isDetailed, onDetails])
  return (
    // On a phone there is room for a phone.
    <figure className={`max-w-full min-w-0 overflow-hidden ${width > 1_000 ? 'max-md:hidden' : ''}`}>
      <div
        className="overflow-hidden rounded-card border bg-surface"
        style={{ width: width * scale, height: height * scale, maxWidth: '100%' }}
      >
        <iframe
          ref={frame}
          title={`${name}, ${scheme}`}
          style={{
            ...{ width, height, border: 0, transform: `scale(${scale})`, transformOrigin: '0 0' },
            colorScheme: scheme,
          }}
        />
      </div>
      <figcaption className="mt-1 text-xs text-ink-soft">
        {name}, {width} × {height}
      </figcaption>
    </figure>
  )
}
