import { type NextRequest, NextResponse } from 'next/server'
import { readWebEnv } from './lib/env.ts'

/**
 * Guards the pages that act: scripts by nonce on /admin, /p and /room, and no write from another site. Static pages are
 * left alone, so they stay static.
 */
export function proxy(request: NextRequest): NextResponse {
  const env = readWebEnv()
  const isWrite = !['GET', 'HEAD', 'OPTIONS'].includes(request.method)
  if (isWrite && request.headers.get('origin') !== env.publicUrl) {
    return new NextResponse('This came from another site.\n', { status: 403 })
  }
  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64')
  const policy = [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${env.isDevelopment ? " 'unsafe-eval'" : ''}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
  const headers = new Headers(request.headers)
  headers.set('Content-Security-Policy', policy)
  headers.set('x-nonce', nonce)
  const response = NextResponse.next({ request: { headers } })
  response.headers.set('Content-Security-Policy', policy)
  return response
}

export const config = { matcher: ['/admin/:path*', '/room', '/p/:path*', '/api/auth/:path*'] }
