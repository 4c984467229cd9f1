import { fileURLToPath } from 'node:url'
import type { NextConfig } from 'next'

const config: NextConfig = {
  poweredByHeader: false,
  devIndicators: false,
  typescript: { ignoreBuildErrors: true },
  // The packages lie beside Assent's own.
  turbopack: { root: fileURLToPath(new URL('../../..', import.meta.url)) },
}

export default config
