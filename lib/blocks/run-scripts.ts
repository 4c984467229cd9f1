/**
 * Runs blocked scripts, once each, in the order in which they stand on the page: one with text of its own runs after
 * those before it have loaded, unless they are `async`.
 */
export function createScriptRunner(may: (script: HTMLScriptElement) => boolean) {
  const taken = new WeakSet<HTMLScriptElement>()
  const loading: Promise<unknown>[] = []
  let turn = Promise.resolve()

  async function start(script: HTMLScriptElement): Promise<void> {
    const url = script.dataset.src ?? script.getAttribute('src')
    if (script.getAttribute('type') !== 'text/plain') {
      // Made by another script, and kept from its address by the guard: whoever made it waits for this very element.
      if (url) script.src = url
      return
    }
    const copy = document.createElement('script')
    for (const { name, value } of script.attributes) {
      if (!/^(type|src|nonce|data-(assent|src|type))$/.test(name)) copy.setAttribute(name, value)
    }
    if (script.dataset.type) copy.type = script.dataset.type
    copy.nonce = script.nonce ?? ''
    copy.async = script.hasAttribute('async')
    copy.text = script.text
    const loaded = new Promise((resolve) => {
      for (const end of ['load', 'error']) copy.addEventListener(end, resolve)
    })
    if (url) copy.src = url
    else await Promise.all(loading)
    // A yes may have been taken back while it waited.
    if (!may(script)) return void taken.delete(script)
    script.after(copy)
    // One that the guard keeps for another purpose is waited for by nobody.
    if (url && !copy.async && copy.dataset.assent === undefined) loading.push(loaded)
  }

  return (): void => {
    turn = turn.then(async () => {
      for (const script of document.querySelectorAll<HTMLScriptElement>('script[data-assent]')) {
        if (taken.has(script) || !may(script)) continue
        taken.add(script)
        await start(script)
      }
    })
  }
}
