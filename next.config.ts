import type { NextConfig } from 'next'

/** Sent with every page. The policy for scripts is set in `proxy.ts`, which knows the request. */
const headers = [
  { key: 'X-Content-Type-Options', value: 'nosniff' },
  { key: 'X-Frame-Options', value: 'DENY' },
  { key: 'Referrer-Policy', value: 'strict-origin-when-cross-origin' },
  { key: 'Permissions-Policy', value: 'camera=(), microphone=(), geolocation=(), payment=(), usb=()' },
  { key: 'Cross-Origin-Opener-Policy', value: 'same-origin' },
]

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  // `npm run check` runs tsc over the whole tree; the build does not do it twice.
  typescript: { ignoreBuildErrors: true },
  // The api process compresses nothing it proxies, and a Unix socket needs it least of all.
  compress: false,
  devIndicators: false,
  headers: async () => [
    { source: '/:path*', headers },
    // A room's link is a secret: nobody keeps the page, finds it, or is told where it was read.
    {
      source: '/room',
      headers: [
        { key: 'X-Robots-Tag', value: 'noindex, nofollow' },
        { key: 'Referrer-Policy', value: 'no-referrer' },
        { key: 'Cache-Control', value: 'no-store' },
      ],
    },
    // What other people's pages load.
    {
      source: '/(banner|assent-elements|assent-identity|assent-guard|assent-blocks|assent-consent-mode).js',
      headers: [
        { key: 'Access-Control-Allow-Origin', value: '*' },
        { key: 'Cross-Origin-Resource-Policy', value: 'cross-origin' },
        { key: 'Cache-Control', value: 'public, max-age=300, must-revalidate' },
      ],
    },
  ],
}

export default config
