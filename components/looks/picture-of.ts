import type { Experience } from '../../lib/web/experience.ts'
import { ground, rulesIn, type Scheme } from '../releases/draw-frame.ts'

/** Bytes a picture may have; see the API. */
const bytesMax = 153_600
const svgName = 'http://www.w3.org/2000/svg'

/**
 * A picture of a layer as it stands in its frame: the same elements under the same rules, in an SVG that the browser draws
 * as an image. Base64 of a WebP, or of a PNG where the browser writes none. Nothing is fetched for it. Rejects where the
 * browser keeps the image from being read.
 */
export async function pictureOf(
  root: ShadowRoot,
  view: Window,
  experience: Experience,
  scheme: Scheme,
): Promise<string> {
  const { innerWidth: width, innerHeight: height } = view
  const image = new Image(width, height)
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svgOf(root, view, experience, scheme))}`
  await image.decode()
  for (const [scale, quality] of [
    [1, 0.85],
    [1, 0.5],
    [0.6, 0.5],
    [0.35, 0.4],
  ] as const) {
    const bytes = await encode(image, Math.floor(width * scale), Math.floor(height * scale), quality)
    if (bytes.length <= bytesMax) return toBase64(bytes)
  }
  throw new Error('The picture is too large to be kept.')
}

function svgOf(root: ShadowRoot, view: Window, experience: Experience, scheme: Scheme): string {
  const { innerWidth: width, innerHeight: height } = view
  const svg = document.createElementNS(svgName, 'svg')
  svg.setAttribute('width', String(width))
  svg.setAttribute('height', String(height))
  const foreign = document.createElementNS(svgName, 'foreignObject')
  foreign.setAttribute('width', '100%')
  foreign.setAttribute('height', '100%')
  const host = document.createElement('div')
  host.className = 'host'
  const sheet = document.createElement('style')
  sheet.textContent = settled(rulesIn(experience, scheme), view)
  const page = document.createElement('div')
  page.setAttribute('style', `position:absolute;inset:0;background:${ground[scheme]}`)
  host.append(...[...root.children].map((each) => each.cloneNode(true)))
  foreign.append(sheet, page, host)
  svg.append(foreign)
  return new XMLSerializer().serializeToString(svg)
}

/** What the rules ask of the screen, answered as the frame answers it: inside an image nobody else would. */
function settled(rules: string, view: Window): string {
  const length = (share: string, side: number) => `${(Number(share) * side) / 100}px`
  return rules
    .replaceAll(':host', '.host')
    .replaceAll(/@media ([^{]+)\{/g, (_, query: string) =>
      view.matchMedia(query).matches ? '@media all{' : '@media not all{',
    )
    .replaceAll(/([\d.]+)dvh/g, (_, share: string) => length(share, view.innerHeight))
    .replaceAll(/([\d.]+)vw/g, (_, share: string) => length(share, view.innerWidth))
}

async function encode(
  image: HTMLImageElement,
  width: number,
  height: number,
  quality: number,
): Promise<Uint8Array> {
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  canvas.getContext('2d')?.drawImage(image, 0, 0, width, height)
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/webp', quality))
  if (blob === null) throw new Error('The browser writes no picture.')
  return new Uint8Array(await blob.arrayBuffer())
}

function toBase64(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 8_192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8_192))
  }
  return btoa(text)
}
