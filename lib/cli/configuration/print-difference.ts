/** What one item changes, as `POST /v1/releases/preview` tells it. */
export type PreviewedItem = {
  readonly kind: string
  readonly key: string
  readonly version_before: number | null
  readonly version_after: number | null
  readonly is_new: boolean
  readonly is_material: boolean
  readonly changes: readonly { readonly path: string; readonly before?: unknown; readonly after?: unknown }[]
}

/** A heading for each changed item, and a line for each leaf of it that differs. */
export function differenceLines(items: readonly PreviewedItem[]): readonly string[] {
  return items.flatMap((item) => {
    const versions =
      item.version_before === null || item.is_new ? '' : ` ${item.version_before} → ${item.version_after}`
    const asks = item.is_material ? '  (asks everyone anew)' : ''
    const title = `${item.is_new ? '+' : '~'} ${item.kind} ${item.key}${versions}${asks}`
    return item.is_new ? [title] : [title, ...item.changes.map((change) => `    ${lineOf(change)}`)]
  })
}

function lineOf({ path, before, after }: PreviewedItem['changes'][number]): string {
  if (typeof before === 'string' && typeof after === 'string') return `${path}: ${textChange(before, after)}`
  const [was, is] = [before, after].map((value) => (value === undefined ? 'nothing' : JSON.stringify(value)))
  return `${path}: ${was} → ${is}`
}

/** How much of what is the same is shown around what differs. */
const around = 24

/** `… the same [-old-]{+new+} the same …`, from word to word. */
function textChange(before: string, after: string): string {
  const [left, right] = [before.split(/(?<=\s)/), after.split(/(?<=\s)/)]
  let begin = 0
  while (begin < left.length && begin < right.length && left[begin] === right[begin]) begin++
  let end = 0
  while (
    end < left.length - begin &&
    end < right.length - begin &&
    left[left.length - 1 - end] === right[right.length - 1 - end]
  ) {
    end++
  }
  const same = left.slice(0, begin).join('')
  const rest = left.slice(left.length - end).join('')
  const gone = left.slice(begin, left.length - end).join('')
  const come = right.slice(begin, right.length - end).join('')
  const text =
    (same.length > around ? `…${same.slice(-around)}` : same) +
    (gone === '' ? '' : `[-${gone.trimEnd()}-]`) +
    (come === '' ? '' : `{+${come.trimEnd()}+}`) +
    (rest === '' ? '' : ` ${rest.length > around ? `${rest.slice(0, around)}…` : rest}`)
  return text.replaceAll(/\s+/g, ' ')
}
