import type { ExperienceDefinition } from '../../lib/domain/definitions.ts'
import type { LookSize, Shot, ShotResult } from '../../lib/domain/looks.ts'
import type { Experience } from '../../lib/web/experience.ts'
import { send } from '../admin/send.ts'
import { drawInFrame } from '../releases/draw-frame.ts'
import type { Surroundings } from '../releases/editor-props.ts'
import { draftExperience } from '../releases/preview-experience.ts'
import { readWords } from '../releases/use-words.ts'
import { measureLayer } from './measure-layer.ts'
import { pictureOf } from './picture-of.ts'

const sizes: Readonly<Record<LookSize, { readonly width: number; readonly height: number }>> = {
  small: { width: 320, height: 568 },
  phone: { width: 375, height: 667 },
  desktop: { width: 1440, height: 900 },
}

/** A rule that a layer breaks, and where. */
export type Broken = { readonly shot: Shot; readonly result: ShotResult }

/**
 * Draws an experience in each of its languages, on each size of screen, in both schemes; measures the rules of symmetry on
 * it, takes a picture of each, and stores both. Rejects with words where something of it fails; what was stored stays.
 */
export async function takeLooks(
  of: {
    readonly definition: ExperienceDefinition
    readonly around: Pick<Surroundings, 'noticeDrafts' | 'purposes'>
    /** The release it travels in, or the version it was published as. */
    readonly from: { readonly release: string } | { readonly version: number }
  },
  onProgress: (done: number, all: number) => void,
): Promise<readonly Broken[]> {
  const { definition, around, from } = of
  const notice = around.noticeDrafts.find(({ key }) => key === definition.notices[0])
  if (notice === undefined) throw new Error('The notice that it shows is not there.')
  const begun = await send<{ id: string; shots: readonly Shot[] }>('POST', 'looks', {
    ...{ experience: definition.key, ...from, user_agent: navigator.userAgent.slice(0, 512) },
  })
  const experiences = new Map<string, Experience>()
  const broken: Broken[] = []
  const frames = await openFrames()
  try {
    for (const [index, shot] of begun.shots.entries()) {
      onProgress(index, begun.shots.length)
      const { locale, size, theme, layer } = shot
      const experience =
        experiences.get(locale) ??
        draftExperience(definition, notice, locale, around.purposes, await readWords(locale))
      experiences.set(locale, experience)
      const frame = frames[size]
      const root = drawInFrame(frame.contentDocument!, experience, theme, layer)
      const view = frame.contentWindow
      if (root === undefined || view === null) throw new Error('The page was left.')
      const results = measureLayer(root, view, experience, layer)
      const picture = await pictureOf(root, view, experience, theme)
      await send('POST', `looks/${begun.id}/shots`, { ...shot, results, picture })
      for (const result of results) if (result.outcome === 'broken') broken.push({ shot, result })
    }
    onProgress(begun.shots.length, begun.shots.length)
  } finally {
    for (const frame of Object.values(frames)) frame.remove()
  }
  return broken
}

/** A screen of each size beside the page, where nobody sees it and no key leads; each with its empty page in it. */
async function openFrames(): Promise<Readonly<Record<LookSize, HTMLIFrameElement>>> {
  const open = (size: LookSize) =>
    new Promise<HTMLIFrameElement>((resolve) => {
      const frame = document.createElement('iframe')
      const { width, height } = sizes[size]
      frame.setAttribute('aria-hidden', 'true')
      frame.tabIndex = -1
      frame.style.cssText = `position:fixed;left:-4000px;top:0;width:${width}px;height:${height}px;border:0`
      frame.addEventListener('load', () => resolve(frame), { once: true })
      document.body.append(frame)
    })
  const [small, phone, desktop] = await Promise.all([open('small'), open('phone'), open('desktop')])
  return { small, phone, desktop }
}
